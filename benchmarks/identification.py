"""Measure the network's and the combined accuracy, false alarms and planted errors, by file name.

Each image is identified by its name at its source (`source_path` of the manifest). For the figures
with coordinates, it is given a WCS: a random field around its object, or around another object.

    python -m benchmarks.identification MANIFEST IMAGES [--split validation]
"""

import argparse
import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from astropy.wcs import WCS

import deepsky
from deepsky.catalogue.objects import CatalogueObject
from deepsky.identification.agreement import compare_labels
from deepsky.identification.combination import combine
from deepsky.identification.identify import identify
from deepsky.identification.named_objects import find_named_objects
from deepsky.imaging.image_data import ImageInfo
from deepsky.imaging.metadata import ImageMetadata
from deepsky.intervals import wilson_interval
from deepsky.prediction import Prediction
from deepsky.taxonomy import Label

PLANTED: Final = 20
"""Number of other objects whose names are planted into each image."""

SIDE: Final = 1000
"""Side of the images with coordinates, in pixels."""

NOTHING: Final = ImageInfo(width=1, height=1, format="JPEG", stretch=None, sha256="")


@dataclass(frozen=True)
class Named:
    """An image whose name at its source names an object."""

    labels: frozenset[str]
    entry: CatalogueObject
    label: Label
    probabilities: dict[Label, float]


def main() -> None:
    """Print the figures for one manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("images", type=Path, help="folder to which the manifest's paths refer")
    parser.add_argument("--split", help="only images of this split")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with arguments.manifest.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if arguments.split in (None, r.get("split"))]
    named = list(_classify(rows, arguments.images))
    print(f"{len(rows)} images, {len(named)} with the name of an object that has labels")
    _show("network", [one.label in one.labels for one in named])
    _show("combined", [_combined_label(one) in one.labels for one in named])
    right = [one for one in named if one.labels & set(one.entry.labels)]
    _show(
        "label is one of the object's", [bool(one.labels & set(one.entry.labels)) for one in named]
    )
    _show("false alarms", [_differs(one, one.entry) for one in right])
    generator = random.Random(arguments.seed)
    _show("planted names flagged, other class", _plant(right, generator))
    _show("false alarms, with the right coordinates", _place(right, generator))
    _show("planted coordinates flagged", _misplace(right, generator))


def _classify(rows: list[dict[str, str]], images: Path) -> Iterator[Named]:
    candidates = {}
    for row in rows:
        found = find_named_objects(NOTHING, row["source_path"])
        if found and found[0].object.labels:
            candidates[str(images / row["path"])] = row, found[0].object
    for record in deepsky.classify_many(list(candidates)):
        row, entry = candidates[record["path"]]
        if record["label"] and record["probabilities"]:
            labels = frozenset({row["label"], row["second_label"]} - {""})
            yield Named(labels, entry, record["label"], record["probabilities"])


def _combined_label(one: Named) -> Label | None:
    combined = combine(one.probabilities, one.entry.labels)
    return combined.label if combined else None


def _differs(one: Named, entry: CatalogueObject) -> bool:
    return compare_labels(one.probabilities, entry.labels) == "differs"


def _plant(named: list[Named], generator: random.Random) -> list[bool]:
    """Give each image names of objects that have none of its object's labels."""
    return [
        _differs(one, other.entry)
        for one in named
        for other in generator.sample(named, min(PLANTED, len(named)))
        if not set(other.entry.labels) & {*one.entry.labels, *one.labels}
    ]


def _place(named: list[Named], generator: random.Random) -> list[bool]:
    """Give each image the coordinates of its own object."""
    return [_differs_at(one, one.entry, generator) for one in named for _ in range(PLANTED)]


def _misplace(named: list[Named], generator: random.Random) -> list[bool]:
    """Give each image the coordinates of other objects."""
    return [
        _differs_at(one, other.entry, generator)
        for one in named
        for other in generator.sample(named, min(PLANTED, len(named)))
        if other.entry != one.entry
    ]


def _differs_at(one: Named, place: CatalogueObject, generator: random.Random) -> bool:
    """Identify an image with its own name and a random field around an object.

    The object is at most 15 % off the centre, and the field 1.1 to 5 times as large as the object.
    """
    side = max(place.major_axis or 0, 5.0) / 60 * generator.uniform(1.1, 5)
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [place.ra, place.dec]
    wcs.wcs.crpix = [SIDE * (0.5 + generator.uniform(-0.15, 0.15)) for _ in range(2)]
    wcs.wcs.cdelt = [-side / SIDE, side / SIDE]
    metadata = ImageMetadata(wcs_header=wcs.to_header().tostring(), wcs_source="header")
    image = replace(NOTHING, width=SIDE, height=SIDE, metadata=metadata)
    prediction = Prediction(
        label=one.label,
        verdict="unsure",
        probabilities=one.probabilities,
        prediction_set=(),
        novelty=0,
        evidence=np.zeros((4, 1, 1), np.float32),
        model="",
        model_version="",
        model_sha256="",
    )
    return identify(prediction, image, f"{one.entry.name}.jpg").agreement == "differs"


def _show(title: str, hits: list[bool]) -> None:
    found = wilson_interval(sum(hits), len(hits))
    share = "" if found.value is None else f" {found.value:.3f} ({found.low:.3f}, {found.high:.3f})"
    print(f"{title}: {found.count} of {found.images}{share}")


if __name__ == "__main__":
    main()

"""Measure the network's and the combined accuracy, false alarms and planted errors, by file name.

Each image is identified by its name at its source (`source_path` of the manifest).

    python -m benchmarks.identification MANIFEST IMAGES [--split validation]
"""

import argparse
import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import deepsky
from deepsky.catalogue.objects import CatalogueObject
from deepsky.identification.agreement import compare_labels
from deepsky.identification.combination import combine
from deepsky.identification.named_objects import find_named_objects
from deepsky.imaging.image_data import ImageInfo
from deepsky.intervals import wilson_interval
from deepsky.taxonomy import Label

PLANTED: Final = 20
"""Number of other objects whose names are planted into each image."""

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
    _show("planted names flagged, other class", _plant(right, random.Random(arguments.seed)))


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


def _show(title: str, hits: list[bool]) -> None:
    found = wilson_interval(sum(hits), len(hits))
    share = "" if found.value is None else f" {found.value:.3f} ({found.low:.3f}, {found.high:.3f})"
    print(f"{title}: {found.count} of {found.images}{share}")


if __name__ == "__main__":
    main()

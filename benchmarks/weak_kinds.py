"""Measure the accuracy on kinds of images that are often misclassified, and on small objects.

The images are those of the splits validation and source_validation, on which the model was not
trained. The table shows the accuracy and its 95 % Wilson interval on both splits together, and on
the photographers of source_validation alone, who do not occur in training.

    python benchmarks/weak_kinds.py MANIFEST --images DIR [--model efficientnet] [--list]

The fair accuracy counts the second label of images that show two classes as correct, too.

The objects in an image are *small* if each spans less than 15 % of the longest side. The image is
reduced to a longest side of 400 pixels, and stars are removed by a median filter over 7 pixels. The
objects are the connected regions of the smoothed image in which the brightness exceeds the
background, which is the median, by 5 times the noise. Together, they must cover less than 2.25 % of
the image, and the noise must be less than 4 of 255 levels, since parts of an object that fills the
image may be small, too. Only galaxies, planetary nebulae and globular clusters are considered,
because other objects have no clear edge. Images in which no region is that bright are not
considered either. ``--list`` prints the images.
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from deepsky.classifier import load_classifier
from deepsky.dataset.manifest import VALIDATION, Example, read_manifest, read_rows
from deepsky.dataset.splits import members, with_splits
from deepsky.evaluation.predictions import predict, read_pixels
from deepsky.intervals import wilson_interval
from deepsky.taxonomy import LABELS

LONGEST_SIDE: Final = 400
SMALL: Final = 0.15
NOISE: Final = 5.0
MOST_NOISE: Final = 4.0


KINDS: Final = {
    "milky_way": "Milky Way",
    "comet": "comets",
    "star_field": "star fields",
    "galaxy_group": "groups of galaxies",
    "open": "open clusters",
    "globular": "globular clusters",
    "dark": "dark nebulae",
    "planetary": "planetary nebulae",
}
"""Kinds in the manifest, and their names."""

COMPACT: Final = {"galaxy", "planetary", "globular"}
"""Labels and kinds of the objects whose width in the image is measured."""


def is_small(pixels: NDArray[np.uint8]) -> bool | None:
    """Return whether the objects in an image are small, or None if they are too faint."""
    image = Image.fromarray(pixels).convert("L")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    light = ndimage.median_filter(np.asarray(image, dtype=np.float64), 7)
    light = ndimage.gaussian_filter(light, 1.5) - np.median(light)
    noise = 1.4826 * np.median(np.abs(light))
    bright = light > NOISE * max(noise, 1.0)
    if not bright.any():
        return None
    regions, _ = ndimage.label(bright)
    sides = [part.stop - part.start for box in ndimage.find_objects(regions) for part in box]
    is_even = noise < MOST_NOISE and bright.mean() < SMALL**2
    return bool(is_even and max(sides) < SMALL * max(light.shape))


def describe(right: NDArray[np.bool_], fair: NDArray[np.bool_]) -> str:
    """Return the number of images, the accuracy with its interval, and the fair accuracy."""
    if not len(right):
        return "0 | | "
    share = wilson_interval(int(right.sum()), len(right))
    interval = f"{share.low:.3f} to {share.high:.3f}"
    return f"{len(right)} | {share.value:.3f} ({interval}) | {fair.mean():.3f}"


def main() -> None:
    """Classify the images, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--model", default="efficientnet")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    images = arguments.images or arguments.manifest.parent
    notes = {images / row["path"]: row["notes"] for row in read_rows(arguments.manifest, ["notes"])}
    examples = with_splits(read_manifest(arguments.manifest, images), seed=0)
    examples = members(examples, *VALIDATION)
    classifier = load_classifier(arguments.model)
    predicted = predict(classifier, read_pixels(examples)).labels
    answers = [LABELS[k] for k in predicted]
    right = np.array([a == e.label for a, e in zip(answers, examples, strict=True)])
    fair = np.array(
        [a in (e.label, e.second_label) for a, e in zip(answers, examples, strict=True)]
    )
    new = np.array([example.split == "source_validation" for example in examples])
    small = find_small(examples)

    groups = {name: [e.kind == kind for e in examples] for kind, name in KINDS.items()}
    groups["frames of monochrome cameras"] = ["mono" in notes[e.path] for e in examples]
    groups["compact objects, small"] = [one is True for one in small]
    groups["compact objects, larger"] = [one is False for one in small]
    groups["all images"] = [True] * len(examples)
    print("| kind | images | accuracy | fair | images by new photographers | accuracy | fair |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, chosen in groups.items():
        mask = np.array(chosen)
        cells = [describe(right[part], fair[part]) for part in (mask, mask & new)]
        print(f"| {name} | {' | '.join(cells)} |")
    if arguments.list:
        for example, one, answer in zip(examples, small, answers, strict=True):
            if one:
                path = example.path.relative_to(images)
                print(f"{example.split} {example.label} {answer} {path}")


def find_small(examples: list[Example]) -> list[bool | None]:
    """Return whether the objects are small, None for images that are not considered."""
    compact = [bool({e.label, e.kind} & COMPACT) and e.kind != "galaxy_group" for e in examples]
    pixels = read_pixels(e for e, one in zip(examples, compact, strict=True) if one)
    return [is_small(next(pixels)) if one else None for one in compact]


if __name__ == "__main__":
    main()

"""Measure how well objects are found in images of wide fields.

The manifest is a CSV file with the columns ``path`` (relative to the folder of images), ``label``,
``second_label``, ``object`` (a designation, as a hint for the plate solver; may be empty) and
``group`` (field of sky).

    python -m benchmarks.find real manifest.csv IMAGES --cache DIR
    python -m benchmarks.find composites manifest.csv IMAGES --cache DIR

``real`` finds the place of each image by plate solving. Objects are those of the catalogue that are
visible and whose box has a side of at least 1/16 of the image's shorter side. Other objects of the
catalogue, parts of objects of the same class, and objects of which less than half is in the image
count neither as hits nor as misses. The coefficients of `deepsky.detection.candidates` are fitted,
and all figures for found boxes are cross-validated by field of sky.

``composites`` places images of objects at random scales in star fields. The network's results are
kept in the cache, so that the measurement can be run in several parts (--budget).
"""

import argparse
import csv
import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

import deepsky
from deepsky.catalogue import load_catalogue
from deepsky.catalogue.objects import FieldObject
from deepsky.dataset.synthetic_skies import draw_empty_sky
from deepsky.detection.boxes import Box
from deepsky.detection.candidates import MAX_OVERLAP, find_candidates
from deepsky.detection.catalogue_boxes import ellipse_box, visible_objects
from deepsky.detection.cutouts import classify_cutouts
from deepsky.detection.reading import shrink
from deepsky.imaging.image_data import ImageData
from deepsky.intervals import wilson_interval
from deepsky.sky.position import SkyPosition

MIN_IOU: Final = 0.3
"""Minimum intersection over union of a hit. It is lower than the usual 0.5, because the ellipses of
catalogues are isophotes or rough outlines, and images show more or less of an object."""

MIN_FRACTION: Final = 1 / 16
RESAMPLES: Final = 1000
SIDE: Final = 1024
"""Side of composites, in pixels."""


@dataclass(frozen=True)
class Truth:
    """A box of an object. If it does not count, it is neither a hit nor a miss."""

    box: Box
    labels: tuple[str, ...]
    counts: bool = True


@dataclass(frozen=True)
class Found:
    """A box that a method gives."""

    score: float
    label: str
    box: Box


@dataclass
class Case:
    """An image with its objects and the results of the network."""

    group: str
    size: tuple[int, int]
    truth: list[Truth]
    candidates: list[dict[str, Any]]
    frame: dict[str, float]
    objects: list[dict[str, Any]] = field(default_factory=list)
    empty: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        """Whether the image contains objects, and none fills more than a quarter of it."""
        areas = [one.box.area for one in self.truth if one.counts]
        return bool(areas) and max(areas) < 0.25 * self.size[0] * self.size[1]


# --- truth and results of real images -----------------------------------------------------------


def list_truth(objects: list[FieldObject], width: int, height: int) -> list[Truth]:
    """Return the boxes of the objects in the field, the largest first."""
    visible = {id(one) for one, _ in visible_objects(objects, width, height, MIN_FRACTION)}
    truth: list[Truth] = []
    for one in objects:
        if not one.object.labels:
            continue
        whole = ellipse_box(one) or Box.around(one.x, one.y, 16, 16)
        box = whole.clipped(width, height)
        counts = id(one) in visible and box.area >= whole.area / 2
        truth.append(Truth(box, one.object.labels, counts and not _is_part(box, one, truth)))
    return truth


def _is_part(box: Box, one: FieldObject, larger: Iterable[Truth]) -> bool:
    labels = one.object.labels
    return labels[0] != "galaxy" and any(
        other.counts
        and set(labels) & set(other.labels)
        and box.intersection(other.box) > box.area / 2
        for other in larger
    )


def find_place(row: dict[str, str], image: ImageData, cache: Path) -> SkyPosition | None:
    """Return the place of an image, from the cache or by plate solving."""
    file = cache / "solutions" / (row["path"].replace("/", "_") + ".json")
    if not file.is_file():
        from deepsky.sky.reduction import reduce_image
        from deepsky.sky.solvers import Limits, SearchHints, make_finder

        subject = load_catalogue().find(row["object"]) if row["object"] else None
        reduced = reduce_image(image.pixels, image.width, image.height)
        finder = make_finder("auto")
        assert finder is not None
        found = finder.find(reduced, SearchHints.collect(subject=subject), Limits(seconds=12))
        file.parent.mkdir(parents=True, exist_ok=True)
        header = found.position.header if found.position else None
        file.write_text(json.dumps({"header": header, "reason": found.reason}))
    header = json.loads(file.read_text())["header"]
    return header and SkyPosition.from_header(header, image.width, image.height, "solve-field")


def examine_real(row: dict[str, str], folder: Path, classifier: Any, cache: Path) -> Any:
    """Return the results of the network for one image, as JSON; None if it cannot be placed."""
    image = shrink(deepsky.read_image(folder / row["path"]))
    sky = find_place(row, image, cache)
    if sky is None:
        return None
    visible = [
        (one, box)
        for one, box in visible_objects(
            load_catalogue().in_field(sky.wcs, image.width, image.height), image.width, image.height
        )
    ][:20]
    occupied = load_catalogue().in_field(sky.wcs, image.width, image.height)
    empty = choose_empty_places([box for _, box in visible], occupied, image)
    scale = image.pixels.shape[1] / image.width
    predictions = classify_cutouts(
        classifier,
        image.pixels,
        [box.scaled(scale, scale) for box in [box for _, box in visible] + [b for b, _ in empty]],
    )
    objects = [
        {
            "name": one.object.name,
            "labels": one.object.labels,
            "side": max(box.width, box.height),
            "probabilities": prediction.probabilities,
        }
        for (one, box), prediction in zip(visible, predictions, strict=False)
    ]
    places = [
        {"labels": visible[number][0].object.labels, "probabilities": prediction.probabilities}
        for (_, number), prediction in zip(empty, predictions[len(visible) :], strict=True)
    ]
    return {
        **examine_pixels(image.pixels, classifier),
        "objects": objects,
        "empty": places,
        "truth": [
            [_as_list(one.box), one.labels, one.counts]
            for one in list_truth(occupied, image.width, image.height)
        ],
    }


def examine_pixels(pixels: NDArray[np.uint8], classifier: Any) -> dict[str, Any]:
    """Return the candidates in an image, and the prediction for the whole image."""
    candidates = [
        [_as_list(one.box), one.label, one.contrast, one.size]
        for one in find_candidates(classifier, pixels)
    ]
    height, width = pixels.shape[:2]
    frame = classifier.classify(pixels).probabilities
    return {"size": [width, height], "candidates": candidates, "frame": frame}


def choose_empty_places(
    boxes: list[Box], objects: list[FieldObject], image: ImageData
) -> list[tuple[Box, int]]:
    """Return a box of the same size as each object, where the catalogue has no object at all."""
    generator = random.Random(0)
    taken = [
        (ellipse_box(one) or Box.around(one.x, one.y, 16, 16)).enlarged(1.2)
        for one in objects
        if one.object.labels
    ]
    chosen = []
    for number, box in enumerate(boxes):
        for _ in range(50):
            x = generator.uniform(0, max(image.width - box.width, 0)) + box.width / 2
            y = generator.uniform(0, max(image.height - box.height, 0)) + box.height / 2
            place = Box.around(x, y, box.width, box.height)
            if not any(place.intersection(other) for other in taken):
                chosen.append((place, number))
                break
    return chosen


def _as_list(box: Box) -> list[float]:
    return [round(value, 1) for value in (box.left, box.top, box.right, box.bottom)]


# --- composites ---------------------------------------------------------------------------------


def examine_composite(
    number: int, rows: list[dict[str, str]], folder: Path, classifier: Any
) -> Any:
    """Draw a composite of one to three objects, and return the results of the network."""
    rng = np.random.default_rng(number)
    background = draw_empty_sky(SIDE, rng, "star field")
    pixels = np.asarray(background, np.float32)
    truth: list[Truth] = []
    for row in rng.choice(np.array(rows, dtype=object), int(rng.integers(1, 4)), replace=False):
        side = int(SIDE * np.exp(rng.uniform(np.log(1 / 8), np.log(1 / 2))))
        for _ in range(20):
            left, top = rng.integers(0, SIDE - side, 2)
            place = Box(float(left), float(top), float(left + side), float(top + side))
            if not any(place.intersection(one.box) for one in truth):
                pixels = place_image(pixels, deepsky.read_image(folder / row["path"]), place)
                labels = tuple(label for label in (row["label"], row["second_label"]) if label)
                # The image fades out at the edge of the disc, to one half at 0.825 of its radius.
                truth.append(Truth(place.enlarged(0.825), labels))
                break
    result = examine_pixels(np.rint(pixels).astype(np.uint8), classifier)
    result["truth"] = [[_as_list(one.box), one.labels, True] for one in truth]
    return result


def place_image(sky: NDArray[np.float32], image: ImageData, place: Box) -> NDArray[np.float32]:
    """Place the central square of an image, as a disc that fades out, in a star field."""
    side, height, width = int(place.width), *image.pixels.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    square = Image.fromarray(image.pixels[top : top + short, left : left + short])
    small = np.asarray(square.resize((side, side), Image.Resampling.LANCZOS), np.float32)
    edge = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    distance = np.hypot(*np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j])
    fade = np.clip((1 - distance) / 0.35, 0, 1)[..., None].astype(np.float32)
    light = fade * np.maximum(small - np.median(edge, axis=0), 0)
    rows = slice(int(place.top), int(place.top) + side)
    columns = slice(int(place.left), int(place.left) + side)
    mixed = sky.copy()
    mixed[rows, columns] = np.minimum(mixed[rows, columns] + light, 255)
    return mixed


# --- figures ------------------------------------------------------------------------------------


def match(case: Case, found: list[Found]) -> list[tuple[float, bool]]:
    """Return score and success of each box; boxes of objects that do not count are left out."""
    used: set[int] = set()
    outcomes = []
    for one in sorted(found, key=lambda each: -each.score):
        overlaps = [
            (one.box.iou(truth.box), number)
            for number, truth in enumerate(case.truth)
            if truth.counts and number not in used and one.label in truth.labels
        ]
        best, number = max(overlaps, default=(0.0, -1))
        if best >= MIN_IOU:
            used.add(number)
            outcomes.append((one.score, True))
        elif not any(_covers(one.box, truth.box) for truth in case.truth if not truth.counts):
            outcomes.append((one.score, False))
    return outcomes


def _covers(box: Box, uncounted: Box) -> bool:
    return box.iou(uncounted) >= MIN_IOU or (
        box.intersection(uncounted) > 0.7 * box.area and uncounted.area < 4 * box.area
    )


def average_precision(outcomes: list[tuple[float, bool]], objects: int) -> float:
    """Return the area under the curve of precision over recall (all points)."""
    if not outcomes or not objects:
        return 0.0
    hits = np.array([hit for _, hit in sorted(outcomes, key=lambda one: -one[0])])
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return float(best[hits].sum() / objects)


def show(title: str, cases: list[Case], method: Callable[[int, Case], list[Found]]) -> None:
    """Print the average precision of a method, with a bootstrap interval over fields of sky."""
    outcomes = [match(case, method(number, case)) for number, case in enumerate(cases)]
    counts = [sum(one.counts for one in case.truth) for case in cases]
    groups: dict[str, list[int]] = {}
    for number, case in enumerate(cases):
        groups.setdefault(case.group, []).append(number)
    names, generator, values = list(groups), random.Random(0), []

    def value(chosen: Iterable[int]) -> float:
        chosen = list(chosen)
        pooled = [one for number in chosen for one in outcomes[number]]
        return average_precision(pooled, sum(counts[number] for number in chosen))

    for _ in range(RESAMPLES):
        drawn = generator.choices(names, k=len(names))
        values.append(value(number for name in drawn for number in groups[name]))
    low, high = np.percentile(values, [2.5, 97.5])
    print(
        f"{title}: AP {value(range(len(cases))):.3f} ({low:.3f} to {high:.3f}), "
        f"{sum(counts)} objects, {len(cases)} images, {len(groups)} fields"
    )


def whole_image(_number: int, case: Case) -> list[Found]:
    """Return the whole image as one box."""
    return _one_box(case, Box(0, 0, *case.size))


def middle_half(_number: int, case: Case) -> list[Found]:
    """Return the middle half of the image, by width and height, as one box."""
    return _one_box(case, Box(0, 0, *case.size).enlarged(0.5))


def _one_box(case: Case, box: Box) -> list[Found]:
    labels = {label: p for label, p in case.frame.items() if label != "other"}
    label = max(labels, key=lambda each: labels[each])
    return [Found(labels[label], label, box)]


Coefficients = tuple[float, float, float]


def select(case: Case, coefficients: Coefficients) -> list[tuple[Found, dict[str, Any]]]:
    """Return the candidates that non-maximum suppression keeps, with their probabilities."""
    constant, contrast, size = coefficients
    scored = []
    for one in case.candidates:
        logit = constant + contrast * one["contrast"] + size * one["size"]
        scored.append((Found(float(1 / (1 + np.exp(-logit))), one["label"], one["box"]), one))
    kept: list[tuple[Found, dict[str, Any]]] = []
    for found, one in sorted(scored, key=lambda pair: -pair[0].score):
        if all(found.box.iou(other.box) <= MAX_OVERLAP for other, _ in kept):
            kept.append((found, one))
    return kept


def fit(cases: list[Case]) -> Coefficients:
    """Fit the logistic regression: the order to all candidates, the values to those kept."""
    coefficients: Coefficients = (0.0, 1.0, 1.0)
    for _ in range(3):
        features, hits = [], []
        for case in cases:
            kept = select(case, coefficients)
            for found, one in kept[:30]:
                outcome = match(case, [found])
                if outcome:
                    features.append([one["contrast"], one["size"]])
                    hits.append(outcome[0][1])
        model = LogisticRegression(C=100).fit(features, hits)
        contrast, size = map(float, model.coef_[0])
        coefficients = float(model.intercept_[0]), contrast, size
    return coefficients


def cross_validate(cases: list[Case]) -> list[Coefficients]:
    """Return the coefficients for each image, fitted to images of other fields of sky."""
    groups = [case.group for case in cases]
    chosen: list[Coefficients] = [(0.0, 0.0, 0.0)] * len(cases)
    for train, test in GroupKFold(5).split(cases, groups=groups):
        coefficients = fit([cases[number] for number in train])
        for number in test:
            chosen[number] = coefficients
    return chosen


def show_thresholds(cases: list[Case], method: Callable[[int, Case], list[Found]]) -> None:
    """Print precision and recall at several minimum probabilities."""
    outcomes = [one for n, case in enumerate(cases) for one in match(case, method(n, case))]
    objects = sum(one.counts for case in cases for one in case.truth)
    for threshold in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        hits = [hit for score, hit in outcomes if score >= threshold]
        precision, recall = wilson_interval(sum(hits), len(hits)), sum(hits) / objects
        print(
            f"  probability >= {threshold}: {sum(hits)} of {len(hits)} boxes are right, precision "
            f"{precision.value or 0:.2f} ({precision.low:.2f} to {precision.high:.2f}), "
            f"recall {recall:.2f}, {len(hits) / len(cases):.1f} boxes per image"
        )


def show_catalogue(cases: list[Case]) -> None:
    """Print how often the network agrees with the catalogue about cutouts."""
    for low, high in ((0, 64), (64, 128), (128, 256), (256, 10**6)):
        chosen = [one for case in cases for one in case.objects if low <= one["side"] < high]
        agreeing = [
            max(one["probabilities"], key=one["probabilities"].get) in one["labels"]
            for one in chosen
        ]
        differing = [
            sum(one["probabilities"][label] for label in one["labels"]) <= 0.02 for one in chosen
        ]
        share = wilson_interval(sum(agreeing), len(agreeing))
        print(
            f"  cutouts of {low} to {high} pixels: network agrees for {share.count} of "
            f"{share.images}, {share.value or 0:.2f} ({share.low:.2f} to {share.high:.2f}); "
            f"contradicts {sum(differing)}"
        )
    outcomes = [
        (sum(one["probabilities"][label] for label in one["labels"]), kind)
        for case in cases
        for items, kind in ((case.objects, True), (case.empty, False))
        for one in items
    ]
    objects = sum(hit for _, hit in outcomes)
    print(
        f"  objects against empty places: AP {average_precision(outcomes, objects):.3f} "
        f"({objects} objects, {len(outcomes) - objects} places)"
    )


# --- command ------------------------------------------------------------------------------------


def load_cases(arguments: argparse.Namespace) -> list[Case]:
    """Return the cases, examining those that are not in the cache, within the budget."""
    classifier = deepsky.load_classifier(arguments.model)
    with arguments.manifest.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] != "other"]
    random.Random(0).shuffle(rows)
    rows = rows[: arguments.limit]
    kept = arguments.cache / f"{arguments.kind}-{classifier.bundle.sha256[:12]}"
    kept.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + arguments.budget
    cases = []
    is_real = arguments.kind == "real"
    for number in range(len(rows) if is_real else arguments.count):
        row = rows[number % len(rows)]
        file = (
            kept / f"{row['path'].replace('/', '_')}.json" if is_real else kept / f"{number}.json"
        )
        if not file.is_file():
            if time.monotonic() > end:
                continue
            result = (
                examine_real(row, arguments.images, classifier, arguments.cache)
                if is_real
                else examine_composite(number, rows, arguments.images, classifier)
            )
            file.write_text(json.dumps(result))
        if (result := json.loads(file.read_text())) is not None:
            group = (row["group"] or row["path"]) if is_real else str(number)
            cases.append(_to_case(group, result))
    print(f"{len(cases)} images of {len(rows) if is_real else arguments.count}")
    return cases


def _to_case(group: str, result: dict[str, Any]) -> Case:
    return Case(
        group=group,
        size=(result["size"][0], result["size"][1]),
        truth=[Truth(Box(*box), tuple(labels), counts) for box, labels, counts in result["truth"]],
        candidates=[
            {"box": Box(*box), "label": label, "contrast": contrast, "size": size}
            for box, label, contrast, size in result["candidates"]
        ],
        frame=result["frame"],
        objects=result.get("objects", []),
        empty=result.get("empty", []),
    )


def main() -> None:
    """Examine images, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["real", "composites"])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("images", type=Path, help="folder to which the manifest's paths refer")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--model", default="efficientnet")
    parser.add_argument("--count", type=int, default=100, help="number of composites")
    parser.add_argument("--limit", type=int, help="number of images of the manifest, at random")
    parser.add_argument("--budget", type=float, default=1e9, help="seconds of this run")
    arguments = parser.parse_args()
    cases = load_cases(arguments)
    if arguments.kind == "real":
        coefficients = cross_validate(cases)
        constant, contrast, size = fit(cases)
        print(f"coefficients: {constant:.2f}, contrast {contrast:.2f}, size {size:.2f}")
    else:
        from deepsky.detection import candidates

        given = candidates.INTERCEPT, candidates.CONTRAST, candidates.SIZE
        coefficients = [given] * len(cases)

    def found(number: int, case: Case) -> list[Found]:
        return [one for one, _ in select(case, coefficients[number])]

    wide = {case.group: case for case in cases if case.is_wide}
    methods = {"found boxes": found, "whole image": whole_image, "middle half": middle_half}
    for title, method in methods.items():
        show(title, cases, method)
    chosen = [number for number, case in enumerate(cases) if case.is_wide]
    print(f"without objects that fill more than a quarter of the image ({len(wide)} fields):")
    for title, method in methods.items():
        show(
            f"  {title}",
            [cases[number] for number in chosen],
            lambda number, case, method=method: method(chosen[number], case),  # type: ignore[misc]
        )
    print("found boxes:")
    show_thresholds(cases, found)
    if arguments.kind == "real":
        print("catalogue:")
        show_catalogue(cases)


if __name__ == "__main__":
    main()

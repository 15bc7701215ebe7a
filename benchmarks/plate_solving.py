"""Measure plate solving on images of known objects.

The manifest is a CSV file with the columns ``path`` (relative to the folder of images) and
``object``, the designation of an object in OpenNGC. Each image is searched on the whole sky
(blind), and again with the position of its object as a hint. The table shows the share of images
that were placed, by field of view of the placed images, and the time per image. A placed image is
reported as doubtful if the position of its object in the catalogue is outside the image: either
the place or the manifest is wrong, so these images have to be looked at. Results are not cached,
and images are searched one after the other, so that times are comparable.

    python benchmarks/plate_solving.py manifest.csv --images DIR --count 60 --output results.csv

Finished images in the output file are skipped, so that the benchmark can be run in several parts.
"""

import argparse
import csv
import random
import statistics
import sys
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
from astropy.coordinates import SkyCoord

from deepsky import read_image
from deepsky.catalogue import load_catalogue
from deepsky.catalogue.objects import CatalogueObject
from deepsky.sky.position import SkyPosition
from deepsky.sky.reduction import reduce_image
from deepsky.sky.solvers import Limits, PositionFinder, SearchHints, choose_solver

COLUMNS = ["path", "object", "search", "result", "seconds", "ra", "dec", "width", "object_in_field"]
FIELDS = [0, 0.5, 1, 2, 4, 180]  # degrees


def choose_images(manifest: Path, count: int) -> list[tuple[str, CatalogueObject]]:
    """Choose images of objects in the catalogue at random, always the same ones."""
    catalogue = load_catalogue()
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = [(row["path"], row["object"]) for row in csv.DictReader(file) if row["object"]]
    random.Random(0).shuffle(rows)
    found = ((path, catalogue.find(name)) for path, name in rows)
    return [(path, item) for path, item in found if item is not None][:count]


def measure(
    finder: PositionFinder, image: Path, item: CatalogueObject, search: str, seconds: float
) -> dict[str, object]:
    """Search for the place of one image."""
    pixels = read_image(image).pixels
    hints = SearchHints.collect(subject=item) if search == "hinted" else SearchHints()
    start = time.monotonic()
    position, reason, _ = finder.find(reduce_image(pixels), hints, Limits(seconds=seconds))
    row: dict[str, object] = {"object": item.name, "search": search}
    row["seconds"] = round(time.monotonic() - start, 2)
    if position is None:
        return row | {"result": reason}
    place = {name: round(getattr(position, name), 4) for name in ("ra", "dec", "width")}
    height, width = pixels.shape[:2]
    return (
        row
        | place
        | {
            "result": "placed",
            "object_in_field": is_in_field(position, item, width, height),
        }
    )


def is_in_field(position: SkyPosition, item: CatalogueObject, width: int, height: int) -> bool:
    """Return whether the centre of an object is in the image, or its outline reaches into it."""
    target = SkyCoord(item.ra, item.dec, unit="deg")
    centre = SkyCoord(position.ra, position.dec, unit="deg")
    reach = (item.major_axis or 0) / 120 + np.hypot(position.width, position.height) / 2
    if centre.separation(target).deg > reach:
        return False
    x, y = position.wcs.all_world2pix([[item.ra, item.dec]], 0, quiet=True)[0]
    margin = (item.major_axis or 0) * 30 / position.pixel_scale
    return bool(-margin <= x <= width + margin and -margin <= y <= height + margin)


def report(rows: Iterable[dict[str, str]]) -> None:
    """Print the table."""
    rows = list(rows)
    for search in ("blind", "hinted"):
        chosen = [row for row in rows if row["search"] == search]
        if not chosen:
            continue
        placed = [row for row in chosen if row["result"] == "placed"]
        seconds = [float(row["seconds"]) for row in chosen]
        times = [float(row["seconds"]) for row in placed] or [float("nan")]
        print(f"{search}: {len(placed)} of {len(chosen)} placed")
        print(
            f"  seconds, placed: median {statistics.median(times):.1f}, "
            f"p95 {np.percentile(times, 95):.1f}"
        )
        print(
            f"  seconds, all: median {statistics.median(seconds):.1f}, "
            f"p95 {np.percentile(seconds, 95):.1f}"
        )
        for reason in sorted({row["result"] for row in chosen} - {"placed"}):
            print(f"  {reason}: {sum(row['result'] == reason for row in chosen)}")
        for low, high in pairwise(FIELDS):
            number = sum(low <= float(row["width"]) < high for row in placed)
            print(f"  width {low} to {high} degrees: {number}")
        for row in placed:
            if row["object_in_field"] != "True":
                print(
                    f"  doubtful: {row['path']}: {row['object']} is not in the field at "
                    f"{row['ra']} {row['dec']}, width {row['width']}"
                )
    report_by_known_field(rows)


def report_by_known_field(rows: list[dict[str, str]]) -> None:
    """Print the share placed by each search of the images that any search has placed."""
    widths = {row["path"]: float(row["width"]) for row in rows if row["result"] == "placed"}
    for search in sorted({row["search"] for row in rows}):
        placed = {r["path"] for r in rows if r["search"] == search and r["result"] == "placed"}
        for low, high in pairwise(FIELDS):
            known = {path for path, width in widths.items() if low <= width < high}
            if known:
                share = f"{len(known & placed)} of {len(known)}"
                print(f"{search}, placed by any search, {low} to {high} degrees: {share}")


def main() -> None:
    """Measure the images that are not in the output file, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--seconds", type=float, default=60, help="time limit of one search")
    parser.add_argument("--budget", type=float, default=float("inf"), help="seconds of this run")
    parser.add_argument("--searches", nargs="+", default=["blind", "hinted"])
    arguments = parser.parse_args()
    end = time.monotonic() + arguments.budget
    solver = choose_solver(arguments.engine)
    if solver is None:
        sys.exit("The engine 'never' places no image.")
    finder = PositionFinder(solver)
    rows = read_rows(arguments.output)
    done = {(row["path"], row["search"]) for row in rows}
    images = choose_images(arguments.manifest, arguments.count)
    with arguments.output.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if not rows:
            writer.writeheader()
        for path, item in images:
            for search in arguments.searches:
                if (path, search) in done or time.monotonic() + arguments.seconds > end:
                    continue
                image = arguments.images / path
                row = measure(finder, image, item, search, arguments.seconds)
                writer.writerow(row | {"path": path})
                file.flush()
    report(read_rows(arguments.output))


def read_rows(file: Path) -> list[dict[str, str]]:
    """Return the results in the output file."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


if __name__ == "__main__":
    main()

"""Tests for ``deepsky find``."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import Result

from deepsky.batch.writers.detections import COLUMNS
from tests.detection.drawn_sky import GALAXY, draw_sky
from tests.detection.test_find import write_placed

Run = Callable[..., Result]


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    Image.fromarray(draw_sky(480, 320, (300, 100, 50, GALAXY))).save(folder / "disc.png")
    write_placed(folder / "placed.fits")
    return folder


def test_json_has_one_record_per_image(run: Run, images: Path) -> None:
    result = run("find", images, "--format", "json", "--min-probability", "0")

    assert result.exit_code == 0
    disc, placed = json.loads(result.stdout)
    assert disc["path"] == str(images / "disc.png")
    assert (disc["width"], disc["height"], disc["sky"]) == (480, 320, None)
    best = disc["detections"][0]
    assert (best["label"], best["object"], best["agreement"]) == ("galaxy", None, "not placed")
    assert 230 < best["left"] < 270 < 330 < best["right"] < 370
    assert placed["sky"]["source"] == "header"
    m31 = placed["detections"][0]
    assert (m31["object"]["name"], m31["network"]["label"]) == ("M 31", "other")
    assert m31["agreement"] == "undecided"


def test_csv_has_one_row_per_object(run: Run, images: Path, tmp_path: Path) -> None:
    output = tmp_path / "objects.csv"

    result = run("find", images, "--output", output)

    assert result.exit_code == 0
    rows = list(csv.DictReader(StringIO(output.read_text("utf-8"))))
    assert tuple(rows[0]) == COLUMNS
    assert "M 31" in [row["object"] for row in rows]
    assert all(float(row["left"]) < float(row["right"]) for row in rows)


def test_table_lists_objects_and_unreadable_files(run: Run, images: Path) -> None:
    (images / "notes.png").write_text("no image")

    result = run("find", images)

    assert result.exit_code == 1
    assert "galaxy: M 31, Andromeda Galaxy" in result.stdout
    assert "unreadable" in result.stdout
    assert "1 of 3 images could not be read" in result.stderr


def test_jsonl_of_unreadable_file_contains_the_error(run: Run, tmp_path: Path) -> None:
    result = run("find", tmp_path / "missing.png", "--format", "jsonl")

    assert result.exit_code == 1
    record = json.loads(result.stdout)
    assert (record["detections"], record["error"]["code"]) == (None, "file_not_found")


@pytest.mark.parametrize(
    "arguments",
    [["--model", "none"], ["--min-probability", "2"], ["--output", "objects.parquet"]],
)
def test_invalid_command_is_a_usage_error(run: Run, images: Path, arguments: list[str]) -> None:
    assert run("find", images, *arguments).exit_code == 2

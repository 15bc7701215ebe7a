"""Tests for the action that saves evidence overlays."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from deepsky.batch.explainer import Explainer
from deepsky.batch.outcome import Outcome
from deepsky.batch.output_paths import common_folder
from deepsky.imaging.preview import render_preview
from deepsky.models.evidence import COLOURS
from deepsky.taxonomy import LABELS, Label
from tests.batch.outcomes import make_failure, make_outcome

GREY = np.full((120, 200, 3), 60, dtype=np.uint8)


def outcome_of(path: Path, label: Label = "galaxy") -> Outcome:
    """Return an outcome with evidence only in the upper left corner of the evidence map."""
    evidence = np.zeros((4, 6, 10), dtype=np.float32)
    evidence[LABELS.index(label), :2, :3] = 5
    outcome = make_outcome(path, label=label)
    return replace(outcome, evidence=evidence, preview=render_preview(GREY))


@pytest.mark.parametrize("label", LABELS)
def test_overlay_has_the_colour_of_the_label_at_the_evidence(tmp_path: Path, label: Label) -> None:
    explain = Explainer(tmp_path / "drawn", common_folder([str(tmp_path / "sky")]))

    explain(outcome_of(tmp_path / "sky" / "2024" / "m51.fits", label))

    with Image.open(tmp_path / "drawn" / "sky" / "2024" / "m51.fits.jpg") as image:
        pixels = np.asarray(image, dtype=float)
    assert pixels.shape == GREY.shape
    half = [(channel + 60) / 2 for channel in COLOURS[label]]
    np.testing.assert_allclose(pixels[:25, :40].mean((0, 1)), half, atol=12)
    np.testing.assert_allclose(pixels[80:, 100:].mean((0, 1)), [60] * 3, atol=2)


def test_drawing_twice_gives_the_same_file(tmp_path: Path) -> None:
    explain, outcome = Explainer(tmp_path / "drawn", ()), outcome_of(tmp_path / "m51.fits")

    explain(outcome)
    [drawing] = (path for path in (tmp_path / "drawn").rglob("*") if path.is_file())
    once = drawing.read_bytes()
    explain(outcome)

    assert drawing.read_bytes() == once


def test_only_overlays_of_the_same_image_are_overwritten(tmp_path: Path) -> None:
    explain, folder = Explainer(tmp_path / "drawn", ("/", "sky")), tmp_path / "drawn"
    folder.mkdir()
    (folder / "m51.fits.jpg").write_bytes(render_preview(GREY))
    (folder / "m81.fits.jpg").symlink_to(tmp_path / "target")

    for name in ("m51.fits", "m81.fits"):
        for label in LABELS:
            explain(outcome_of(Path("/sky") / name, label))

    assert (folder / "m51.fits.jpg").read_bytes() == render_preview(GREY)
    assert not (tmp_path / "target").exists()
    names = sorted(path.name.split("~")[0] for path in folder.iterdir())
    assert names == ["m51.fits", "m51.fits.jpg", "m81.fits", "m81.fits.jpg"]


def test_archive_members_with_the_same_name_are_all_drawn(tmp_path: Path) -> None:
    explain = Explainer(tmp_path / "drawn", ("/", "sky"))

    for _ in range(2):
        for index, label in enumerate(LABELS):
            outcome = outcome_of(Path("/sky/a.zip/m51.fits"), label)
            explain(replace(outcome, source=replace(outcome.source, index=index)))

    contents = {path.read_bytes() for path in (tmp_path / "drawn" / "a.zip").iterdir()}
    assert len(contents) == len(list((tmp_path / "drawn" / "a.zip").iterdir())) == 4


@pytest.mark.parametrize("length", [250, 255])
def test_long_names_are_shortened(tmp_path: Path, length: int) -> None:
    explain = Explainer(tmp_path / "drawn", ("/", "sky"))
    names = [f"{'a' * (length - 6)}{number}.fits" for number in range(2)]

    for name in (*names, *names):
        explain(outcome_of(Path("/sky") / name))

    drawn = sorted(path.name for path in (tmp_path / "drawn").iterdir())
    assert len(drawn) == 2
    assert all(name.endswith(".jpg") and len(name) <= 255 for name in drawn)


def test_unreadable_image_is_skipped(tmp_path: Path) -> None:
    source = outcome_of(tmp_path / "m51.fits").source

    Explainer(tmp_path / "drawn", ())(Outcome(source, make_failure("m51.fits")))

    assert not (tmp_path / "drawn").exists()

"""Test that datasets with too few images or a damaged image are refused."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from deepsky.dataset.manifest import Example
from deepsky.dataset.splits import with_splits
from deepsky.errors import DatasetError
from deepsky.models.bundle import ModelBundle
from deepsky.training import pipeline
from deepsky.training.backbones import BACKBONES, Backbone
from deepsky.training.datasets import open_image
from deepsky.training.ensemble import assemble
from deepsky.training.pipeline import train
from deepsky.training.recipe import Recipe

Keep = Callable[[Example], bool]


@pytest.fixture(autouse=True)
def no_training(tiny_backbone: Backbone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BACKBONES, "tiny", tiny_backbone)
    monkeypatch.setattr(pipeline, "fit", None)  # calling None would raise an error


def write_manifest(path: Path, examples: list[Example], folder: Path) -> Path:
    """Write a manifest that lists the examples and their splits, and return its path."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("path", "label", "group", "phash", "split"))
        for example in examples:
            name = example.path.relative_to(folder).as_posix()
            split = example.split or ""
            writer.writerow((name, example.label, example.group, f"{example.phash:x}", split))
    return path


CASES: dict[str, tuple[Keep, str]] = {
    "no training images": (
        lambda e: e.split != "train",
        "images for the training split: 0, at least 8 needed; 0 of galaxy, at least 2 needed",
    ),
    "fewer training images than a batch": (
        lambda e: e.split != "train" or e.group in ("galaxy 2", "nebula 2", "star_cluster 4"),
        "images for the training split: .*, at least 8 needed",
    ),
    "a class missing from training": (
        lambda e: (e.split, e.label) != ("train", "nebula"),
        "images for the training split: 0 of nebula, at least 2 needed",
    ),
    "a class missing from validation": (
        lambda e: (e.split, e.label) != ("validation", "other"),
        "images for the validation split: 0 of other, at least 1 needed",
    ),
    "no test images": (lambda e: e.split != "test", "no images in the test split"),
    "no deep-sky objects in the test split": (
        lambda e: e.split != "test" or e.label == "other",
        "test split has no images with a label other than 'other'",
    ),
}


@pytest.mark.parametrize(("keep", "message"), CASES.values(), ids=CASES)
def test_training_with_too_few_images_is_refused(
    keep: Keep, message: str, examples: list[Example], manifest: Path, tmp_path: Path
) -> None:
    chosen = [e for e in with_splits(examples, seed=0) if keep(e)]
    stated = write_manifest(tmp_path / "m.csv", chosen, manifest.parent)
    with pytest.raises(DatasetError, match=message):
        train(
            "tiny",
            stated,
            "none",
            tmp_path / "runs",
            Recipe(batch_size=8),
            images=manifest.parent,
        )
    assert not (tmp_path / "runs").exists()


def test_too_few_images_to_divide_are_refused(
    examples: list[Example], manifest: Path, tmp_path: Path
) -> None:
    few = write_manifest(tmp_path / "m.csv", examples[:4], manifest.parent)
    with pytest.raises(DatasetError, match="too small to be divided into 7 parts"):
        train("tiny", few, "none", tmp_path / "runs", images=manifest.parent)


def test_ensemble_without_validation_images_is_refused(
    examples: list[Example], manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deepsky.training.ensemble._seed", lambda _: 0)
    monkeypatch.setattr(ModelBundle, "card", None)
    chosen = [e for e in with_splits(examples, seed=0) if e.split != "validation"]
    stated = write_manifest(tmp_path / "m.csv", chosen, manifest.parent)
    with pytest.raises(DatasetError, match="Too few images for the validation split"):
        assemble(["tiny", "twin"], stated, tmp_path, images=manifest.parent)


def test_damaged_image_is_reported(examples: list[Example], tmp_path: Path) -> None:
    damaged = tmp_path / "m1.jpg"
    damaged.write_bytes(b"not an image")
    with pytest.raises(DatasetError, match=r"m1\.jpg cannot be read: .* remove its row"):
        open_image(replace(examples[0], path=damaged))

"""Tests for datasets from folders and from manifests."""

import csv
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from PIL import Image

from deepsky.dataset.dataset import read_dataset
from deepsky.dataset.manifest import read_manifest
from deepsky.errors import DatasetError


def draw(seed: int) -> Image.Image:
    """Return an image of smooth noise, which has its own perceptual hash."""
    cells = np.random.default_rng(seed).integers(0, 255, (6, 6), dtype=np.uint8)
    return Image.fromarray(cells).resize((96, 96), Image.Resampling.BICUBIC)


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Two classes. Two images are named M 31, and two unnamed ones are copies of each other."""
    folder = tmp_path / "images"
    for label in ("spiral", "cluster"):
        (folder / label).mkdir(parents=True)
    draw(0).save(folder / "spiral" / "M31 first night.jpg")
    header = fits.Header({"OBJECT": "Andromeda Galaxy"})
    fits.writeto(folder / "spiral" / "light_001.fits", np.asarray(draw(1)), header)
    draw(2).save(folder / "spiral" / "alone.png")
    draw(3).save(folder / "cluster" / "copy.png")
    draw(3).save(folder / "cluster" / "copy.jpg", quality=90)
    (folder / "cluster" / "notes.txt").write_text("not an image")
    return folder


def test_images_of_an_object_and_similar_images_are_groups(images: Path) -> None:
    dataset = read_dataset(images)

    groups = {example.path.name: example.group for example in dataset.examples}
    assert groups == {
        "M31 first night.jpg": "M 31",
        "light_001.fits": "M 31",
        "alone.png": "",
        "copy.png": "similar 1",
        "copy.jpg": "similar 1",
    }
    assert {example.label for example in dataset.examples} == {"spiral", "cluster"}
    assert {example.longest_side for example in dataset.examples} == {96}
    assert list(dataset.skipped) == ["cluster/notes.txt"]


def test_edited_manifest_overrules_groups_and_labels(images: Path, tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    read_dataset(images).write_manifest(path)
    text = path.read_text("utf-8").replace("similar 1", "mine", 1)
    path.write_text(text.replace("alone.png,spiral", "alone.png,cluster"), "utf-8")

    found = {e.path.name: (e.label, e.group) for e in read_dataset(path, images).examples}
    assert found["alone.png"] == ("cluster", "")
    assert {found["copy.png"][1], found["copy.jpg"][1]} == {"mine", "similar 1"}
    assert read_manifest(path, images) == list(read_dataset(path, images).examples)
    with pytest.raises(DatasetError, match="File exists"):
        read_dataset(images).write_manifest(path)


def test_manifest_with_paths_and_labels_is_completed(images: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [("path", "label", "group"), ("spiral/M31 first night.jpg", "spiral", "night 1"),
             ("spiral/light_001.fits", "spiral", ""), ("cluster/copy.png", "cluster", "")]
        )  # fmt: skip
    dataset = read_dataset(path, images)

    assert [example.group for example in dataset.examples] == ["night 1", "", ""]
    assert len({example.phash for example in dataset.examples}) == 3


def test_unreadable_image_in_a_manifest_is_an_error(images: Path) -> None:
    path = images / "m.csv"
    path.write_text("path,label\nspiral/alone.png,spiral\ncluster/notes.txt,cluster\n", "utf-8")
    with pytest.raises(DatasetError, match=r"notes\.txt cannot be read: .* remove their rows"):
        read_dataset(path)


def test_class_without_readable_images_is_an_error(images: Path) -> None:
    for name in ("copy.png", "copy.jpg"):
        (images / "cluster" / name).unlink()
    with pytest.raises(DatasetError, match=r"class cluster contains no image .*notes\.txt"):
        read_dataset(images)

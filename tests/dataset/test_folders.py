"""Tests for folders that have one subfolder of images per class."""

import re
from pathlib import Path

import pytest

from deepsky.dataset.folders import find_images, label_of_folder
from deepsky.errors import DatasetError


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@pytest.mark.parametrize(
    ("folder", "label"),
    [
        ("galaxy", "galaxy"),
        ("Star Clusters", "star_clusters"),
        ("M-Type (2024)", "m-type_2024"),
        ("Große Nebel", "große_nebel"),
    ],
)
def test_label_is_the_name_of_the_folder_in_lower_case(folder: str, label: str) -> None:
    assert label_of_folder(folder) == label


def test_name_without_letters_is_refused() -> None:
    with pytest.raises(DatasetError, match=r"'---' cannot be used as a label"):
        label_of_folder("---")


def test_files_in_subfolders_belong_to_the_class(tmp_path: Path) -> None:
    touch(tmp_path, "sun/a.png", "sun/2024/b.fits", "moon/c.png", "sun/.hidden", ".git/d", "e.png")
    assert find_images(tmp_path) == {
        "moon": [tmp_path / "moon" / "c.png"],
        "sun": [tmp_path / "sun" / "2024" / "b.fits", tmp_path / "sun" / "a.png"],
    }


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a.png"], "has 0 subfolders with images, but a model needs at least two classes"),
        (["sun/a.png"], "has 1 subfolders with images"),
        (["sun/a.png", "moon/.empty"], "moon contains no images"),
        (["Sun/a.png", "sun !/b.png"], "have the same label, sun"),
    ],
)
def test_error_message_says_what_is_missing(names: list[str], message: str, tmp_path: Path) -> None:
    touch(tmp_path, *names)
    with pytest.raises(DatasetError, match=re.escape(message)):
        find_images(tmp_path)

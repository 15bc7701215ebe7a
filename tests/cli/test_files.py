import os
from pathlib import Path

import pytest

from deepsky.cli.files import find_files


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.png", "a/z.png", "a/b/c.png", "c.png", ".hidden.png", ".cache/x.png"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return tmp_path


def test_a_folder_stands_for_every_file_below_it_in_order(tree: Path) -> None:
    found = [path.relative_to(tree).as_posix() for path in find_files([tree])]

    assert found == ["a/b/c.png", "a/z.png", "b.png", "c.png"]


def test_files_are_given_as_named_hidden_or_missing_or_twice(tree: Path) -> None:
    named = [tree / "c.png", tree / ".hidden.png", tree / "missing.png", tree / "c.png"]

    assert list(find_files(named)) == named


def test_links_to_folders_do_not_go_in_circles(tree: Path) -> None:
    (tree / "a" / "up").symlink_to(tree, target_is_directory=True)
    (tree / "a" / "link.png").symlink_to(tree / "b.png")
    (tree / "a" / "broken.png").symlink_to(tree / "missing.png")

    found = [path.name for path in find_files([tree / "a"])]

    assert found == ["c.png", "broken.png", "link.png", "z.png"]


def test_pipes_in_a_folder_are_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "pipe.png")

    assert tree / "pipe.png" not in list(find_files([tree]))


def test_files_are_found_as_they_are_asked_for(tree: Path) -> None:
    found = find_files([tree])
    next(found)
    (tree / "c.png").unlink()
    (tree / "b.png").unlink()

    assert next(found).name == "z.png"

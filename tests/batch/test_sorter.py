"""Tests for sorting images into folders by label and verdict."""

import errno
import inspect
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from deepsky.batch.outcome import Outcome
from deepsky.batch.output_paths import Base, common_folder
from deepsky.batch.sorter import Placing, Sorter
from deepsky.errors import OutputError
from tests.batch.outcomes import make_failure, make_outcome


@pytest.fixture
def sky(tmp_path: Path) -> Path:
    """Folder with two images that have the same file name."""
    for folder in ("2024", "2025"):
        (tmp_path / "sky" / folder).mkdir(parents=True)
        (tmp_path / "sky" / folder / "m51.fits").write_text(f"seen in {folder}")
    return tmp_path / "sky"


@pytest.fixture
def base(sky: Path) -> Base:
    return common_folder([str(sky)])


def files_below(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("placing", Placing)
def test_images_are_sorted_by_label_and_verdict(
    sky: Path, base: Base, tmp_path: Path, placing: Placing
) -> None:
    sort = Sorter(tmp_path / "sorted", placing, base)

    for _ in range(2):  # a resumed run may repeat an action
        sort(make_outcome(sky / "2024" / "m51.fits"))
        sort(make_outcome(sky / "2025" / "m51.fits", label="nebula", verdict="unsure"))

    assert files_below(tmp_path / "sorted") == {
        "galaxy/confident/2024/m51.fits": "seen in 2024",
        "nebula/unsure/2025/m51.fits": "seen in 2025",
    }


def test_images_are_copied_hardlinked_or_symlinked(sky: Path, base: Base, tmp_path: Path) -> None:
    image = sky / "2024" / "m51.fits"
    os.utime(image, ns=(1, 5_000_000_000))
    places = {}
    for placing in Placing:
        Sorter(tmp_path / placing, placing, base)(make_outcome(image))
        places[placing] = tmp_path / placing / "galaxy" / "confident" / "2024" / "m51.fits"

    assert not places[Placing.COPY].samefile(image)
    assert places[Placing.COPY].stat().st_mtime_ns == 5_000_000_000
    assert places[Placing.HARDLINK].stat().st_ino == image.stat().st_ino
    assert places[Placing.SYMLINK].readlink() == image


def test_symlink_to_a_relative_path_works(
    sky: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sky)
    named = Path("2024/m51.fits")

    Sorter(tmp_path / "sorted", Placing.SYMLINK, common_folder([str(named)]))(make_outcome(named))

    assert files_below(tmp_path / "sorted") == {"galaxy/confident/m51.fits": "seen in 2024"}


@pytest.mark.parametrize("placing", Placing)
def test_symlinked_image_is_sorted_by_its_target(
    sky: Path, tmp_path: Path, placing: Placing
) -> None:
    link = sky / "link.fits"
    link.symlink_to("2024/m51.fits")

    Sorter(tmp_path / "sorted", placing, common_folder([str(sky)]))(make_outcome(link))

    assert files_below(tmp_path / "sorted") == {"galaxy/confident/link.fits": "seen in 2024"}


@pytest.mark.parametrize("placing", Placing)
def test_existing_files_are_never_overwritten(
    sky: Path, base: Base, tmp_path: Path, placing: Placing
) -> None:
    taken = tmp_path / "sorted" / "galaxy" / "confident" / "2024" / "m51.fits"
    taken.parent.mkdir(parents=True)
    taken.write_text("another file")
    sort = Sorter(tmp_path / "sorted", placing, base)

    sort(make_outcome(sky / "2024" / "m51.fits"))
    [another] = set(taken.parent.iterdir()) - {taken}
    sort(make_outcome(sky / "2024" / "m51.fits"))

    assert taken.read_text() == "another file"
    assert (another.read_text(), another.suffix) == ("seen in 2024", ".fits")
    assert set(taken.parent.iterdir()) == {taken, another}

    another.unlink()
    another.write_text("yet another file")
    with pytest.raises(OutputError, match="empty output folder"):
        sort(make_outcome(sky / "2024" / "m51.fits"))


def test_archive_members_of_the_same_name_are_both_copied(tmp_path: Path) -> None:
    archive = tmp_path / "sky.zip"
    sort = Sorter(tmp_path / "sorted", Placing.COPY, common_folder([str(archive)]))

    for content in (b"one", b"two", b"one"):
        sort(make_outcome(archive / "in" / "m51.fits", content))

    places = files_below(tmp_path / "sorted")
    assert sorted(places.values()) == ["one", "two"]
    assert places["galaxy/confident/sky.zip/in/m51.fits"] == "one"


def test_two_runs_that_sort_at_the_same_time_never_overwrite(
    sky: Path, base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run creates the file while this run copies the image."""
    path = tmp_path / "sorted" / "galaxy" / "confident" / "2024" / "m51.fits"
    link = os.link

    def create_first(source: str, target: str, **options: bool) -> None:
        if not path.exists():
            path.write_text("another image")
        link(source, target, **options)

    monkeypatch.setattr(os, "link", create_first)
    Sorter(tmp_path / "sorted", Placing.COPY, base)(make_outcome(sky / "2024" / "m51.fits"))

    assert path.read_text() == "another image"
    assert sorted(files_below(tmp_path / "sorted").values()) == ["another image", "seen in 2024"]


def test_many_archive_members_with_the_same_name_of_maximum_length(tmp_path: Path) -> None:
    archive, name = tmp_path / "sky.zip", "é" * 125 + ".fits"
    sort = Sorter(tmp_path / "sorted", Placing.COPY, common_folder([str(archive)]))

    for index in range(4):
        outcome = make_outcome(archive / name, str(index).encode())
        sort(replace(outcome, source=replace(outcome.source, index=index)))

    assert sorted(files_below(tmp_path / "sorted").values()) == ["0", "1", "2", "3"]


def test_deeply_nested_folders_are_created_without_recursion(tmp_path: Path) -> None:
    image = tmp_path / Path(*["d"] * 400) / "m51.fits"
    sort = Sorter(tmp_path / "sorted", Placing.COPY, common_folder([str(tmp_path)]))
    outcome, limit = make_outcome(image, b"content"), sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 100)
    try:
        sort(outcome)
    finally:
        sys.setrecursionlimit(limit)

    assert list(files_below(tmp_path / "sorted").values()) == ["content"]


def test_sorting_from_several_threads(tmp_path: Path) -> None:
    archive = tmp_path / "sky.zip"
    sort = Sorter(tmp_path / "sorted", Placing.COPY, common_folder([str(archive)]))
    outcomes = [make_outcome(archive / f"{n % 8}.fits", f"{n % 16}".encode()) for n in range(64)]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(sort, outcomes))

    assert sorted(files_below(tmp_path / "sorted").values()) == sorted(str(n) for n in range(16))


@pytest.mark.parametrize("placing", [Placing.HARDLINK, Placing.SYMLINK])
def test_archive_member_cannot_be_linked(tmp_path: Path, placing: Placing) -> None:
    with pytest.raises(OutputError, match="copy"):
        Sorter(tmp_path / "sorted", placing, ())(make_outcome(tmp_path / "a.zip" / "b", b"content"))


def test_hardlink_across_file_systems_is_refused(
    sky: Path, base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)

    with pytest.raises(OutputError, match=r"Invalid cross-device link.*copy"):
        Sorter(tmp_path / "sorted", Placing.HARDLINK, base)(make_outcome(sky / "2024" / "m51.fits"))


def test_unreadable_image_is_skipped(sky: Path, base: Base, tmp_path: Path) -> None:
    path = sky / "2024" / "m51.fits"
    outcome = Outcome(make_outcome(path).source, make_failure(str(path)), content=path)

    Sorter(tmp_path / "sorted", Placing.COPY, base)(outcome)

    assert not (tmp_path / "sorted").exists()

"""Tests for writing files atomically."""

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from deepsky.atomic_file import atomic_write, replace_durably


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(path: Path, content: bytes) -> None:
    with atomic_write(path) as file:
        file.write(content)


def leave_temporary_file(path: Path) -> Path:
    """Kill a process while it writes a file, and return the temporary file left behind."""
    program = (
        "import sys, time; from pathlib import Path; from deepsky.atomic_file import atomic_write\n"
        "with atomic_write(Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); file.flush(); print('written', flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
    [left] = path.parent.glob(".*.part")
    return left


def test_new_file_appears_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with atomic_write(path) as file:
        file.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.txt"]


def test_temporary_file_is_hidden_and_can_be_read_back(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "a.txt") as file:
        file.write(b"new")
        file.flush()
        temporary = Path(file.name)
        assert temporary.parent == tmp_path
        assert temporary.name.startswith(".")
        assert temporary.read_bytes() == b"new"


def test_exception_keeps_old_content_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), atomic_write(path) as file:  # noqa: PT012
        file.write(b"new")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_failed_replacement_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"), atomic_write(tmp_path / "folder") as file:
        file.write(b"new")
    assert names(tmp_path) == ["folder"]


def test_missing_folder_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_write(tmp_path / "missing" / "a.txt"):
        pass


def test_killed_process_leaves_old_content_and_next_write_cleans_up(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    leave_temporary_file(path)
    assert path.read_bytes() == b"old"
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o777])
def test_permissions_of_existing_file_are_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(mode)
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize(("mode", "expected"), [(0o666, 0o640), (0o600, 0o600)])
def test_permissions_of_new_file_follow_mode_and_umask(
    tmp_path: Path, mode: int, expected: int
) -> None:
    before = os.umask(0o027)
    try:
        with atomic_write(tmp_path / "a.txt", mode=mode) as file:
            assert stat.S_IMODE(Path(file.name).stat().st_mode) == expected
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == expected


@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "folder"])
def test_planted_temporary_name_is_not_followed(tmp_path: Path, kind: str) -> None:
    path, victim = tmp_path / "a.txt", tmp_path / "victim"
    with atomic_write(path) as file:
        predicted = Path(file.name)
    if kind == "pipe":
        os.mkfifo(predicted)
    elif kind == "folder":
        predicted.mkdir()
    else:
        predicted.symlink_to(victim)
    if kind == "link":
        victim.write_bytes(b"precious")
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert not path.is_symlink()
    assert victim.exists() == (kind == "link")
    assert kind != "link" or victim.read_bytes() == b"precious"


def test_link_is_replaced_not_its_target(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    write(tmp_path / "link", b"new")
    assert (tmp_path / "target").read_bytes() == b"old"
    assert (tmp_path / "link").read_bytes() == b"new"
    assert not (tmp_path / "link").is_symlink()


def test_two_open_writers_do_not_share_a_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with atomic_write(path) as first, atomic_write(path) as second:
        first.write(b"first")
        second.write(b"second, which is longer")
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == ["a.txt"]


def test_concurrent_writes_never_mix_contents(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    contents = [bytes([number]) * 10_000 for number in range(8)]
    errors: list[BaseException] = []

    def repeat(content: bytes) -> None:
        try:
            for _ in range(25):
                write(path, content)
                assert path.read_bytes() in contents
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=repeat, args=[content]) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert path.read_bytes() in contents
    assert names(tmp_path) == ["a.txt"]


def test_temporary_file_in_another_folder(tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "images").mkdir()
    path = tmp_path / "images" / "a.txt"
    with atomic_write(path, temporary_folder=tmp_path / "incoming") as file:
        file.write(b"new")
        assert names(tmp_path / "images") == []
    assert path.read_bytes() == b"new"
    assert names(tmp_path / "incoming") == []


@pytest.mark.parametrize("name", ["x" * 255, "é" * 127])
def test_file_names_of_maximum_length(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, b"new")
    assert names(tmp_path) == [name]


def test_file_and_folder_are_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []

    def fsync(handle: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        flushed.append(f"folder with {names(tmp_path)}" if is_folder else "file")

    monkeypatch.setattr(os, "fsync", fsync)
    with atomic_write(tmp_path / "a.txt") as file:
        file.write(b"new")
    expected = ["file", "folder with ['a.txt']"]
    assert flushed == expected
    flushed.clear()
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    replace_durably(tmp_path / "b.txt", tmp_path / "a.txt")
    assert flushed == expected

"""Tests for writing files atomically."""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from deepsky.atomic_file import (
    FileChangedError,
    FileState,
    atomic_write,
    remove_abandoned_files,
    replace_durably,
)


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


def test_temporary_names_are_unpredictable_and_created_exclusively(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, victim = tmp_path / "a.txt", tmp_path / "victim"
    with atomic_write(path) as first, atomic_write(path) as second:
        assert first.name != second.name
    monkeypatch.setattr("secrets.token_hex", lambda size: "0" * 2 * size)
    (tmp_path / f".deepsky-{'0' * 32}.part").symlink_to(victim)
    with pytest.raises(FileExistsError):
        write(path, b"new")
    assert not victim.exists()


def test_only_abandoned_temporary_files_are_removed(tmp_path: Path) -> None:
    left = leave_temporary_file(tmp_path / "a.txt")
    linked, victim = left.with_name(f".deepsky-{'1' * 32}.part"), tmp_path / "victim"
    linked.symlink_to(victim)
    victim.write_bytes(b"precious")
    foreign = [tmp_path / ".deepsky-1.part", tmp_path / f".{'0' * 16}.0.part", tmp_path / "x.part"]
    for path in foreign:
        path.touch()
    with atomic_write(tmp_path / "b.txt") as file:
        remove_abandoned_files.__globals__["_cleaned"].clear()
        write(tmp_path / "c.txt", b"new")
        file.write(b"still being written")
    assert not left.exists()
    expected = ["b.txt", "c.txt", "victim", *(path.name for path in (linked, *foreign))]
    assert names(tmp_path) == sorted(expected)
    assert (tmp_path / "b.txt").read_bytes() == b"still being written"
    assert victim.read_bytes() == b"precious"


def test_existing_file_is_not_replaced_if_nothing_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with atomic_write(path, expected="nothing") as file:
        file.write(b"first")
    with (
        pytest.raises(FileExistsError, match=r"a\.txt"),
        atomic_write(path, expected="nothing") as file,
    ):
        file.write(b"second")
    assert path.read_bytes() == b"first"
    assert path.stat().st_nlink == 1
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOTSUP, errno.EXDEV])
def test_file_system_without_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", refuse)
    test_existing_file_is_not_replaced_if_nothing_is_expected(tmp_path)


@pytest.mark.parametrize("change", ["append", "touch", "replace", "delete", "overwrite"])
def test_changed_file_is_not_replaced(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    status = path.stat()
    with (  # noqa: PT012
        pytest.raises(FileChangedError, match="changed by another program"),
        atomic_write(path, expected=FileState.from_status(status)) as file,
    ):
        file.write(b"new")
        match change:
            case "append":
                with path.open("ab") as other:
                    other.write(b"er")
            case "touch":
                path.touch()
            case "replace":
                write(path, b"old")
            case "delete":
                path.unlink()
            case _:  # another program restores size and modification time
                path.write_bytes(b"own")
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    expected = {"append": b"older", "overwrite": b"own", "delete": None}.get(change, b"old")
    assert (path.read_bytes() if path.exists() else None) == expected
    assert names(tmp_path) == ([] if change == "delete" else ["a.txt"])


def test_unchanged_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with atomic_write(path, expected=FileState.from_status(path.stat())) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


def test_errors_name_the_file_instead_of_the_temporary_file(tmp_path: Path) -> None:
    for path in (tmp_path / "missing" / "a.txt", tmp_path / ("x" * 300)):
        with pytest.raises(OSError, match=r"No such file|too long") as caught, atomic_write(path):
            pass
        assert caught.value.filename == str(path)
        assert "part" not in str(caught.value)


def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.rating", b"5")
    except OSError:
        pytest.skip("the file system has no extended attributes")
    write(path, b"new")
    assert os.getxattr(path, "user.rating") == b"5"


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


def test_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_file = os.open

    def refuse(path: str, flags: int, *arguments: int) -> int:
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return open_file(path, flags, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    write(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"new"

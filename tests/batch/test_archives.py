"""Tests for finding and reading images in archives."""

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from deepsky.batch.discovery import count_sources, find_sources
from deepsky.batch.sources import Source
from deepsky.errors import ImageError
from deepsky.imaging import Limits

CONTENTS = {f"{folder}/{number}.png": bytes([number]) * (300 * number) for folder, number in
            [("b", 1), ("b", 2), ("a", 3), ("a", 40)]}  # fmt: skip

Archive = Callable[[str], Path]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return a function that creates an archive. The file name suffix determines the format."""

    def make(suffix: str) -> Path:
        path = tmp_path / f"night{suffix}"
        if suffix == ".zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
                for name, content in CONTENTS.items():
                    file.writestr(name, content)
        else:
            write_tar(path, CONTENTS)
        return path

    return make


def write_tar(path: Path, contents: dict[str, bytes], **more: tarfile.TarInfo) -> None:
    compression = {"gz": "gz", "tgz": "gz", "bz2": "bz2", "xz": "xz"}.get(path.suffix[1:], "")
    with tarfile.open(path, f"w:{compression}") as file:  # type: ignore[call-overload]
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
        for info in more.values():
            file.addfile(info)


def loaded(source: Source) -> bytes | str:
    """Return the content of a source, or the error code if it cannot be loaded."""
    try:
        content = source.load()
    except ImageError as error:
        return error.code
    assert isinstance(content, bytes)
    return content


def members(path: Path, limits: Limits | None = None) -> dict[str, bytes | str]:
    found = find_sources([path], limits=limits or Limits())
    return {source.name.removeprefix(f"{path}/"): loaded(source) for source in found}


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".TAR.XZ"])
def test_members_are_found_in_the_order_of_the_archive(archive: Archive, suffix: str) -> None:
    path = archive(suffix)

    found = members(path)

    assert found == CONTENTS
    assert list(found) == list(CONTENTS)


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz"])
def test_members_can_be_skipped(archive: Archive, suffix: str) -> None:
    sources = find_sources([archive(suffix)])
    content = None
    for source in sources:
        if source.name.endswith("40.png"):
            content = source.load()

    assert content == CONTENTS["a/40.png"]


def test_zip_members_can_be_loaded_later_and_leave_no_open_files(archive: Archive) -> None:
    open_files = Path("/proc/self/fd")
    before = len(list(open_files.iterdir()))

    sources = list(find_sources([archive(".zip")]))

    assert [source.load() for source in reversed(sources)] == list(CONTENTS.values())[::-1]
    del sources
    assert len(list(open_files.iterdir())) == before


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_members_have_size_index_and_modification_time(archive: Archive, suffix: str) -> None:
    path = archive(suffix)
    found = list(find_sources([path]))

    assert [source.size for source in found] == [len(content) for content in CONTENTS.values()]
    assert {source.modified for source in found} == {path.stat().st_mtime_ns}
    assert len({source.index for source in found}) == len(CONTENTS)


def test_duplicate_names_are_separate_sources(tmp_path: Path) -> None:
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.png", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("a.png", b"2")

    assert [(source.load(), source.index > 0) for source in find_sources([path])] == [
        (b"1", False),
        (b"2", True),
    ]


@pytest.mark.parametrize("suffix", [".zip", ".tar"])
def test_hidden_members_and_folders_are_skipped(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"odd{suffix}"
    contents = {"./x.png": b"1", ".DS_Store": b"2", "__MACOSX/._x.png": b"3", "../up.png": b"4"}
    if suffix == ".zip":
        with zipfile.ZipFile(path, "w") as file:
            file.mkdir("folder")
            for name, content in contents.items():
                file.writestr(name, content)
    else:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        write_tar(path, contents, folder=folder)

    assert members(path) == {"x.png": b"1", "up.png": b"4"}


def test_link_in_a_tar_archive_is_an_error(tmp_path: Path) -> None:
    link = tarfile.TarInfo("link.png")
    link.type, link.linkname = tarfile.SYMTYPE, "x.png"
    write_tar(tmp_path / "links.tar", {"x.png": b"1"}, link=link)

    [_, source] = find_sources([tmp_path / "links.tar"])
    with pytest.raises(ImageError, match=r"a link to x\.png; extract"):
        source.load()


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz"])
def test_members_over_the_size_limit_are_refused(archive: Archive, suffix: str) -> None:
    assert members(archive(suffix), Limits(max_bytes=1000)) == CONTENTS | {
        "a/40.png": "file_too_large"
    }


def test_zip_member_larger_than_stated_is_corrupt(archive: Archive) -> None:
    path = archive(".zip")
    content = path.read_bytes()
    stated, true = (10).to_bytes(4, "little"), len(CONTENTS["a/40.png"]).to_bytes(4, "little")
    path.write_bytes(content.replace(true, stated))

    assert members(path) == CONTENTS | {"a/40.png": "corrupt_image"}


def test_huge_tar_header_is_refused(tmp_path: Path) -> None:
    long_name = tarfile.TarInfo("././@LongLink")
    long_name.type, long_name.size = tarfile.GNUTYPE_LONGNAME, 8_000_000_000
    path = tmp_path / "bomb.tar.gz"
    with gzip.open(path, "wb") as file:
        file.write(long_name.tobuf())

    [source] = find_sources([path])
    with pytest.raises(ImageError, match="header too large"):
        source.load()


def test_overflowing_number_in_tar_header_is_corrupt(tmp_path: Path) -> None:
    path, content = tmp_path / "night.tar", b"9" * 30 + b" path=a.png\n"
    header = tarfile.TarInfo("header")
    header.type, header.size = tarfile.XHDTYPE, len(content)
    with tarfile.open(path, "w") as file:
        file.addfile(header, io.BytesIO(content))

    assert members(path) == {str(path): "corrupt_image"}


def test_encrypted_member_is_unreadable(archive: Archive) -> None:
    path = archive(".zip")
    with zipfile.ZipFile(path) as file:
        place = file.getinfo("b/2.png").header_offset
    content = bytearray(path.read_bytes())
    for flags in (place + 6, content.index(b"b/2.png", content.index(b"PK\1\2")) - 46 + 8):
        content[flags] |= 1
    path.write_bytes(content)

    assert members(path) == CONTENTS | {"b/2.png": "file_unreadable"}


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz", ".tar.bz2", ".tar.xz"])
@pytest.mark.parametrize("content", [b"", b"no archive at all" * 100])
def test_invalid_archive_yields_one_error(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"broken{suffix}"
    path.write_bytes(content)

    [source] = find_sources([path])

    assert source.name == str(path)
    assert loaded(source) == "corrupt_image"


PACK: dict[str, Callable[[bytes], bytes]] = {
    ".tar": bytes,
    ".tar.gz": gzip.compress,
    ".tar.bz2": bz2.compress,
    ".tar.xz": lzma.compress,
}


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("cut_first", [True, False])
def test_truncated_tar_yields_its_complete_members_and_an_error(
    tmp_path: Path, suffix: str, cut_first: bool
) -> None:
    contents = {f"{number}.png": random.Random(number).randbytes(500_000) for number in range(8)}
    write_tar(tmp_path / "whole.tar", contents)
    whole, path = (tmp_path / "whole.tar").read_bytes(), tmp_path / f"cut{suffix}"
    packed = PACK[suffix](whole[:3_000_000]) if cut_first else PACK[suffix](whole)[:3_000_000]
    path.write_bytes(packed)

    found = members(path)

    assert list(found.items())[-1] == (str(path), "corrupt_image")
    sound = {name: content for name, content in found.items() if isinstance(content, bytes)}
    assert len(sound) >= 3
    assert sound.items() <= contents.items()


def test_damaged_tar_header_is_not_treated_as_end_of_archive(tmp_path: Path) -> None:
    path = tmp_path / "damaged.tar"
    write_tar(path, CONTENTS)
    content = bytearray(path.read_bytes())
    header = content.index(b"a/3.png")
    content[header : header + 4] = b"\xff" * 4
    path.write_bytes(content)

    assert list(members(path).items())[-1] == (str(path), "corrupt_image")
    assert len(members(path)) == 3


def test_empty_archives_have_no_sources(tmp_path: Path) -> None:
    write_tar(tmp_path / "empty.tar", {})
    write_tar(tmp_path / "empty.tar.gz", {})
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()

    assert list(find_sources([tmp_path])) == []


def test_archives_in_folders_are_opened_but_nested_archives_are_not(
    archive: Archive, tmp_path: Path
) -> None:
    path = archive(".zip")
    write_tar(tmp_path / "outer.tar", {"inner.zip": path.read_bytes()})

    found = [source.name for source in find_sources([tmp_path])]

    assert found == [f"{path}/{name}" for name in CONTENTS] + [f"{tmp_path}/outer.tar/inner.zip"]


def test_sources_of_tar_archives_are_not_counted(archive: Archive) -> None:
    assert count_sources(find_sources([archive(".zip")])) == len(CONTENTS)
    assert count_sources(find_sources([archive(".tar.gz")])) is None

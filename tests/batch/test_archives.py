"""Tests for finding and reading images in archives."""

import bz2
import gzip
import io
import lzma
import os
import random
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from deepsky.batch.archive_names import guess_encoding
from deepsky.batch.discovery import count_sources, find_sources
from deepsky.batch.sources import Source
from deepsky.errors import ImageError, TooMuchMemoryError, UnsupportedFormatError
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
    with pytest.raises(ImageError, match="archive is damaged"):
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


def write_zip(path: Path, names: list[bytes], *, extra: bool = False, system: int = 0) -> Path:
    """Write a ZIP archive with any bytes as names; each member contains its raw name."""
    placeholders = [f"{number:x}".rjust(len(name), "_") for number, name in enumerate(names)]
    with zipfile.ZipFile(path, "w") as file:
        for name, placeholder in zip(names, placeholders, strict=True):
            info = zipfile.ZipInfo(placeholder)
            info.create_system = system
            if extra:
                field = b"\x01" + zlib.crc32(name).to_bytes(4, "little") + "銀河.jpg".encode()
                other = b"\x99\x99\x02\x00ab"
                info.extra = other + b"\x75\x70" + len(field).to_bytes(2, "little") + field
            file.writestr(info, name)
    content = path.read_bytes()
    for name, placeholder in zip(names, placeholders, strict=True):
        content = content.replace(placeholder.encode(), name)
    path.write_bytes(content)
    return path


LEGACY = {
    "cp932": ["銀河写.jpg", "オリオン大星雲.fits", "新しいフォルダー/馬頭星雲.tif"],
    "gbk": ["银河.jpg", "猎户座大星云.fits", "新建文件夹/天文摄影.tif"],
    "big5": ["銀河.jpg", "獵戶座大星雲.fits", "新增資料夾/天文攝影.tif"],
    "cp949": ["오리온 대성운.jpg", "안드로메다 은하.fits"],
    "cp850": ["Föhn.jpg", "Nébuleuse d'Orion.fits", "Größe.tif"],
    "cp1252": ["Föhn.jpg", "Galaxie d'Andromède.fits", "Größe.tif"],
    "cp866": ["Луна.jpg", "Туманность Ориона.fits"],
    "cp1251": ["Луна.jpg", "Туманность Ориона.fits"],
    "utf-8": ["銀河é.jpg", "Föhn.fits"],
}


@pytest.mark.parametrize("encoding", LEGACY)
def test_legacy_names_in_zip_archives_are_decoded(tmp_path: Path, encoding: str) -> None:
    names = LEGACY[encoding]
    path = write_zip(tmp_path / "a.zip", [name.encode(encoding) for name in names])
    sources = list(find_sources([str(path)]))

    assert [source.name for source in sources] == [f"{path}/{name}" for name in names]
    assert [loaded(source) for source in sources] == [name.encode(encoding) for name in names]


@pytest.mark.parametrize("encoding", LEGACY)
def test_encoding_of_a_short_name_is_never_guessed_wrongly(encoding: str) -> None:
    for name in ("".join(LEGACY[encoding]), *LEGACY[encoding]):
        for size in range(1, len(name)):
            part = name[:size]
            guessed = guess_encoding([part.encode(encoding)])
            is_single = sum(not c.isascii() for c in part) == 1
            assert is_single or part.isascii() or guessed in (encoding, None), part


def test_unknown_encoding_is_reported_and_can_be_specified(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_zip(tmp_path / "a\x1b.zip", ["写真.jpg".encode("cp932"), b"plain.jpg"])
    for _ in range(2):
        [source, _] = find_sources([str(path)])
        assert source.name == f"{path}/Ä╩É^.jpg"
    [message] = caplog.messages
    assert message.startswith(f"{tmp_path}/a\\x1b.zip: The encoding of the file names is unknown")

    [source, _] = find_sources([str(path)], archive_encoding="cp932")
    assert source.name == f"{path}/写真.jpg"
    [source, _] = find_sources([str(path)], archive_encoding="ascii")
    assert os.fsencode(source.name) == os.fsencode(path) + b"/" + "写真.jpg".encode("cp932")
    assert len(caplog.messages) == 1


def test_unicode_extra_field_takes_precedence(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", ["銀河.jpg".encode("cp932")], extra=True)
    [source] = find_sources([str(path)], archive_encoding="cp1252")

    assert source.name == f"{path}/銀河.jpg"


def test_backslashes_from_windows_are_separators(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", [b"..\\..\\night\\m51.jpg", b"\\.hidden\\m31.jpg"])
    assert [source.name for source in find_sources([str(path)])] == [f"{path}/night/m51.jpg"]

    path = write_zip(tmp_path / "b.zip", [b"night\\m51.jpg"], system=3)
    assert [source.name for source in find_sources([str(path)])] == [f"{path}/night\\m51.jpg"]


def test_legacy_names_in_tar_archives_are_decoded_if_specified(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="cp932") as file:
        file.addfile(tarfile.TarInfo("銀河.jpg"))
    [named] = find_sources([str(path)], archive_encoding="cp932")
    [raw] = find_sources([str(path)])

    assert named.name == f"{path}/銀河.jpg"
    assert os.fsencode(raw.name) == os.fsencode(path) + "/銀河.jpg".encode("cp932")


@pytest.mark.parametrize(("method", "name"), [(9, "Deflate64"), (97, "method 97")])
def test_unsupported_compression_is_named(archive: Archive, method: int, name: str) -> None:
    path = archive(".zip")
    content = path.read_bytes()
    for start, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        position = content.index(start) + offset
        content = content[:position] + method.to_bytes(2, "little") + content[position + 2 :]
    path.write_bytes(content)
    first, *others = find_sources([str(path)])

    with pytest.raises(UnsupportedFormatError, match=f"with {name}, .* again with Deflate"):
        first.load()
    assert [loaded(source) for source in others] == list(CONTENTS.values())[1:]


@pytest.mark.parametrize("suffix", [".zip", ".tar"])
def test_nested_archive_is_named(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    if suffix == ".zip":
        write_zip(path, [b"inner.tar.gz"])
    else:
        write_tar(path, {"inner.tar.gz": b"x"})
    [source] = [s for s in find_sources([str(path)]) if s.name.endswith("inner.tar.gz")]

    with pytest.raises(UnsupportedFormatError, match="archive inside an archive"):
        source.load()


def test_member_that_is_too_large_for_the_memory_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "night.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.fits", bytes(2_000_000))

    [source] = find_sources([path], limits=Limits(max_memory=3_000_000, interface="command"))

    assert source.is_in_memory
    with pytest.raises(TooMuchMemoryError, match=r"extract.*--max-memory"):
        source.load()


def test_name_that_is_wrongly_marked_as_utf8_is_decoded(tmp_path: Path) -> None:
    names = ["Galaxy.jpg", "銀河.jpg", "写真メモ.jpg", "Größe.jpg"]
    content = bytearray(zip_with_marked_names(names))
    wrong = "写真メモ".encode("cp932")
    place = content.find("写真メモ".encode())
    while place >= 0:  # in the local header and in the central directory
        content[place : place + 12] = wrong + b"1234"
        place = content.find("写真メモ".encode(), place)
    path = tmp_path / "a.zip"
    path.write_bytes(content)

    sources = list(find_sources([str(path)]))

    assert [source.name for source in sources] == [
        f"{path}/{name}" for name in ("Galaxy.jpg", "銀河.jpg", "写真メモ1234.jpg", "Größe.jpg")
    ]
    assert [loaded(source) for source in sources] == [b"0", b"1", b"2", b"3"]


def test_invalid_unicode_path_is_ignored(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", ["銀河写真.jpg".encode("cp932"), b"b.jpg"], extra=True)
    path.write_bytes(path.read_bytes().replace("銀".encode(), b"\xff\xff\xff"))

    assert [source.name for source in find_sources([str(path)])] == [
        f"{path}/銀河写真.jpg",
        f"{path}/b.jpg",
    ]


def zip_with_marked_names(names: list[str]) -> bytes:
    """Return an archive in which all names but ASCII ones are marked as UTF-8."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for number, name in enumerate(names):
            file.writestr(name, str(number))
    return stream.getvalue()

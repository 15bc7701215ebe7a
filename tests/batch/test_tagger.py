"""Tests for writing XMP sidecars."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from pyavm import AVM

from deepsky.batch import tagger
from deepsky.batch.outcome import Outcome
from deepsky.batch.output_paths import common_folder
from deepsky.batch.tagger import Tagger
from deepsky.batch.xmp import merge
from deepsky.errors import OutputError
from deepsky.imaging.image_data import ImageInfo
from tests.annotation.identified import M_31, identified_record
from tests.batch.outcomes import make_failure, make_outcome
from tests.batch.test_xmp import DARKTABLE, keywords_of, properties_of
from tests.catalogue.sky_fields import field_around

CONTENT = b"an image"
SAVES = """
import itertools, os, sys
path, way, text = sys.argv[1:]
for number in itertools.count():
    content = text.replace("stars", f"save {number}").encode()
    if way == "replace":
        with open(path + "~", "wb") as file:
            file.write(content)
        os.replace(path + "~", path)
    else:
        with open(path, "r+b") as file:
            file.truncate(0)
            file.write(content)
    print(number, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "m51.jpg"
    path.write_bytes(CONTENT)
    return path


def tag(
    path: Path, folder: Path | None = None, content: bytes | None = None, **fields: str
) -> Path:
    """Tag an image next to it, or into a folder, and return the path of the sidecar."""
    Tagger(folder, common_folder([str(path)]))(make_outcome(path, content, **fields))
    return (folder or path.parent) / f"{path.name}.xmp"


def test_sidecar_is_written_next_to_the_image(image: Path) -> None:
    sidecar = tag(image)

    assert keywords_of(sidecar.read_bytes()) == ["deepsky:galaxy", "deepsky:confident"]
    properties = properties_of(sidecar.read_bytes())
    assert properties["probability_galaxy"] == "0.97"
    assert properties["image_sha256"] == "b" * 64
    assert sorted(image.parent.iterdir()) == [image, sidecar]
    assert image.read_bytes() == CONTENT


def test_sidecar_is_written_to_a_folder_with_subfolders(tmp_path: Path) -> None:
    image = tmp_path / "2024" / "m51.jpg"
    outcome = make_outcome(image)

    Tagger(tmp_path / "tags", common_folder([str(tmp_path)]))(outcome)

    sidecar = tmp_path / "tags" / "2024" / "m51.jpg.xmp"
    assert keywords_of(sidecar.read_bytes()) == ["deepsky:galaxy", "deepsky:confident"]


def test_properties_are_escaped(image: Path) -> None:
    properties = properties_of(tag(image, model='<\x07Ünser> "Modell" &\'\n').read_bytes())

    assert properties["model"] == '<\\x07Ünser> "Modell" &\'\\n'


def test_existing_sidecar_is_merged_and_written_only_if_it_changes(image: Path) -> None:
    sidecar = image.with_name("m51.jpg.xmp")
    sidecar.write_text(DARKTABLE, "utf-8")
    sidecar.chmod(0o640)
    tag(image, label="nebula")
    tag(image)
    before = sidecar.stat()

    tag(image)

    assert sidecar.stat() == before
    assert before.st_mode & 0o777 == 0o640
    keywords = keywords_of(sidecar.read_bytes())
    assert keywords == ["Messier", "stars", "deepsky:galaxy", "deepsky:confident"]


def test_malformed_sidecar_is_refused(image: Path) -> None:
    sidecar = image.with_name("m51.jpg.xmp")
    for content in (b"", b"notes", DARKTABLE.encode()[:500]):
        sidecar.write_bytes(content)
        with pytest.raises(OutputError, match=r"m51\.jpg\.xmp: .* not a valid XMP document"):
            tag(image)
        assert sidecar.read_bytes() == content


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("link", "is a link"),
        ("dangling link", "is a link"),
        ("hard link", "several hard links"),
        ("folder", "not a regular file"),
        ("pipe", "not a regular file"),
        ("protected", "write-protected"),
    ],
)
def test_links_and_protected_sidecars_are_not_replaced(
    image: Path, tmp_path: Path, kind: str, reason: str
) -> None:
    sidecar, target = image.with_name("m51.jpg.xmp"), tmp_path / "target"
    match kind:
        case "link":
            target.write_text(DARKTABLE, "utf-8")
            sidecar.symlink_to(target)
        case "dangling link":
            sidecar.symlink_to(target)
        case "hard link":
            target.write_text(DARKTABLE, "utf-8")
            sidecar.hardlink_to(target)
        case "folder":
            sidecar.mkdir()
        case "pipe":
            os.mkfifo(sidecar)
        case _:
            sidecar.write_text(DARKTABLE, "utf-8")
            sidecar.chmod(0o444)
    before = sidecar.lstat().st_ino

    with pytest.raises(OutputError, match=reason):
        tag(image)

    assert sidecar.lstat().st_ino == before
    assert target.exists() == (kind in ("link", "hard link"))
    assert not target.exists() or target.read_text("utf-8") == DARKTABLE


def test_name_without_room_for_the_suffix(tmp_path: Path) -> None:
    image = tmp_path / f"{'銀' * 83}.jpg"
    image.write_bytes(CONTENT)

    with pytest.raises(OutputError, match="leaves no room for the suffix"):
        tag(image)
    tag(image, tmp_path / "tags")

    [sidecar] = (tmp_path / "tags").iterdir()
    assert sidecar.name.startswith("銀銀")
    assert len(os.fsencode(sidecar.name)) <= 255
    assert sidecar.suffix == ".xmp"


def test_archive_member_is_tagged_only_into_a_folder(tmp_path: Path) -> None:
    outcome = make_outcome(tmp_path / "a.zip" / "m51.png", CONTENT)

    Tagger(tmp_path / "tags", common_folder([str(tmp_path)]))(outcome)

    assert (tmp_path / "tags" / "a.zip" / "m51.png.xmp").is_file()
    with pytest.raises(OutputError, match="only next to local files"):
        Tagger(None, ())(outcome)


def test_link_to_an_image_gets_its_own_sidecar(image: Path, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "m51.jpg"
    link.symlink_to(image)

    assert tag(link).is_file()
    assert not image.with_name("m51.jpg.xmp").exists()


def test_unreadable_image_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    outcome = make_outcome(path)

    Tagger(None, ())(Outcome(outcome.source, make_failure(str(path)), content=path))

    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_the_sidecar_unchanged(
    image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sidecar = image.with_name("m51.jpg.xmp")
    sidecar.write_text(DARKTABLE, "utf-8")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="space"):
        tag(image)

    assert sidecar.read_text("utf-8") == DARKTABLE
    assert sorted(image.parent.iterdir()) == [image, sidecar]


@pytest.mark.parametrize("way", ["replace", "overwrite"])
def test_saves_by_another_program_are_not_lost(
    image: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Another program saves the sidecar after it has been read, in each of 30 attempts to tag."""
    sidecar = image.with_name("m51.jpg.xmp")
    sidecar.write_text(DARKTABLE, "utf-8")
    command = [sys.executable, "-c", SAVES, str(sidecar), way, DARKTABLE]
    saved = -1
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def merge_while_another_program_saves(*arguments: object) -> bytes:
            nonlocal saved
            result = merge(*arguments)  # type: ignore[arg-type]
            if saved < number:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(b"\n" if saved >= 0 else b"")
                process.stdin.flush()
                saved = int(process.stdout.readline())
            return result

        monkeypatch.setattr(tagger, "merge", merge_while_another_program_saves)
        for number in range(30):
            tag(image, label="galaxy" if number % 2 else "nebula")
            keywords = keywords_of(sidecar.read_bytes())
            assert keywords[1] == f"save {number}"
            assert keywords[2] == ("deepsky:galaxy" if number % 2 else "deepsky:nebula")
        process.kill()


def test_sidecar_that_changes_constantly_is_reported(
    image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sidecar = image.with_name("m51.jpg.xmp")

    def change(*arguments: object) -> bytes:
        result = merge(*arguments)  # type: ignore[arg-type]
        sidecar.write_text(DARKTABLE.replace("stars", str(time.monotonic_ns())), "utf-8")
        return result

    monkeypatch.setattr(tagger, "merge", change)
    with pytest.raises(OutputError, match="being changed by another program"):
        tag(image)
    assert b"deepsky" not in sidecar.read_bytes()


def test_incomplete_sidecar_is_read_again(image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sidecar = image.with_name("m51.jpg.xmp")
    sidecar.write_text(DARKTABLE[:100], "utf-8")
    monkeypatch.setattr("time.sleep", lambda _: sidecar.write_text(DARKTABLE, "utf-8"))

    tag(image)

    assert keywords_of(sidecar.read_bytes())[:2] == ["Messier", "stars"]


def test_sidecar_of_a_placed_image_names_the_object_and_contains_avm(image: Path) -> None:
    record = identified_record(field_around(*M_31, scale=10, size=(600, 400)))
    info = ImageInfo(width=600, height=400, format="JPEG", stretch=None, sha256="b" * 64)
    outcome = replace(make_outcome(image), record=record, info=info)

    Tagger(None, ())(outcome)

    sidecar = image.with_name("m51.jpg.xmp").read_bytes()
    assert keywords_of(sidecar)[-2:] == ["M 31", "Andromeda Galaxy"]
    assert properties_of(sidecar)["object_kind"] == "spiral galaxy"
    avm = AVM.from_xml(sidecar)
    assert avm.Spatial.ReferenceValue == pytest.approx(list(M_31))
    assert avm.to_wcs().wcs.crpix == pytest.approx([300, 201])


def test_contradicted_object_is_not_named(image: Path) -> None:
    record = identified_record(None, agreement="differs")

    Tagger(None, ())(replace(make_outcome(image), record=record))

    sidecar = image.with_name("m51.jpg.xmp").read_bytes()
    assert b"M 31" not in sidecar
    assert b"Andromeda" not in sidecar
    assert properties_of(sidecar)["agreement"] == "differs"

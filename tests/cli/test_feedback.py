"""Tests for ``deepsky feedback export``."""

import csv
import hashlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import imagehash
import pytest
from PIL import Image
from typer.testing import Result

from deepsky.cli.export_folder import ExportFolder
from deepsky.dataset.manifest import read_manifest
from deepsky.storage import Storage
from deepsky.storage.classifications import delete_classification
from deepsky.storage.clients import add_session, find_session
from deepsky.storage.feedback import Assessment, record_feedback
from deepsky.storage.lists import Filter, list_classifications
from deepsky.taxonomy import Label
from tests.storing import make_jpeg, store

Run = Callable[..., Result]
GiveLabel = Callable[..., None]


@pytest.fixture
def storage(data: Path) -> Iterator[Storage]:
    """The server's storage: its database and image folder."""
    opened = Storage(f"sqlite:///{data / 'deepsky.db'}", data / "images")
    opened.database.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def give_label(storage: Storage) -> GiveLabel:
    """Return a function that classifies an image as a galaxy and stores a client's label for it."""

    def make(who: str, image: str, label: Label, second: Label | None = None) -> None:
        with storage.database.write() as session:
            found = find_session(session, who)
            client = found.id if found else add_session(session, who)
        classification = store(storage, client, content(image))
        with storage.database.write() as session:
            assessment = Assessment("correct" if label == "galaxy" else "incorrect", label, second)
            record_feedback(session, classification, client, assessment)

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Path of a folder that does not exist yet."""
    return tmp_path / "export" / "today"


def content(image: str) -> bytes:
    """Return a JPEG followed by the bytes of a name; only these bytes differ between images."""
    return make_jpeg() + image.encode()


def sha256(image: str) -> str:
    return hashlib.sha256(content(image)).hexdigest()


def exported(folder: Path) -> dict[str, str]:
    """Read the exported manifest, and map the SHA-256 of each image to its label."""
    return {example.path.stem: example.label for example in read_manifest(folder / "manifest.csv")}


def test_training_reads_the_labels_that_most_clients_chose(
    run: Run, give_label: GiveLabel, folder: Path
) -> None:
    give_label("a", "one", "galaxy")
    give_label("a", "two", "nebula")
    give_label("b", "two", "nebula")
    give_label("c", "two", "star_cluster")
    result = run("feedback", "export", folder)

    assert result.exit_code == 0, result.output
    assert exported(folder) == {sha256("one"): "galaxy", sha256("two"): "nebula"}
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = {Path(row["path"]).stem: row for row in csv.DictReader(file)}
    assert rows[sha256("two")] == {
        "path": f"images/{sha256('two')}.jpg",
        "label": "nebula",
        "second_label": "",
        "group": "",
        "phash": str(imagehash.phash(Image.open(folder / "images" / f"{sha256('two')}.jpg"))),
        "source": "feedback",
        "width": "64",
        "height": "48",
        "notes": "votes: 2",
    }
    for example in read_manifest(folder / "manifest.csv"):
        with Image.open(example.path) as image:
            assert (image.format, image.size) == ("JPEG", (64, 48))
        assert b"one" not in example.path.read_bytes()  # the export contains previews, not uploads


def test_second_labels_are_exported(run: Run, give_label: GiveLabel, folder: Path) -> None:
    give_label("a", "one", "nebula", "star_cluster")
    run("feedback", "export", folder)

    [example] = read_manifest(folder / "manifest.csv")
    assert (example.label, example.second_label) == ("nebula", "star_cluster")


def test_ties_are_left_out_and_counted(run: Run, give_label: GiveLabel, folder: Path) -> None:
    give_label("a", "one", "galaxy")
    give_label("a", "two", "galaxy")
    give_label("b", "two", "nebula")
    result = run("feedback", "export", folder)

    assert exported(folder) == {sha256("one"): "galaxy"}
    assert "Images omitted: 1. Several labels were chosen by equally many clients" in result.stderr


@pytest.mark.usefixtures("storage")
def test_without_labels_nothing_is_exported(run: Run, folder: Path) -> None:
    result = run("feedback", "export", folder)

    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing to export" in result.stderr
    assert not folder.exists()


def test_earlier_export_is_replaced(
    run: Run, storage: Storage, give_label: GiveLabel, folder: Path
) -> None:
    give_label("a", "one", "galaxy")
    give_label("a", "two", "galaxy")
    run("feedback", "export", folder)
    (folder / "corrections.csv").write_text("path,column,old,new,reason\n", "utf-8")
    with storage.database.write() as session:
        client = find_session(session, "a")
        assert client is not None
        [(first, _)] = list_classifications(session, client.id, Filter(), "oldest", limit=1).items
        delete_classification(session, client.id, first.id)
    storage.remove_if_unused(sha256("one"))
    give_label("a", "two", "nebula")
    give_label("a", "three", "other")

    assert run("feedback", "export", folder).exit_code == 0
    assert exported(folder) == {sha256("two"): "nebula", sha256("three"): "other"}
    names = sorted(path.name for path in folder.rglob("*"))
    jpegs = sorted(f"{sha256(image)}.jpg" for image in ("two", "three"))
    others = [
        ".deepsky-export.json",
        ".deepsky-export.lock",
        "corrections.csv",
        "manifest.csv",
        "images",
    ]
    assert names == sorted([*others, *jpegs])


def test_interrupted_export_can_be_repeated(
    run: Run, give_label: GiveLabel, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_label("a", "one", "galaxy")

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("imagehash.phash", interrupt)
        assert run("feedback", "export", folder).exit_code not in (0, 1)
    assert run("feedback", "export", folder).exit_code == 0
    assert exported(folder) == {sha256("one"): "galaxy"}


HEADER = "path,label,group,phash,source,width,height,notes\n"
SHA256 = hashlib.sha256(b"mine").hexdigest()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.txt", "mine"),
        ("manifest.csv", "path,label\nimages/mine.jpg,galaxy\n"),
        ("manifest.csv", HEADER),
        ("manifest.csv", HEADER + "images/mine.jpg,galaxy,,,feedback,1,1,votes: 1\n"),
        (".deepsky-export.json", ""),
        (".deepsky-export.json", "[" * 100_000),
        (".deepsky-export.json", '{"kind": "deepsky export 1"}'),
        (".deepsky-export.json", '{"kind": "another", "files": {}}'),
        (".deepsky-export.json", '{"kind": "deepsky export 1", "files": {"images/mine.jpg": 1}}'),
        (
            ".deepsky-export.json",
            json.dumps({"kind": "deepsky export 1", "files": {"images/../../mine.jpg": [SHA256]}}),
        ),
    ],
)
def test_folder_with_other_files_is_refused(
    run: Run, give_label: GiveLabel, folder: Path, name: str, text: str
) -> None:
    give_label("a", "one", "galaxy")
    (folder / "images").mkdir(parents=True)
    own = [folder / "mine.jpg", folder / "images" / "mine.jpg", folder.parent / "mine.jpg"]
    for path in own:
        path.write_bytes(b"mine")
    (folder / name).write_text(text, "utf-8")
    result = run("feedback", "export", folder)

    assert result.exit_code == 2
    assert "contains files, but no earlier export" in result.stderr
    assert all(path.read_bytes() == b"mine" for path in own)
    assert sorted(folder.iterdir()) == sorted(
        [folder / "mine.jpg", folder / "images", folder / name]
    )


def test_other_and_edited_files_are_kept(run: Run, give_label: GiveLabel, folder: Path) -> None:
    for image in ("one", "two", "three", "four"):
        give_label("a", image, "galaxy")
    run("feedback", "export", folder)
    images = folder / "images"
    own = {images / f"{sha256(image)}.jpg": image.encode() for image in ("one", "two")}
    own |= {
        images / "mine.jpg": b"mine",
        images / f"{'a' * 64}.jpg": b"mine",
        folder / "m.csv": b"",
    }
    for path, edited in own.items():
        path.write_bytes(edited)
    for image in ("one", "three"):
        give_label("b", image, "nebula")  # ties: no longer exported

    for _ in range(2):
        result = run("feedback", "export", folder)
        assert result.exit_code == 0, result.output
        assert "Images omitted: 1. Other or edited files are in their place" in result.stderr
        assert {path: path.read_bytes() for path in own} == own
        assert exported(folder) == {sha256("four"): "galaxy"}
    assert not (images / f"{sha256('three')}.jpg").exists()


def test_edited_manifest_is_kept(run: Run, give_label: GiveLabel, folder: Path) -> None:
    give_label("a", "one", "galaxy")
    run("feedback", "export", folder)
    edited = (folder / "manifest.csv").read_text("utf-8").replace("galaxy", "nebula")
    (folder / "manifest.csv").write_text(edited, "utf-8")
    give_label("b", "one", "nebula")
    give_label("b", "two", "nebula")
    result = run("feedback", "export", folder)

    assert result.exit_code == 1
    assert "manifest.csv has been edited" in result.stderr
    assert (folder / "manifest.csv").read_text("utf-8") == edited
    assert (folder / "images" / f"{sha256('one')}.jpg").exists()


def test_files_are_not_written_through_links(
    run: Run, give_label: GiveLabel, folder: Path, tmp_path: Path
) -> None:
    give_label("a", "one", "galaxy")
    give_label("a", "two", "galaxy")
    run("feedback", "export", folder)
    moved = tmp_path / "moved"
    (folder / "images").rename(moved)
    (folder / "images").symlink_to(moved)
    give_label("b", "one", "nebula")
    before = {path.name: path.read_bytes() for path in moved.iterdir()}
    run("feedback", "export", folder)

    assert {path.name: path.read_bytes() for path in moved.iterdir()} == before


def test_export_that_is_killed_while_it_writes_the_manifest_can_be_repeated(
    run: Run, give_label: GiveLabel, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_label("a", "one", "galaxy")
    run("feedback", "export", folder)
    give_label("a", "two", "galaxy")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", interrupt)
        patched.setattr("deepsky.cli.export_folder.ExportFolder._is_foreign", lambda *_: False)
        patched.setattr("deepsky.cli.export_folder._digest", interrupt)
        assert run("feedback", "export", folder).exit_code not in (0, 1)
    give_label("a", "three", "galaxy")
    assert run("feedback", "export", folder).exit_code == 0
    assert len(exported(folder)) == 3


def test_second_export_at_the_same_time_is_refused(
    run: Run, give_label: GiveLabel, folder: Path
) -> None:
    give_label("a", "one", "galaxy")
    with ExportFolder(folder):
        result = run("feedback", "export", folder)

        assert result.exit_code == 1
        assert "another export is writing" in result.stderr
    assert run("feedback", "export", folder).exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_pipe_in_place_of_the_list_is_not_read(
    run: Run, give_label: GiveLabel, folder: Path
) -> None:
    give_label("a", "one", "galaxy")
    folder.mkdir(parents=True)
    os.mkfifo(folder / ".deepsky-export.json")

    assert run("feedback", "export", folder).exit_code == 2


def test_empty_folder_is_accepted(run: Run, give_label: GiveLabel, folder: Path) -> None:
    give_label("a", "one", "galaxy")
    folder.mkdir(parents=True)

    assert run("feedback", "export", folder).exit_code == 0
    assert len(exported(folder)) == 1


def test_missing_and_damaged_images_are_left_out_and_counted(
    run: Run, storage: Storage, give_label: GiveLabel, folder: Path
) -> None:
    give_label("a", "one", "galaxy")
    give_label("a", "two", "nebula")
    give_label("a", "three", "nebula")
    storage.images.path(sha256("one")).unlink()
    storage.images.path(sha256("two")).write_bytes(b"no image")
    result = run("feedback", "export", folder)

    assert exported(folder) == {sha256("three"): "nebula"}
    assert "Images omitted: 2. Files are missing or damaged" in result.stderr


def test_limits_of_the_server_apply(
    run: Run, storage: Storage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gradient, white = Image.linear_gradient("L").resize((8, 8)), Image.new("L", (8, 8), 255)
    frames = [white if number % 2 else gradient for number in range(1001)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    with storage.database.write() as session:
        client = add_session(session, "a")
    classification = store(storage, client, buffer.getvalue())
    with storage.database.write() as session:
        record_feedback(session, classification, client, Assessment("correct", "galaxy"))

    monkeypatch.setenv("DEEPSKY_MAX_FRAMES", "2000")
    run("feedback", "export", folder)
    assert exported(folder) == {classification.image_sha256: "galaxy"}


def test_missing_package_is_reported(
    run: Run, give_label: GiveLabel, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_label("a", "one", "galaxy")
    monkeypatch.setitem(sys.modules, "imagehash", None)
    result = run("feedback", "export", folder)

    assert result.exit_code == 1
    assert "pip install 'deepsky[evaluate]'" in result.stderr
    assert not folder.exists()


def test_folder_that_cannot_be_created_is_reported(
    run: Run, give_label: GiveLabel, tmp_path: Path
) -> None:
    give_label("a", "one", "galaxy")
    (tmp_path / "file").touch()
    result = run("feedback", "export", tmp_path / "file" / "folder")

    assert result.exit_code == 1
    assert "cannot write" in result.stderr

"""``deepsky feedback export``: what people said, as a manifest that training takes."""

import csv
import hashlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import imagehash
import pytest
from PIL import Image
from typer.testing import Result

from deepsky.dataset.manifest import read_manifest
from deepsky.storage import Storage
from deepsky.storage.classifications import Filter, delete_classification, list_classifications
from deepsky.storage.clients import add_session, find_session
from deepsky.storage.feedback import record_feedback
from deepsky.taxonomy import Label
from tests.storing import image_of, keep

Run = Callable[..., Result]
Say = Callable[[str, str, Label], None]


@pytest.fixture
def storage(data: Path) -> Iterator[Storage]:
    """What the server keeps."""
    opened = Storage(f"sqlite:///{data / 'deepsky.db'}", data / "images")
    opened.database.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def says(storage: Storage) -> Say:
    """Has somebody say what an image shows, all of which the model calls a galaxy."""

    def make(who: str, image: str, label: Label) -> None:
        with storage.database.write() as session:
            client = find_session(session, who) or add_session(session, who)
        answer = keep(storage, client, content(image))
        with storage.database.write() as session:
            record_feedback(
                session, answer, client, "correct" if label == "galaxy" else "incorrect", label
            )

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "export" / "today"


def content(image: str) -> bytes:
    """Make an image that differs from others, after its end."""
    return image_of() + image.encode()


def sha256(image: str) -> str:
    return hashlib.sha256(content(image)).hexdigest()


def exported(folder: Path) -> dict[str, str]:
    """The label of each image, by its SHA-256, as training reads it."""
    return {example.path.stem: example.label for example in read_manifest(folder / "manifest.csv")}


def test_training_reads_what_people_agree_on(run: Run, says: Say, folder: Path) -> None:
    says("a", "one", "galaxy")
    says("a", "two", "nebula")
    says("b", "two", "nebula")
    says("c", "two", "star_cluster")
    result = run("feedback", "export", folder)

    assert result.exit_code == 0, result.output
    assert exported(folder) == {sha256("one"): "galaxy", sha256("two"): "nebula"}
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = {Path(row["path"]).stem: row for row in csv.DictReader(file)}
    assert rows[sha256("two")] == {
        "path": f"images/{sha256('two')}.jpg",
        "label": "nebula",
        "group": "",
        "phash": str(imagehash.phash(Image.open(folder / "images" / f"{sha256('two')}.jpg"))),
        "source": "feedback",
        "width": "64",
        "height": "48",
        "notes": "said by 2",
    }
    for example in read_manifest(folder / "manifest.csv"):
        with Image.open(example.path) as image:
            assert (image.format, image.size) == ("JPEG", (64, 48))
        assert b"one" not in example.path.read_bytes()  # what is shown, not what was sent


def test_a_tie_is_left_out_and_counted(run: Run, says: Say, folder: Path) -> None:
    says("a", "one", "galaxy")
    says("a", "two", "galaxy")
    says("b", "two", "nebula")
    result = run("feedback", "export", folder)

    assert exported(folder) == {sha256("one"): "galaxy"}
    assert "Images left out: 1. People disagree" in result.stderr


@pytest.mark.usefixtures("storage")
def test_nothing_said_yet_is_no_export(run: Run, folder: Path) -> None:
    result = run("feedback", "export", folder)

    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing to export" in result.stderr
    assert not folder.exists()


def test_an_earlier_export_is_replaced(run: Run, storage: Storage, says: Say, folder: Path) -> None:
    says("a", "one", "galaxy")
    says("a", "two", "galaxy")
    run("feedback", "export", folder)
    (folder / "corrections.csv").write_text("path,column,old,new,reason\n", "utf-8")
    with storage.database.write() as session:
        client = find_session(session, "a")
        assert client is not None
        [(first, _)] = list_classifications(session, client, Filter(), "oldest", limit=1).items
        delete_classification(session, client, first.id)
    storage.remove_if_unused(sha256("one"))
    says("a", "two", "nebula")
    says("a", "three", "other")

    assert run("feedback", "export", folder).exit_code == 0
    assert exported(folder) == {sha256("two"): "nebula", sha256("three"): "other"}
    names = sorted(path.name for path in folder.rglob("*"))
    jpegs = sorted(f"{sha256(image)}.jpg" for image in ("two", "three"))
    assert names == sorted(["corrections.csv", "manifest.csv", "images", *jpegs])


def test_an_interrupted_export_can_be_repeated(
    run: Run, says: Say, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says("a", "one", "galaxy")

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("imagehash.phash", interrupt)
        assert run("feedback", "export", folder).exit_code not in (0, 1)
    assert run("feedback", "export", folder).exit_code == 0
    assert exported(folder) == {sha256("one"): "galaxy"}


@pytest.mark.parametrize("name", ["notes.txt", "manifest.csv"])
def test_a_folder_that_holds_something_else_is_refused(
    run: Run, says: Say, folder: Path, name: str
) -> None:
    says("a", "one", "galaxy")
    folder.mkdir(parents=True)
    (folder / name).write_text("path,label\nx.jpg,galaxy\n", "utf-8")
    result = run("feedback", "export", folder)

    assert result.exit_code == 2
    assert "holds something else" in result.stderr
    assert [path.name for path in folder.iterdir()] == [name]


def test_an_empty_folder_is_taken(run: Run, says: Say, folder: Path) -> None:
    says("a", "one", "galaxy")
    folder.mkdir(parents=True)

    assert run("feedback", "export", folder).exit_code == 0
    assert len(exported(folder)) == 1


def test_a_lost_or_damaged_image_is_left_out_and_counted(
    run: Run, storage: Storage, says: Say, folder: Path
) -> None:
    says("a", "one", "galaxy")
    says("a", "two", "nebula")
    says("a", "three", "nebula")
    storage.images.path(sha256("one")).unlink()
    storage.images.path(sha256("two")).write_bytes(b"no image")
    result = run("feedback", "export", folder)

    assert exported(folder) == {sha256("three"): "nebula"}
    assert "Images left out: 2. They are missing or damaged" in result.stderr


def test_what_the_server_was_set_to_take_is_exported(
    run: Run, storage: Storage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = [Image.new("L", (8, 8), 255 * (number % 2)) for number in range(1001)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    with storage.database.write() as session:
        client = add_session(session, "a")
    answer = keep(storage, client, buffer.getvalue())
    with storage.database.write() as session:
        record_feedback(session, answer, client, "correct", "galaxy")

    monkeypatch.setenv("DEEPSKY_MAX_FRAMES", "2000")
    run("feedback", "export", folder)
    assert exported(folder) == {answer.image_sha256: "galaxy"}


def test_a_package_that_is_not_installed_is_told(
    run: Run, says: Say, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says("a", "one", "galaxy")
    monkeypatch.setitem(sys.modules, "imagehash", None)
    result = run("feedback", "export", folder)

    assert result.exit_code == 1
    assert "pip install 'deepsky[evaluate]'" in result.stderr
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_told(run: Run, says: Say, tmp_path: Path) -> None:
    says("a", "one", "galaxy")
    (tmp_path / "file").touch()
    result = run("feedback", "export", tmp_path / "file" / "folder")

    assert result.exit_code == 1
    assert "cannot be written" in result.stderr

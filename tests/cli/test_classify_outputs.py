"""Tests for the actions and summaries of ``deepsky classify``."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from deepsky.classifier import Classifier, classify_prepared
from deepsky.models.preparation import Prepared
from tests.plain_image import plain_image

Run = Callable[..., Result]

COLOURS = {"galaxy": (255, 230, 0), "nebula": (255, 0, 0), "star_cluster": (5, 0, 255)}
CLASSIFY = "deepsky.batch.source_classifier.classify_prepared"
OPTIONS = ("--sort-into", "sorted", "--tag", "tagged", "--explain", "why", "--summary", "sum")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Current folder during the test, which contains a folder of images."""
    (tmp_path / "night" / "later").mkdir(parents=True)
    for name, colour in COLOURS.items():
        plain_image("RGB", (64, 48), colour).save(tmp_path / "night" / f"{name}.jpg")
    plain_image("RGB", (64, 48), COLOURS["nebula"]).save(
        tmp_path / "night" / "later" / "nebula.jpg"
    )
    (tmp_path / "night" / "empty.jpg").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(*folders: str) -> dict[str, bytes]:
    return {
        path.as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


@pytest.mark.usefixtures("place")
def test_all_actions_run_together(run: Run) -> None:
    before = files("night")
    result = run("classify", ".", *OPTIONS, "--output", "all.csv")

    assert result.exit_code == 1
    assert "5 images: 4 classified, 1 could not be read." in result.stderr
    assert "Could not be read: empty_file 1." in result.stderr
    assert files("night") == before
    assert list(files("sorted")) == [
        "sorted/galaxy/confident/night/galaxy.jpg",
        "sorted/nebula/confident/night/later/nebula.jpg",
        "sorted/nebula/confident/night/nebula.jpg",
        "sorted/star_cluster/confident/night/star_cluster.jpg",
    ]
    assert [name.removeprefix("tagged/").removesuffix(".xmp") for name in files("tagged")] == [
        name.removeprefix("why/").removesuffix(".jpg") for name in files("why")
    ]
    assert b"deepsky:nebula" in files("tagged")["tagged/night/later/nebula.jpg.xmp"]
    assert "sum/summary.html" in files("sum")


@pytest.mark.usefixtures("place")
def test_outputs_are_not_classified_when_the_command_is_repeated(run: Run) -> None:
    for _ in range(2):
        run("classify", ".", *OPTIONS, "--format", "json", "--output", "all.json")
        assert len(json.loads(Path("all.json").read_text())) == 5


@pytest.mark.usefixtures("place")
def test_interrupted_run_resumes_all_actions(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("classify", "night", *OPTIONS, "--output", "whole.csv")
    whole = files("sorted", "tagged", "why")
    calls = 0

    def interrupt(classifier: Classifier, images: list[Prepared]) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return classify_prepared(classifier, images)

    again = [option.replace("sorted", "s").replace("tagged", "t").replace("why", "w")
             for option in OPTIONS]  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(CLASSIFY, interrupt)
        assert run("classify", "night", *again, "--output", "all.csv").exit_code == 130
    changed = run("classify", "night", "--output", "all.csv")
    result = run("classify", "night", *again, "--output", "all.csv")

    assert changed.exit_code == 2
    assert "sort_into was s, now not set" in changed.stderr
    assert "Resuming" in result.stderr
    assert Path("all.csv").read_bytes() == Path("whole.csv").read_bytes()
    assert list(files("s", "t", "w").values()) == list(whole.values())


@pytest.mark.usefixtures("place")
def test_interrupted_run_that_tags_in_place_resumes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The images are not changed, and the sidecars are not classified."""
    before = run("classify", "night", "--format", "jsonl").stdout
    calls = 0

    def interrupt(classifier: Classifier, images: list[Prepared]) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return classify_prepared(classifier, images)

    options = ("night", "--in-place", "--workers", "1", "--output", "all.jsonl")
    with monkeypatch.context() as patch:
        patch.setattr(CLASSIFY, interrupt)
        assert run("classify", *options).exit_code == 130
    result = run("classify", *options)

    assert result.exit_code == 1
    assert Path("all.jsonl").read_text() == before
    assert b"deepsky:galaxy" in Path("night/galaxy.jpg.xmp").read_bytes()
    assert run("classify", "night/*", "night/**/*", "--format", "jsonl").stdout.count("xmp") == 0


@pytest.mark.usefixtures("place")
def test_failed_action_is_reported_and_the_run_continues(run: Run) -> None:
    plain_image("RGB", (64, 48), (0, 255, 0)).save("night/\x1bother.bmp")
    Path("tagged/night/\x1bother.bmp.xmp").mkdir(parents=True)

    result = run("classify", ".", "--tag", "tagged", "--format", "json")

    assert result.exit_code == 1
    assert r"night/\x1bother.bmp: tagged/night/\x1bother.bmp.xmp is a link or not" in result.stderr
    assert "1 output failed (see the messages above)." in result.stderr
    assert len(json.loads(result.stdout)) == 6
    assert len(files("tagged")) == 4


@pytest.mark.usefixtures("place")
def test_folder_that_cannot_be_written_is_reported(run: Run) -> None:
    Path("file").touch()

    result = run("classify", "night", "--explain", "file/below", "--format", "json")

    assert result.exit_code == 1
    assert ": file/below" in result.stderr
    assert "[Errno" not in result.stderr


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["night", "--tag", "night"], "night is inside the output folder night"),
        (["night", "--explain", "."], "night is inside the output folder ."),
        (
            ["night/nebula.jpg", "--tag", "night"],
            "night/nebula.jpg is inside the output folder",
        ),
        (["--from", "-", "--tag", "."], "@- is inside the output folder ."),
        (["night/*.jpg", "--tag", "night"], "night/*.jpg is inside the output folder night"),
        (["night/**/*.jpg", "--explain", "."], "night/**/*.jpg is inside the output folder ."),
        (["night", "--output", "device"], "device is not a regular file"),
        (["night", "--output", "night/galaxy.jpg"], "night/galaxy.jpg is an image"),
        (["night", "--output", "old.zip"], "old.zip is an image, an archive"),
        (
            ["--from", "list.txt", "--output", "list.txt"],
            "list.txt is an image, an archive",
        ),
        (["night", "--tag", "new", "--explain", "./new"], "Choose a separate folder for each"),
        (["night", "--tag", "tagged", "--in-place"], "not both"),
        (["night", "--sort-into", "sorted", "--placing", "move"], "symlink"),
    ],
)
def test_outputs_that_would_overwrite_images_are_refused(
    run: Run, arguments: list[str], reason: str
) -> None:
    os.mkfifo("device")
    Path("list.txt").write_text("night")
    Path("old.zip").write_bytes(b"PK")
    before = files(".")
    result = run("classify", *arguments)

    assert result.exit_code == 2
    assert reason in result.stderr
    assert files(".") == before
    assert Path("device").is_fifo()


@pytest.mark.usefixtures("place")
def test_images_in_the_folder_for_sidecars_are_not_changed(run: Run) -> None:
    before = files("night")
    result = run("classify", "night/nebula.jpg", "night/galaxy.jpg", "--tag", "night/later")

    assert result.exit_code == 0
    assert files("night").items() >= before.items()
    assert b"deepsky:galaxy" in files("night")["night/later/galaxy.jpg.xmp"]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("name", ["summary.html", "galaxy.png"])
def test_summary_never_replaces_other_files(run: Run, name: str) -> None:
    Path("report").mkdir()
    Path("report", name).write_bytes(b"mine")
    result = run("classify", "night", "--summary", "report")

    assert result.exit_code == 2
    assert f"report/{name} already exists and is not part of an earlier summary" in result.stderr
    assert files("report") == {f"report/{name}": b"mine"}


@pytest.mark.usefixtures("place")
def test_earlier_summary_is_replaced(run: Run) -> None:
    for _ in range(2):
        assert run("classify", "night/galaxy.jpg", "--summary", "report").exit_code == 0
    assert list(files("report")) == ["report/galaxy.png", "report/summary.html"]


@pytest.mark.usefixtures("place")
def test_write_protected_output_is_not_replaced(run: Run) -> None:
    Path("all.csv").write_text("mine")
    Path("all.csv").chmod(0o444)
    result = run("classify", "night", "--output", "all.csv")

    assert result.exit_code == 2
    assert "all.csv is write-protected" in result.stderr
    assert Path("all.csv").read_text() == "mine"


@pytest.mark.usefixtures("place")
def test_symlinked_output_stays_a_symlink(run: Run) -> None:
    Path("answers.csv").touch()
    Path("link.csv").symlink_to("answers.csv")
    result = run("classify", "night/galaxy.jpg", "--output", "link.csv")

    assert result.exit_code == 0
    assert Path("link.csv").is_symlink()
    assert "galaxy" in Path("answers.csv").read_text()

"""Tests for `deepsky.run`: outputs, events, resuming and errors."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deepsky.batch.events import ActionFailed, Event, RecordProduced, Started
from deepsky.batch.job import Job
from deepsky.batch.run import classify_many, run
from deepsky.batch.writers import Format
from deepsky.classifier import Classifier
from deepsky.errors import (
    DeepskyError,
    JobError,
    JournalError,
    ModelNotFoundError,
    OutputError,
    SourceError,
)
from tests.plain_image import plain_image

COLOURS = {"a": (255, 230, 0), "b": (255, 0, 0), "c": (0, 0, 255)}


pytestmark = pytest.mark.usefixtures("tiny_classifier", "images")


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with three images and an empty file. It is in the current folder during the test."""
    folder = tmp_path / "images"
    folder.mkdir()
    for name, colour in COLOURS.items():
        plain_image("RGB", (40, 30), colour).save(folder / f"{name}.png")
    (folder / "empty.png").touch()
    monkeypatch.chdir(tmp_path)
    return folder


def test_output_contains_the_records_and_the_summary_counts_them() -> None:
    summary = run(Job("images", output="all.json"))

    records = json.loads(Path("all.json").read_text())
    assert [record["label"] for record in records] == ["galaxy", "nebula", "star_cluster", None]
    assert summary.images == 4
    assert summary.answers["nebula", "confident"] == 1
    assert summary.failures == {"empty_file": 1}
    assert (summary.resumed, summary.failed_actions) == (0, 0)
    assert not list(Path().glob(".*"))


def test_run_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    run(Job(["images", "missing.png"], output="all.csv", tag_into="tagged", summary_into="sum"))

    assert capfd.readouterr() == ("", "")


def test_records_are_those_of_classify_many() -> None:
    events: list[Event] = []

    run(Job(Path("images")), events.append)

    assert events[0] == Started(kept=0)
    records = [event.record for event in events if isinstance(event, RecordProduced)]
    assert records == list(classify_many("images"))


@pytest.mark.parametrize("name", [each.value for each in Format])
def test_every_format_is_written_to_files_and_streams(name: str) -> None:
    stream = io.BytesIO()

    run(Job("images", output=stream, format=name))
    run(Job("images", output="all", format=name))

    assert stream.getvalue() == Path("all").read_bytes()
    assert len(stream.getvalue()) > 300


def test_model_is_a_name_a_bundle_or_a_classifier(tiny_classifier: Classifier) -> None:
    def written(model: Any) -> str:
        run(Job("images", model, output="all.csv"))
        return Path("all.csv").read_text()

    assert written(tiny_classifier) == written("efficientnet") == written(tiny_classifier.bundle)


def test_all_actions_run_together() -> None:
    summary = run(
        Job(
            "images",
            output="all.csv",
            sort_into="sorted",
            placing="symlink",
            tag_into="tagged",
            explain_into="overlays",
            summary_into="summary",
        )
    )

    def count(folder: str) -> int:
        return sum(path.is_file() for path in Path(folder).rglob("*"))

    assert summary.failed_actions == 0
    assert Path("sorted/galaxy/confident/a.png").is_symlink()
    assert (count("sorted"), count("tagged"), count("overlays")) == (3, 3, 3)
    assert b"deepsky:nebula" in Path("tagged/b.png.xmp").read_bytes()
    assert "empty_file" in Path("summary/summary.html").read_text()


def test_failed_actions_are_events_and_do_not_end_the_run(images: Path) -> None:
    plain_image("RGB", (40, 30)).save(images / "d.bmp")
    Path("tagged/d.bmp.xmp").mkdir(parents=True)
    events: list[Event] = []

    summary = run(Job("images", output="all.csv", tag_into="tagged"), events.append)

    [failed] = [event for event in events if isinstance(event, ActionFailed)]
    assert failed.path == "images/d.bmp"
    assert isinstance(failed.error, DeepskyError)
    assert (summary.images, summary.failed_actions) == (5, 1)


def interrupt_after(count: int) -> Callable[[Event], None]:
    """Return an event handler that raises `KeyboardInterrupt` after `count` records."""
    events: list[Event] = []

    def handle(event: Event) -> None:
        events.append(event)
        if len(events) == 1 + count:
            raise KeyboardInterrupt

    return handle


def test_interrupted_run_resumes(images: Path) -> None:
    run(Job("images", output="whole.csv"))
    with pytest.raises(KeyboardInterrupt):
        run(Job("images", output="all.csv", workers=1), interrupt_after(3))
    assert not Path("all.csv").exists()
    times = (images / "a.png").stat()
    (images / "a.png").write_bytes(b"?" * times.st_size)  # a resumed run must not read this file
    os.utime(images / "a.png", ns=(times.st_atime_ns, times.st_mtime_ns))
    events: list[Event] = []

    summary = run(Job("images", output="all.csv"), events.append)

    assert isinstance(events[0], Started)
    assert events[0].kept >= 3
    assert summary.resumed == events[0].kept
    assert Path("all.csv").read_bytes() == Path("whole.csv").read_bytes()


def test_changed_settings_are_refused_until_restart() -> None:
    with pytest.raises(KeyboardInterrupt):
        run(Job("images", output="all.csv"), interrupt_after(2))

    with pytest.raises(JournalError, match=r"min_confidence was 0, now 0\.5"):
        run(Job("images", output="all.csv", min_confidence=0.5))

    summary = run(Job("images", output="all.csv", min_confidence=0.5, restart=True))
    assert (summary.images, summary.resumed) == (4, 0)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"paths": []}, "No images given"),
        ({"paths": "-"}, "standard input"),
        ({"workers": 0}, "at least 1, not 0"),
        ({"seconds": 0}, "greater than 0"),
        ({"seconds": float("nan")}, "greater than 0"),
        ({"min_confidence": 2}, "between 0 and 1"),
        ({"restart": True}, "output file"),
        ({"placing": "copy"}, "folder to sort into"),
        ({"tag_into": "tagged", "in_place": True}, "not both"),
        ({"tag_into": "new", "explain_into": "./new"}, "separate folder for each"),
        ({"summary_into": "."}, "images is inside the output folder"),
        ({"output": "images/a.png"}, "images/a.png is an image"),
        ({"output": "images"}, "images is not a regular file"),
        ({"paths": "@list", "output": "list"}, "list is an image, an archive or a list"),
        ({"output": io.BytesIO(), "ray": "local"}, "output file"),
        ({"format": "xml"}, "Format must be one of table, json"),
        ({"placing": "move", "sort_into": "sorted"}, "Placing must be one of copy"),
    ],
)
def test_invalid_jobs_are_refused(options: dict[str, Any], reason: str) -> None:
    Path("list").write_text("images")
    before = sorted(Path().rglob("*"))

    with pytest.raises(JobError, match=reason):
        run(Job(**{"paths": "images", **options}))

    assert issubclass(JobError, ValueError)
    assert sorted(Path().rglob("*")) == before


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux has /proc")
def test_interrupted_run_is_not_resumed_with_another_stretch(images: Path) -> None:
    def interrupt(event: Event) -> None:
        if isinstance(event, RecordProduced):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(Job(images, output="all.csv", stretch="asinh"), interrupt)
    with pytest.raises(JournalError, match="stretch was asinh, now auto"):
        run(Job(images, output="all.csv"))

    assert run(Job(images, output="all.csv", stretch="asinh")).images == 4


def test_link_to_a_pipe_is_refused_as_output() -> None:
    """/dev/stdout is a link to a pipe if standard output is piped to another program."""
    ends = os.pipe()
    try:
        Path("link").symlink_to(f"/proc/self/fd/{ends[1]}")
        with pytest.raises(JobError, match="link is not a regular file"):
            run(Job("images", output="link"))
    finally:
        for end in ends:
            os.close(end)


def test_binary_format_is_not_written_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)

    with pytest.raises(JobError, match="terminal"):
        run(Job("images", output=stream, format="parquet"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("name", ["json", "csv", "votable"])
def test_full_disk_is_an_output_error(name: str) -> None:
    with (
        Path("/dev/full").open("wb", buffering=0) as full,
        pytest.raises(OutputError, match="Cannot"),
    ):
        run(Job("images", output=full, format=name))


def test_missing_library_is_an_output_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "deepsky.batch.writers.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(OutputError, match=r"deepsky\[parquet\]"):
        run(Job("images", output="all.parquet"))


def test_errors_are_raised() -> None:
    with pytest.raises(ModelNotFoundError):
        run(Job("images", "vgg99"))
    with pytest.raises(SourceError, match="nowhere"):
        run(Job("@nowhere"))
    with pytest.raises(JournalError, match="nowhere"):
        run(Job("images", output="nowhere/all.csv"))


def test_paths_are_neither_patterns_nor_lists(images: Path) -> None:
    (images / "a.png").rename("@a[b].png")

    summary = run(Job([Path("@a[b].png")], output="all.csv", sort_into="sorted"))

    assert summary.failures == {}
    assert Path("sorted/galaxy/confident/@a[b].png").exists()

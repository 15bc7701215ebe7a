"""Tests for the pipeline: order of records, limits, actions, and images that hang or fail."""

import io
import os
import signal
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from subprocess import Popen
from threading import Event, Lock
from typing import Any

import numpy as np
import pytest
from PIL import Image

from deepsky.batch import pipeline as pipeline_module
from deepsky.batch.actions import Action, Result
from deepsky.batch.discovery import find_sources
from deepsky.batch.job import Job
from deepsky.batch.journal import Journal
from deepsky.batch.outcome import Outcome
from deepsky.batch.pipeline import Pipeline
from deepsky.batch.sources import Source
from deepsky.classification import classify_file
from deepsky.classifier import Classifier
from deepsky.errors import SourceError
from deepsky.imaging import Limits
from deepsky.imaging.processes import reader_process
from deepsky.record import Record
from tests.plain_image import plain_image

COLOURS = {"galaxy": (255, 230, 0), "nebula": (250, 10, 5), "star_cluster": (5, 0, 255)}
PATIENCE = 60
"""Timeout in seconds after which a waiting test fails."""


def encode(colour: tuple[int, int, int], side: int = 40) -> bytes:
    buffer = io.BytesIO()
    plain_image("RGB", (side, side), colour).save(buffer, "PNG")
    return buffer.getvalue()


IMAGE = encode(COLOURS["galaxy"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Folder with 26 large and small images and four files that are not images."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(30):
        colour = list(COLOURS.values())[number % 3]
        (folder / f"{number:02}.png").write_bytes(encode(colour, 20 if number % 7 else 1500))
    for number in (3, 4, 20, 29):
        (folder / f"{number:02}.png").write_bytes(b"" if number % 2 else b"no image")
    return folder


def sources_of(*contents: bytes) -> list[Source]:
    return [Source(f"{number}.png", partial(bytes, c)) for number, c in enumerate(contents)]


def codes(records: Iterator[Record]) -> list[str | None]:
    return [record["error"] and record["error"]["code"] for record in records]


def classify(
    classifier: Classifier,
    sources: Iterable[Source],
    actions: Sequence[Action] = (),
    journal: Journal | None = None,
    **options: Any,
) -> Generator[Record]:
    """Classify sources with a pipeline and yield their records."""
    pipeline = Pipeline(Job((), classifier, **options), actions, journal)
    with closing(pipeline.run(sources)) as results:
        for result in results:
            yield result.record


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[int]]:
    """Return a function that returns the process IDs of the running reader processes."""
    start, started = reader_process._start, []

    def remember(command: list[str], handle: int) -> Popen[bytes]:
        started.append(start(command, handle))
        return started[-1]

    monkeypatch.setattr(reader_process, "_start", remember)
    return lambda: [process.pid for process in started if process.poll() is None]


def test_records_equal_those_of_single_files_in_source_order(
    tiny_classifier: Classifier, folder: Path
) -> None:
    records = list(classify(tiny_classifier, find_sources([folder]), workers=3))

    assert records == [classify_file(tiny_classifier, path) for path in sorted(folder.iterdir())]
    assert [record["label"] is None for record in records].count(True) == 4


def test_number_of_images_in_progress_is_limited(tiny_classifier: Classifier) -> None:
    inside, most, lock = 0, 0, Lock()

    def load() -> bytes:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        return IMAGE

    def done(_outcome: Outcome) -> None:
        nonlocal inside
        with lock:
            inside -= 1

    sources = [Source(str(number), load) for number in range(40)]
    assert len(list(classify(tiny_classifier, sources, workers=1, actions=[done]))) == 40
    assert most <= 2


def test_streamed_source_is_loaded_before_the_next_is_requested(
    tiny_classifier: Classifier,
) -> None:
    loaded = 0

    def load() -> bytes:
        nonlocal loaded
        loaded += 1
        return IMAGE

    def stream() -> Iterator[Source]:
        for number in range(20):
            yield Source(str(number), load, is_streamed=True)
            assert loaded == number + 1, "requested before the source was loaded"

    assert codes(classify(tiny_classifier, stream(), workers=2)) == [None] * 20


def test_slow_image_does_not_stop_others_until_too_many_results_wait(
    tiny_classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "MAX_WAITING", 10)
    requested, done, enough = 0, 0, Event()

    def hang() -> bytes:
        assert enough.wait(PATIENCE)
        time.sleep(0.1)  # without the limit, more sources would be requested now
        assert requested <= 10
        return IMAGE

    def sources() -> Iterator[Source]:
        nonlocal requested
        yield Source("slow", hang)
        for requested in range(1, 51):
            yield Source(str(requested), lambda: IMAGE)

    def count(_outcome: Outcome) -> None:
        nonlocal done
        done += 1
        if done == 9:  # MAX_WAITING results, including the slow one, are pending
            enough.set()

    running = classify(tiny_classifier, sources(), workers=1, actions=[count])

    assert [record["path"] for record in running] == ["slow", *map(str, range(1, 51))]


def test_hanging_reader_loses_one_image(
    tiny_classifier: Classifier, readers: Callable[[], list[int]]
) -> None:
    stopped: list[int] = []
    first = Lock()

    def stop(_outcome: Outcome) -> None:
        if first.acquire(blocking=False):  # actions run in several threads
            stopped.extend(readers())
            for process in stopped:
                os.kill(process, signal.SIGSTOP)

    images = sources_of(*[IMAGE] * 8)
    records = classify(tiny_classifier, images, [stop], workers=1, seconds=3)

    assert sorted(codes(records), key=str) == [None] * 7 + ["read_timeout"]
    assert len(stopped) == 1


def test_killed_reader_loses_at_most_one_image(
    tiny_classifier: Classifier, readers: Callable[[], list[int]]
) -> None:
    killed: list[int] = []
    first = Lock()

    def kill(_outcome: Outcome) -> None:
        if first.acquire(blocking=False):  # actions run in several threads
            killed.extend(readers())
            for process in killed:
                os.kill(process, signal.SIGKILL)

    images = sources_of(*[IMAGE] * 8)
    found = codes(classify(tiny_classifier, images, workers=1, actions=[kill]))

    assert found.count(None) >= 7
    assert set(found) <= {None, "corrupt_image"}


def test_bug_in_preprocessing_loses_one_image(tiny_classifier: Classifier) -> None:
    pipeline = Pipeline(Job((), tiny_classifier, workers=1))
    pipeline._classifier._work = len  # type: ignore[assignment]  # fails with TypeError

    [result] = pipeline.run(sources_of(IMAGE))
    record = result.record

    assert record["error"]
    assert record["error"]["code"] == "image_error"
    assert "TypeError" in record["error"]["message"]


def test_deleted_file_gets_error_record(tiny_classifier: Classifier, folder: Path) -> None:
    sources = list(find_sources([folder]))
    (folder / "07.png").unlink()

    found = codes(classify(tiny_classifier, sources, workers=2))

    assert found[7] == "file_not_found"
    assert found.count(None) == 25


def test_remote_file_over_the_time_limit_gets_error_record(tiny_classifier: Classifier) -> None:
    never = Event()

    def hang() -> bytes:
        never.wait()
        return IMAGE

    sources = [
        Source("https://example.org/never.png", hang),
        Source("https://example.org/a.png", lambda: IMAGE),
    ]

    found = codes(classify(tiny_classifier, sources, workers=1, seconds=1))

    assert found == ["read_timeout", None]
    never.set()


@pytest.mark.parametrize("hanging", ["reader", "fetch", "sources"])
def test_closing_stops_the_pipeline_immediately(
    tiny_classifier: Classifier, hanging: str, readers: Callable[[], list[int]]
) -> None:
    never = Event()

    def hang() -> bytes:
        never.wait()
        return IMAGE

    def stop_readers(_outcome: Outcome) -> None:
        for process in readers():
            os.kill(process, signal.SIGSTOP)

    def sources() -> Iterator[Source]:
        yield Source("0.png", lambda: IMAGE)
        while hanging == "reader":
            yield Source("1.png", lambda: IMAGE)
        if hanging == "fetch":
            yield Source("memory://never.png", hang)
        never.wait()

    actions = [stop_readers] if hanging == "reader" else []
    seconds = 10 * PATIENCE
    running = classify(tiny_classifier, sources(), actions, workers=1, seconds=seconds)
    next(running)
    running.close()

    assert readers() == []
    never.set()


def test_source_error_is_raised_after_the_records_before_it(
    tiny_classifier: Classifier, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(IMAGE)
    named = [str(tmp_path / "a.png"), "@nowhere"]
    running = classify(tiny_classifier, find_sources(named), workers=1)

    assert next(running)["label"] == "galaxy"
    with pytest.raises(SourceError, match="nowhere"):
        next(running)


def test_image_over_the_limits_gets_error_record(tiny_classifier: Classifier) -> None:
    images = sources_of(IMAGE, encode((1, 2, 3), 20))
    records = classify(tiny_classifier, images, workers=1, limits=Limits(max_pixels=500))

    assert codes(records) == ["too_many_pixels", None]


def test_actions_receive_content_evidence_and_preview(
    tiny_classifier: Classifier, folder: Path
) -> None:
    seen: dict[str, Outcome] = {}

    def see(outcome: Outcome) -> None:
        seen[outcome.source.name] = outcome

    missing = str(folder / "missing.png")
    sources = [
        *sources_of(IMAGE),
        *find_sources([str(folder / "00.png"), str(folder / "03.png"), missing]),
    ]
    records = list(
        classify(tiny_classifier, sources, workers=1, actions=[see], explain_into="unused")
    )

    assert [seen[record["path"]].record for record in records] == records
    member, file, empty, absent = (seen[record["path"]] for record in records)
    expected = tiny_classifier.classify(np.asarray(Image.open(io.BytesIO(IMAGE)))).evidence
    assert member.content == IMAGE
    assert member.evidence is not None
    assert np.array_equal(member.evidence, expected)
    assert Image.open(io.BytesIO(member.preview or b"")).size == (40, 40)
    assert file.content == folder / "00.png"
    assert (empty.content, empty.evidence, empty.preview) == (folder / "03.png", None, None)
    assert (absent.content, absent.evidence, absent.preview) == (Path(missing), None, None)


def test_failed_action_is_returned_and_repeated_when_the_run_resumes(
    tiny_classifier: Classifier, folder: Path, tmp_path: Path
) -> None:
    called: list[str] = []

    def fail(outcome: Outcome) -> None:
        if outcome.source.name.endswith("7.png"):
            raise OSError(28, "No space left on device")

    def note(outcome: Outcome) -> None:
        called.append(Path(outcome.source.name).name)

    def run(*actions: Action) -> list[Result]:
        with Journal(tmp_path / "all.csv", {}) as journal:
            pipeline = Pipeline(Job((), tiny_classifier, workers=2), actions, journal)
            return list(pipeline.run(find_sources([folder])))

    first = run(fail, note)
    failed = {Path(r.record["path"]).name: r.action_errors for r in first if r.action_errors}
    assert sorted(failed) == ["07.png", "17.png", "27.png"]
    assert "No space left" in str(failed["07.png"])
    assert sorted(called) == sorted(path.name for path in folder.iterdir())

    called.clear()
    second = run(note)
    assert [result.record for result in second] == [result.record for result in first]
    unread = ["03.png", "04.png", "20.png", "29.png"]
    assert sorted(called) == sorted(["07.png", "17.png", "27.png", *unread])
    assert [result.is_resumed for result in second].count(False) == len(called)


def test_bug_in_an_action_ends_the_run(tiny_classifier: Classifier) -> None:
    def fail(_outcome: Outcome) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        list(classify(tiny_classifier, sources_of(IMAGE), [fail], workers=1))


def test_file_that_is_edited_during_the_run_is_not_found_in_the_journal(
    tiny_classifier: Classifier, folder: Path, tmp_path: Path
) -> None:
    def edit(outcome: Outcome) -> None:
        path = Path(outcome.source.name)
        if path.name in ("02.png", "05.png"):
            with path.open("ab") as file:
                file.write(b"edited")
            changed = 1 if path.name == "02.png" else 0
            os.utime(path, ns=(0, (outcome.source.modified or 0) + changed))

    with Journal(tmp_path / "all.csv", {}) as journal:
        running = classify(tiny_classifier, find_sources([folder]), [edit], journal, workers=1)
        records = {record["path"]: record for record in running}
        known = {source.name: journal.find(source) for source in find_sources([folder])}

    assert known[str(folder / "01.png")] == records[str(folder / "01.png")]
    assert known[str(folder / "02.png")] is None
    assert known[str(folder / "05.png")] is None

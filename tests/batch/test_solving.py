"""Tests for plate solving in runs: records, summary, resuming and cancelling."""

import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

import deepsky
from deepsky.batch.events import Event, RecordProduced
from deepsky.batch.job import Job
from deepsky.batch.run import classify_many, run
from deepsky.batch.summary import Summary, format_summary
from deepsky.classifier import Classifier
from deepsky.errors import JobError, JournalError, SolverError
from deepsky.sky.solvers import SOLVERS, Limits, cache
from tests.plain_image import plain_image
from tests.sky.fake_engine import HEIGHT, WIDTH, FakeEngine, header_of


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeEngine:
    """A fake engine that is installed as astap, and an empty cache."""
    fake = FakeEngine()
    monkeypatch.setitem(SOLVERS, "astap", fake)
    monkeypatch.setattr(cache, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    return fake


@pytest.fixture
def images(tmp_path: Path, tiny_classifier: Classifier) -> Path:  # noqa: ARG001
    """Folder with an image of M 42, a small image, and one whose file contains its place."""
    folder = tmp_path / "images"
    folder.mkdir()
    plain_image("RGB", (WIDTH, HEIGHT), (255, 0, 0)).save(folder / "a.jpg")
    plain_image("RGB", (40, 30), (255, 0, 0)).save(folder / "b.png")
    header = fits.Header.fromstring(header_of(10.68, 41.27))
    sky = np.random.default_rng(0).integers(0, 40, (HEIGHT, WIDTH), np.uint8)
    fits.PrimaryHDU(sky, header).writeto(folder / "c.fits")
    return folder


def test_place_found_by_the_engine_identifies_the_object(images: Path, engine: FakeEngine) -> None:
    placed, failed, known = classify_many(images, workers=1, solve="astap")

    assert placed["sky"]
    assert (placed["sky"]["source"], placed["sky_error"]) == ("astap", None)
    assert placed["sky"]["ra"] == pytest.approx(83.82, abs=1e-3)
    assert placed["object"]
    assert (placed["object"]["name"], placed["object"]["found_by"]) == ("M 42", "position")
    assert placed["objects"]
    assert placed["agreement"] == "agrees"
    assert (failed["sky"], failed["sky_error"]) == (None, "too few stars")
    assert failed["agreement"] == "not placed"
    assert known["sky"]
    assert (known["sky"]["source"], known["sky_error"]) == ("header", None)
    assert len(engine.searched) == 2


def test_images_are_solved_only_on_request(images: Path, engine: FakeEngine) -> None:
    records = list(classify_many(images, workers=1))

    assert [record["sky_error"] for record in records] == [None] * 3
    assert engine.searched == []


def test_engine_gets_the_image_at_full_size_the_name_of_the_object_and_the_time_limit(
    images: Path, engine: FakeEngine
) -> None:
    (images / "a.jpg").rename(images / "NGC 1976.jpg")

    list(classify_many(images / "NGC 1976.jpg", workers=1, solve="astap", solve_seconds=30))

    [(image, hints, seconds)] = engine.searched
    assert (image.width, image.height, image.factor) == (WIDTH, HEIGHT, 2)
    assert image.luminance.shape == (HEIGHT // 2, WIDTH // 2)  # the networks get a quarter
    assert (hints.ra, hints.dec) == pytest.approx((83.82, -5.39), abs=0.05)
    assert seconds == 15  # half of the time for a search with hints


def test_single_images_give_the_same_records(images: Path, tiny_classifier: Classifier) -> None:
    paths = sorted(images.iterdir())
    prediction = deepsky.classify(paths[0], solve="astap")

    assert prediction.sky
    assert prediction.sky.wcs.pixel_n_dim == 2
    assert prediction.object
    assert prediction.object.name == "M 42"
    assert deepsky.classify(paths[1], solve="astap").sky_error == "too few stars"
    in_memory = deepsky.read_image(paths[0])
    assert deepsky.classify(in_memory, solve="astap").sky == prediction.sky
    single = [deepsky.classify_file(tiny_classifier, path, solve="astap") for path in paths]
    assert single == list(classify_many(images, tiny_classifier, workers=1, solve="astap"))


def test_interrupted_run_is_resumed_without_solving_again(
    images: Path, engine: FakeEngine, tmp_path: Path
) -> None:
    plain_image("RGB", (50, 30), (255, 0, 0)).save(images / "d.png")

    def interrupt(event: Event) -> None:
        if isinstance(event, RecordProduced) and event.record["path"].endswith("b.png"):
            raise KeyboardInterrupt

    whole, part = tmp_path / "whole.json", tmp_path / "part.json"
    run(Job(images, output=whole, solve="astap"))
    cache.SolutionCache().folder.rename(tmp_path / "old")  # only the journal is left
    engine.searched.clear()
    with pytest.raises(KeyboardInterrupt):
        run(Job(images, output=part, solve="astap", workers=1), interrupt)
    with pytest.raises(JournalError, match="solve was astap, now not set"):
        run(Job(images, output=part))
    summary = run(Job(images, output=part, solve="astap"))

    assert part.read_bytes() == whole.read_bytes()
    assert [image.width for image, _, _ in engine.searched].count(WIDTH) == 1
    assert summary.placed == 1
    assert summary.not_placed == {"too few stars": 2}


def test_closing_a_run_cancels_the_search_and_keeps_no_record(
    images: Path, engine: FakeEngine, tmp_path: Path
) -> None:
    searching = threading.Event()

    def wait(limits: Limits) -> None:
        searching.set()
        while not limits.cancelled():
            time.sleep(0.01)

    def interrupt(event: Event) -> None:
        if isinstance(event, RecordProduced):
            searching.wait()
            raise KeyboardInterrupt

    (images / "a.jpg").rename(images / "z.jpg")
    engine.before = lambda limits: wait(limits) if len(engine.searched) > 1 else None
    output = tmp_path / "all.json"
    with pytest.raises(KeyboardInterrupt):
        run(Job(images, output=output, solve="astap", workers=1), interrupt)
    engine.before = lambda _: None
    run(Job(images, output=output, solve="astap", workers=1))

    records = json.loads(output.read_text())
    assert [record["sky_error"] for record in records] == ["too few stars", None, None]


def test_missing_engine_is_an_error_before_the_run_starts(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeEngine, "is_available", lambda _: False)
    output = tmp_path / "all.csv"

    with pytest.raises(SolverError, match="sudo apt install"):
        run(Job(images, output=output, solve="astap"))
    with pytest.raises(SolverError):
        classify_many(images, solve="astap")
    with pytest.raises(SolverError):
        deepsky.classify(images / "a.jpg", solve="astap")
    assert not output.exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"solve": "astapp"}, "never, auto, solve-field"), ({"solve_seconds": 0}, "greater than 0")],
)
def test_invalid_options_are_refused(options: dict[str, str], reason: str) -> None:
    with pytest.raises(JobError, match=reason):
        classify_many("images", **options)  # type: ignore[arg-type]


def test_summary_states_how_many_images_are_placed_and_the_time_per_image(images: Path) -> None:
    summary = Summary()
    for record, seconds in zip(
        classify_many(images, workers=1, solve="astap"), (3.0, 1.0, None), strict=True
    ):
        summary.add(record, solve_seconds=seconds)

    line = format_summary(summary).splitlines()[-1]
    counts, times = line.split("; ")
    assert counts == "Plate solving: 1 of 2 placed (not placed: too few stars 1)"
    assert times == "2.0 s per image, at most 3.0 s."

"""Concurrent requests share runs of the network, and each gets its own answer."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Thread
from time import sleep

import numpy as np
import pytest

from deepsky.classifier import Classifier, Prediction
from deepsky.models.preparation import Prepared, prepare
from deepsky.server.batcher import Batcher
from deepsky.taxonomy import LABELS, Label

COLOURS: dict[Label, tuple[int, int, int]] = {
    "galaxy": (255, 255, 0),
    "nebula": (255, 0, 0),
    "star_cluster": (0, 0, 255),
    "other": (0, 255, 0),
}


class Watched(Classifier):
    """The tiny classifier, which can be held up and counts what it is given."""

    def __init__(self, classifier: Classifier) -> None:
        super().__init__(classifier.bundle)
        self.runs: list[int] = []
        self.busy = Event()
        self.may_go = Event()

    def classify_prepared(self, pictures: Sequence[Prepared]) -> list[Prediction]:
        self.runs.append(len(pictures))
        self.busy.set()
        assert self.may_go.wait(10)
        return super().classify_prepared(pictures)


@pytest.fixture
def classifier(tiny_classifier: Classifier) -> Watched:
    return Watched(tiny_classifier)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(12) as threads:
        yield threads


def picture(classifier: Classifier, label: Label) -> Prepared:
    pixels = np.full((50, 70, 3), COLOURS[label], dtype=np.uint8)
    return prepare(pixels, classifier.input_sizes)


def hold_up(
    threads: ThreadPoolExecutor, batcher: Batcher, classifier: Watched, waiting: Sequence[Prepared]
) -> list[Future[Prediction]]:
    """Start one run, and let others come in while it goes on; the caller lets it go."""
    futures = [threads.submit(batcher.classify, picture(classifier, "other"))]
    assert classifier.busy.wait(10)
    futures += [threads.submit(batcher.classify, one) for one in waiting]
    sleep(0.2)
    return futures


def test_what_comes_in_during_a_run_makes_up_the_next(
    classifier: Watched, threads: ThreadPoolExecutor
) -> None:
    batcher = Batcher(classifier, most=4)
    labels = [LABELS[k % 4] for k in range(6)]

    futures = hold_up(threads, batcher, classifier, [picture(classifier, k) for k in labels])
    classifier.may_go.set()

    assert [future.result(10).label for future in futures] == ["other", *labels]
    assert classifier.runs == [1, 4, 2]
    batcher.close()


def test_nobody_waits_for_company(classifier: Watched) -> None:
    classifier.may_go.set()
    batcher = Batcher(classifier)

    assert batcher.classify(picture(classifier, "nebula")).label == "nebula"
    assert batcher.classify(picture(classifier, "galaxy")).label == "galaxy"
    assert classifier.runs == [1, 1]
    batcher.close()


def test_answers_are_not_mixed_up(classifier: Watched, threads: ThreadPoolExecutor) -> None:
    classifier.may_go.set()
    batcher = Batcher(classifier)
    labels = [LABELS[int(k)] for k in np.random.default_rng(3).integers(0, 4, 300)]

    answers = threads.map(batcher.classify, [picture(classifier, label) for label in labels])

    assert [answer.label for answer in answers] == labels
    assert sum(classifier.runs) == len(labels)
    assert max(classifier.runs) <= 8
    batcher.close()


def test_a_failed_run_reaches_its_callers_and_the_next_one_works(
    classifier: Watched, threads: ThreadPoolExecutor
) -> None:
    batcher = Batcher(classifier)
    sound = picture(classifier, "nebula")

    first, *failed = hold_up(threads, batcher, classifier, [sound, {}, sound])
    classifier.may_go.set()

    assert first.result(10).label == "other"
    for future in failed:
        with pytest.raises(KeyError):
            future.result(10)
    assert batcher.classify(sound).label == "nebula"
    batcher.close()


def test_closing_answers_those_who_wait_and_nobody_later(
    classifier: Watched, threads: ThreadPoolExecutor
) -> None:
    batcher = Batcher(classifier, most=2)
    labels = LABELS[:3]

    futures = hold_up(threads, batcher, classifier, [picture(classifier, k) for k in labels])
    closing = Thread(target=batcher.close)
    closing.start()
    sleep(0.1)
    with pytest.raises(RuntimeError, match="closed"):
        batcher.classify(picture(classifier, "other"))
    assert closing.is_alive()
    classifier.may_go.set()
    closing.join(10)

    assert not closing.is_alive()
    assert [future.result(10).label for future in futures] == ["other", *labels]
    batcher.close()

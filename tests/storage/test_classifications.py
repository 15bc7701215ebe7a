"""Tests for the database queries for classifications."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from deepsky.storage import Storage
from deepsky.storage.classifications import (
    delete_classification,
    find_by_request_key,
    find_classification,
    latest_timings,
    pack_evidence,
    unpack_evidence,
)
from deepsky.storage.feedback import Assessment, record_feedback, withdraw_feedback
from deepsky.storage.lists import Filter, Order, Position, list_classifications
from deepsky.storage.tables import ModelKey
from tests.storing import store

CONFIDENCES = [0.9, 0.5, 0.5, 0.7, 0.5, 0.9, 0.3]


def listed(
    storage: Storage,
    client: int,
    order: Order = "newest",
    limit: int = 50,
    conditions: Filter = Filter(),  # noqa: B008
) -> list[list[str]]:
    """List the classifications page by page, and return the file names on each page."""
    pages: list[list[str]] = []
    after: Position | None = None
    while after is not None or not pages:
        with storage.database.read() as session:
            found = list_classifications(session, client, conditions, order, after, limit)
        pages.append([classification.path for classification, _ in found.items])
        after = found.next_position
    return pages


@pytest.fixture
def filled(storage: Storage, client: int, new_client: Callable[[], int]) -> int:
    """Store seven classifications for each of two clients; return the id of the first client."""
    other = new_client()
    for number, confidence in enumerate(CONFIDENCES):
        store(storage, client, path=str(number), confidence=confidence)
        store(storage, other, path=f"{number} of another client", confidence=confidence)
    return client


ORDERS: dict[Order, str] = {"newest": "6543210", "oldest": "0123456", "most_uncertain": "6124305"}


def test_pages_are_contiguous(storage: Storage, filled: int) -> None:
    for order, expected in ORDERS.items():
        for limit in (1, 2, 3, 7, 50):
            pages = listed(storage, filled, order, limit)
            assert "".join(path for each in pages for path in each) == expected
            assert [len(each) for each in pages[:-1]] == [limit] * (len(pages) - 1)
            assert 0 < len(pages[-1]) <= limit


def test_next_page_is_correct_if_the_previous_page_changed(storage: Storage, filled: int) -> None:
    with storage.database.read() as session:
        first = list_classifications(session, filled, Filter(), limit=3)
    with storage.database.write() as session:
        delete_classification(session, filled, first.items[-1][0].id)
    store(storage, filled, path="new")

    with storage.database.read() as session:
        second = list_classifications(session, filled, Filter(), after=first.next_position, limit=3)
    assert [classification.path for classification, _ in second.items] == ["3", "2", "1"]


def test_new_client_has_an_empty_page(storage: Storage, client: int) -> None:
    assert listed(storage, client) == [[]]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (Filter(label="nebula"), ["1"]),
        (Filter(verdict="unsure"), ["2"]),
        (Filter(model="vgg16"), ["3"]),
        (Filter(label="galaxy", model="efficientnet"), ["2", "0"]),
        (Filter(label="nebula", model="vgg16"), []),
    ],
)
def test_list_is_filtered(
    storage: Storage, client: int, conditions: Filter, expected: list[str]
) -> None:
    different: list[dict[str, Any]] = [
        {},
        {"label": "nebula"},
        {"verdict": "unsure"},
        {"model": "vgg16"},
    ]
    for number, fields in enumerate(different):
        store(storage, client, path=str(number), **fields)

    assert listed(storage, client, conditions=conditions) == [expected]


def test_feedback_filter_uses_the_latest_feedback(storage: Storage, client: int) -> None:
    stored = {
        path: store(storage, client, path=path) for path in ("nothing", "right", "wrong", "back")
    }
    with storage.database.write() as session:
        record_feedback(session, stored["right"], client, Assessment("incorrect", "nebula"))
        record_feedback(session, stored["right"], client, Assessment("correct", "galaxy"))
        record_feedback(session, stored["wrong"], client, Assessment("incorrect", "nebula"))
        record_feedback(session, stored["back"], client, Assessment("correct", "galaxy"))
        withdraw_feedback(session, stored["back"])

    assert listed(storage, client, conditions=Filter(feedback="correct")) == [["right"]]
    assert listed(storage, client, conditions=Filter(feedback="incorrect")) == [["wrong"]]
    assert listed(storage, client, conditions=Filter(feedback="none")) == [["back", "nothing"]]
    assert listed(storage, client, limit=2) == [["back", "wrong"], ["right", "nothing"]]


def test_classification_is_returned_with_its_latest_feedback(storage: Storage, client: int) -> None:
    classification = store(storage, client)
    with storage.database.write() as session:
        record_feedback(
            session, classification, client, Assessment("incorrect", "nebula", comment="it glows")
        )
        record_feedback(session, classification, client, Assessment("incorrect", "star_cluster"))

    with storage.database.read() as session:
        found = find_classification(session, client, classification.id)
    assert found is not None
    assert found[1] is not None
    assert (found[0].id, found[1].label, found[1].comment) == (
        classification.id,
        "star_cluster",
        None,
    )
    assert (found[0].image.width, found[0].image.format) == (64, "PNG")


def test_classifications_of_other_clients_are_not_found(
    storage: Storage, client: int, new_client: Callable[[], int]
) -> None:
    classification, other = store(storage, client), new_client()

    with storage.database.write() as session:
        assert find_classification(session, other, classification.id) is None
        assert delete_classification(session, other, classification.id) is None
    with storage.database.read() as session:
        assert find_classification(session, client, classification.id) is not None


def test_request_keys_belong_to_their_client(
    storage: Storage, client: int, new_client: Callable[[], int]
) -> None:
    other = new_client()
    for each in (client, other):
        for part in (0, 1):
            store(storage, each, path=f"{each} {part}", request_key="a", request_part=part)
    store(storage, client, request_key="b", request_part=0)

    with storage.database.read() as session:
        found = find_by_request_key(session, client, "a")
    assert sorted(classification.path for classification, _ in found) == [
        f"{client} 0",
        f"{client} 1",
    ]


def test_evidence_is_stored_exactly(storage: Storage, client: int) -> None:
    evidence = np.random.default_rng(3).normal(size=(4, 7, 5)).astype(np.float32)
    classification = store(storage, client, evidence=pack_evidence(evidence))

    with storage.database.read() as session:
        found = find_classification(session, client, classification.id)
        assert found is not None
        assert np.array_equal(unpack_evidence(found[0]), evidence)


def test_non_ascii_text_is_stored_exactly(storage: Storage, client: int) -> None:
    classification = store(storage, client, path="Nébuleuse de la Tête de Cheval 🐴\t.fits")
    with storage.database.read() as session:
        found = find_classification(session, client, classification.id)
    assert found is not None
    assert found[0].path == classification.path


def test_latest_timings_are_grouped_by_model_version_and_sha256(
    storage: Storage, client: int, new_client: Callable[[], int]
) -> None:
    other = new_client()
    store(storage, client, model="vgg16", infer_ms=99.0)
    store(storage, client, model_version="1.0.0", decode_ms=1.0, infer_ms=2.0)
    store(storage, other, model_version="1.1.0", decode_ms=3.0, infer_ms=4.0)
    store(storage, client, model_version="1.1.0", decode_ms=5.0, infer_ms=6.0)
    store(storage, client, model_version="1.1.0", model_sha256="f" * 64, infer_ms=7.0)

    with storage.database.read() as session:
        times = latest_timings(session, number=4)

    assert times == {
        ModelKey("efficientnet", "1.0.0", "e" * 64): [(1.0, 2.0)],
        ModelKey("efficientnet", "1.1.0", "e" * 64): [(5.0, 6.0), (3.0, 4.0)],
        ModelKey("efficientnet", "1.1.0", "f" * 64): [(1.5, 7.0)],
    }

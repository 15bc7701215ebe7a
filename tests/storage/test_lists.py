"""Tests for lists of classifications: orders, filters, counts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest

from deepsky.storage import Storage
from deepsky.storage.lists import (
    Filter,
    Order,
    Position,
    count_classifications,
    find_classifications,
    find_labels,
    list_classifications,
    list_ids,
)
from tests.storing import store

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
M31 = {"name": "M 31", "common_name": "Andromeda Galaxy", "common_name_de": "Andromedagalaxie"}

STORED: list[dict[str, Any]] = [
    {"path": "b.fits", "confidence": 0.5, "label": "nebula"},
    {"path": "A.fits", "confidence": 0.9, "model": "vgg16"},
    {"path": "c.fits", "confidence": 0.5, "label": "comet", "identification": {"object": M31}},
    {"path": "m31_100%.fits", "confidence": 0.7, "verdict": "unsure"},
    {"path": "a.fits", "confidence": 0.6, "label": "nebula", "identification": {"object": None}},
]

EXPECTED: dict[Order, list[int]] = {
    "newest": [4, 3, 2, 1, 0],
    "oldest": [0, 1, 2, 3, 4],
    "most_uncertain": [0, 2, 4, 3, 1],
    "most_certain": [1, 3, 4, 2, 0],
    "name": [1, 4, 0, 2, 3],
    "name_descending": [3, 2, 0, 4, 1],
    "label": [2, 3, 1, 0, 4],
    "model": [0, 2, 3, 4, 1],
}


@pytest.fixture
def filled(storage: Storage, client: int, new_client: Callable[[], int]) -> int:
    """Store five classifications, one per hour from noon on, and one of another client."""
    for hour, fields in enumerate(STORED):
        store(storage, client, created_at=NOON + timedelta(hours=hour), **fields)
    store(storage, new_client(), path="of another client")
    return client


def listed(storage: Storage, client: int, conditions: Filter, order: Order = "oldest") -> list[int]:
    paths = [fields["path"] for fields in STORED]
    with storage.database.read() as session:
        page = list_classifications(session, client, conditions, order)
        ids = list_ids(session, client, conditions, order)
        counted = count_classifications(session, client, conditions).total
    assert [classification.id for classification, _ in page.items] == ids
    assert counted == len(ids)
    return [paths.index(classification.path) for classification, _ in page.items]


def test_every_order_has_a_test() -> None:
    assert set(EXPECTED) == set(get_args(Order))


@pytest.mark.parametrize(("order", "expected"), EXPECTED.items())
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_are_in_order_while_answers_arrive(
    storage: Storage, filled: int, order: Order, expected: list[int], limit: int
) -> None:
    found: list[str] = []
    after: Position | None = None
    while after is not None or not found:
        with storage.database.read() as session:
            page = list_classifications(session, filled, Filter(), order, after, limit)
        found += [classification.path for classification, _ in page.items]
        after = page.next_position
        if found.count("new") < 3:
            store(storage, filled, path="new", confidence=0.8)

    assert [path for path in found if path != "new"] == [STORED[k]["path"] for k in expected]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (Filter(text="m31"), [2, 3]),
        (Filter(text="M 31"), [2, 3]),
        (Filter(text="andromeda galaxy"), [2]),
        (Filter(text="andromedagalaxie"), [2]),
        (Filter(text="A.FITS"), [1, 4]),
        (Filter(text="100%"), [3]),
        (Filter(text="_"), [3]),
        (Filter(label="comet"), [2]),
        (Filter(label="nebula", text="a"), [4]),
        (Filter(since=NOON + timedelta(hours=3)), [3, 4]),
        (Filter(until=NOON + timedelta(hours=3)), [0, 1, 2]),
        (Filter(since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=2)), [1]),
    ],
)
def test_list_is_filtered(
    storage: Storage, filled: int, conditions: Filter, expected: list[int]
) -> None:
    assert listed(storage, filled, conditions) == expected


def test_times_of_other_time_zones_are_converted(storage: Storage, filled: int) -> None:
    since = datetime.fromisoformat("2026-11-29T16:00:00+01:00")

    assert listed(storage, filled, Filter(since=since)) == [3, 4]


def test_classifications_are_counted(storage: Storage, filled: int) -> None:
    with storage.database.read() as session:
        counts = count_classifications(session, filled, Filter(label="nebula"))

    assert counts.total == 2
    assert counts.verdicts == {"confident": 2}
    assert list(counts.labels.items()) == [("galaxy", 2), ("nebula", 2), ("comet", 1)]
    assert counts.models == {"efficientnet": 2}
    assert (counts.first, counts.last) == (NOON, NOON + timedelta(hours=4))


def test_counts_of_a_new_client_are_zero(storage: Storage, client: int) -> None:
    with storage.database.read() as session:
        counts = count_classifications(session, client, Filter())

    assert (counts.total, counts.labels, counts.first) == (0, {}, None)


def test_classifications_are_found_in_the_order_of_their_ids(
    storage: Storage, client: int, new_client: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deepsky.storage.lists.CHUNK", 2)
    own = [store(storage, client, path=str(k)).id for k in range(5)]
    foreign = store(storage, new_client()).id

    with storage.database.read() as session:
        found = find_classifications(session, client, [*own[::-1], foreign, "0" * 32])
        numbers = [int(classification.path) for classification, _ in found]
    assert all(first > second for first, second in pairwise(numbers))
    assert len(numbers) == 5


def test_labels_of_several_models_are_combined(storage: Storage, client: int) -> None:
    own = {"comet": 0.6, "other": 0.3, "nebula": 0.1}
    ids = [store(storage, client, probabilities=p).id for p in (own, {"galaxy": 1.0}, own)]

    with storage.database.read() as session:
        assert find_labels(session, client, ids) == ("galaxy", "nebula", "comet", "other")
        assert find_labels(session, client, []) == ()

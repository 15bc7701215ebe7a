"""Clients can list their own classifications, page by page."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Client = FlaskClient

COLOURS = {
    "galaxy": (255, 255, 0),
    "nebula": (255, 0, 0),
    "star_cluster": (0, 0, 255),
    "other": (0, 255, 0),
}
ROUTE = "/api/v1/classifications"


@pytest.fixture
def classified(
    client: Client, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> list[dict[str, Any]]:
    """Return eight classifications, oldest first: four with high and four with low confidence."""
    classifications = []
    for strength in (1.0, 0.5):
        for name, colour in COLOURS.items():
            paler = tuple(round(255 - strength * (255 - c)) for c in colour)
            classifications.append(upload(client, make_image(paler), f"{name}.png").get_json())
    return classifications


def pages(client: Client, **query: Any) -> Iterator[list[dict[str, Any]]]:
    while True:
        page = client.get(ROUTE, query_string=query).get_json()
        yield page["items"]
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]


def summaries(classifications: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return classifications without the fields that lists do not contain."""
    left_out = {"objects", "sky", "sky_error", "error"}
    return [
        {name: value for name, value in each.items() if name not in left_out}
        for each in classifications
    ]


def ids(classifications: Any) -> list[str]:
    return [classification["id"] for classification in classifications]


def test_newest_classifications_come_first(
    client: Client, classified: list[dict[str, Any]]
) -> None:
    page = client.get(ROUTE).get_json()

    assert page == {"items": summaries(classified[::-1]), "next_cursor": None}


@pytest.mark.parametrize("limit", [1, 3, 4, 8])
@pytest.mark.parametrize("sort", ["newest", "oldest", "most_uncertain"])
def test_pages_are_contiguous(
    client: Client, classified: list[dict[str, Any]], sort: str, limit: int
) -> None:
    orders: dict[str, Callable[[int], Any]] = {
        "newest": lambda k: -k,
        "oldest": lambda k: k,
        "most_uncertain": lambda k: (max(classified[k]["probabilities"].values()), k),
    }
    expected = summaries(classified[k] for k in sorted(range(8), key=orders[sort]))

    found = list(pages(client, sort=sort, limit=limit))

    assert [classification for page in found for classification in page] == expected
    assert {len(page) for page in found[:-1]} <= {limit}


def test_new_classifications_do_not_shift_pages(
    client: Client,
    classified: list[dict[str, Any]],
    upload: Callable[..., TestResponse],
    make_image: Callable[..., bytes],
) -> None:
    reading = pages(client, limit=3)
    first = next(reading)
    upload(client, make_image())

    assert ids(first + [a for page in reading for a in page]) == ids(classified[::-1])


def test_list_is_filtered(client: Client, classified: list[dict[str, Any]]) -> None:
    def chosen(**query: str) -> list[str]:
        return sorted(ids(client.get(ROUTE, query_string=query).get_json()["items"]))

    nebulae = sorted(a["id"] for a in classified if a["label"] == "nebula")
    assert chosen(label="nebula") == nebulae
    assert chosen(model="efficientnet") == sorted(ids(classified))
    assert chosen(model="vgg16") == []
    for verdict in ("confident", "unsure", "unfamiliar"):
        expected = sorted(a["id"] for a in classified if a["verdict"] == verdict)
        assert chosen(verdict=verdict) == expected

    right, wrong, taken_back = nebulae[0], classified[0]["id"], classified[2]["id"]
    client.put(f"{ROUTE}/{right}/feedback", json={"verdict": "correct"})
    client.put(f"{ROUTE}/{wrong}/feedback", json={"verdict": "incorrect"})
    client.put(f"{ROUTE}/{taken_back}/feedback", json={"verdict": "incorrect"})
    client.delete(f"{ROUTE}/{taken_back}/feedback")
    assert chosen(feedback="correct") == [right]
    assert chosen(feedback="incorrect") == [wrong]
    assert chosen(feedback="none") == sorted({*ids(classified)} - {right, wrong})
    assert chosen(feedback="none", label="nebula") == nebulae[1:]


def test_new_browser_has_an_empty_list(client: Client) -> None:
    assert client.get(ROUTE).get_json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "nonsense"},
        {"cursor": "WyJvbGRlc3QiLCAxXQ"},  # The cursor contains the sort order "oldest".
        {"cursor": "WyJuZXdlc3QiLCB0cnVlXQ"},
        {"cursor": "bnVsbA"},
        # The cursor contains the position 2**63, which exceeds the range of 64-bit integers.
        {"cursor": "WyJuZXdlc3QiLDkyMjMzNzIwMzY4NTQ3NzU4MDhd"},
        {"cursor": "WyJuZXdlc3QiLE5hTl0"},  # The cursor contains the position NaN.
        {"cursor": "W1tb" * 10_000},  # The cursor contains deeply nested lists.
        {"sort": "name", "cursor": "WyJuYW1lIiwgIlx1MDAwMCIsIDFd"},  # a null character
        {"sort": "name", "cursor": "WyJuYW1lIiwgIlx1ZDgwMCIsIDFd"},  # a surrogate
        {"sort": "name", "cursor": "WyJuYW1lIiwgMSwgMV0"},  # a number instead of a name
        {"since": "2026-11-29T12:00:00"},
        {"until": "today"},
        {"until": "0.5"},
        {"text": "\x00"},
        {"limit": "0"},
        {"limit": "201"},
        {"sort": "size"},
        {"colour": "red"},
    ],
)
def test_invalid_values_are_refused(client: Client, query: dict[str, str]) -> None:
    response = client.get(ROUTE, query_string=query)

    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")


def test_list_for_a_label_of_no_model_is_empty(client: Client) -> None:
    response = client.get(ROUTE, query_string={"label": "comet"})

    assert (response.status_code, response.get_json()["items"]) == (200, [])


def test_pages_sorted_by_long_names_are_contiguous(
    client: Client, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> None:
    names = [letter * 100 + ".png" for letter in ("Ä", "ä", "\U0001f30c" * 2)]
    for name in names:
        upload(client, make_image(), name[:60])

    found = [item["path"] for page in pages(client, sort="name", limit=1) for item in page]

    assert len(found) == 3
    assert sorted(found) == sorted(name[:60] for name in names)


@pytest.mark.parametrize(
    "time", ["2000-01-01T00:00:00Z", "2000-01-01t00:00:00.123456789-05:30", "2000-01-01T00:00:00z"]
)
def test_times_are_accepted_as_in_rfc_3339(client: Client, time: str) -> None:
    assert client.get(ROUTE, query_string={"since": time}).status_code == 200


@pytest.mark.usefixtures("classified")
def test_list_is_searched_and_counted(client: Client) -> None:
    query = {"text": "NEB", "since": "2000-01-01T00:00:00Z"}
    items = client.get(ROUTE, query_string=query).get_json()["items"]
    counts = client.get(f"{ROUTE}/counts", query_string=query).get_json()

    assert {item["path"] for item in items} == {"nebula.png"}
    assert counts["total"] == len(items) == 2
    assert sum(counts["verdicts"].values()) == sum(counts["labels"].values()) == 2
    assert counts["models"] == {"efficientnet": 2}
    assert counts["first"] == items[-1]["created_at"]
    assert counts["last"] == items[0]["created_at"]


def test_all_ids_are_listed(client: Client, classified: list[dict[str, Any]]) -> None:
    found = client.get(f"{ROUTE}/ids", query_string={"sort": "oldest"}).get_json()

    assert found == {"ids": ids(classified)}


def test_new_browser_has_no_counts_and_ids(client: Client) -> None:
    counts = client.get(f"{ROUTE}/counts").get_json()

    empty: dict[str, int] = {}
    assert counts == {
        "total": 0,
        "verdicts": empty,
        "labels": empty,
        "models": empty,
        "first": None,
        "last": None,
    }
    assert client.get(f"{ROUTE}/ids").get_json() == {"ids": []}

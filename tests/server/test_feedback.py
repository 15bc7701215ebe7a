"""Tests for the routes for feedback on classifications."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deepsky.storage.tables import Classification, Feedback

if TYPE_CHECKING:
    from deepsky.storage import Storage

Client = FlaskClient


@pytest.fixture
def location(
    client: Client, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> str:
    """Return the URL path of a classification with the label galaxy."""
    return str(upload(client, make_image()).headers["Location"])


def stored(client: Client, location: str) -> list[tuple[str, str | None, str | None]]:
    """Return all feedback on a classification that is stored."""
    storage: Storage = client.application.extensions["deepsky"].storage
    with storage.database.read() as session:
        found = session.query(Classification).filter_by(id=location.rsplit("/", 1)[1]).one()
        rows = session.query(Feedback).filter_by(classification=found.number)
        return [(f.verdict, f.label, f.comment) for f in rows]


def test_feedback_is_shown_with_the_classification(client: Client, location: str) -> None:
    given = {"verdict": "incorrect", "label": "nebula", "comment": "M 57, I think"}
    response = client.put(f"{location}/feedback", json=given)

    assert response.status_code == 200
    body = response.get_json()
    defaults = {"second_label": None, "blind": False, "created_at": body["created_at"]}
    assert body == {**given, **defaults}
    assert client.get(location).get_json()["feedback"] == body
    assert client.get("/api/v1/classifications").get_json()["items"][0]["feedback"] == body


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        ({"verdict": "unsure", "blind": True}, (None, None)),
        ({"verdict": "correct", "second_label": "nebula"}, ("galaxy", "nebula")),
        (
            {"verdict": "incorrect", "label": "nebula", "second_label": "star_cluster"},
            ("nebula", "star_cluster"),
        ),
    ],
)
def test_feedback_may_be_unsure_or_name_two_labels(
    client: Client, location: str, given: dict[str, Any], labels: tuple[str | None, str | None]
) -> None:
    body = client.put(f"{location}/feedback", json=given).get_json()

    assert (body["verdict"], body["blind"]) == (given["verdict"], given.get("blind", False))
    assert (body["label"], body["second_label"]) == labels
    assert client.get(location).get_json()["feedback"] == body
    shown = client.get(f"/api/v1/classifications?feedback={given['verdict']}").get_json()
    assert len(shown["items"]) == 1


def test_repeated_feedback_is_stored_once(client: Client, location: str) -> None:
    bodies = [
        client.put(f"{location}/feedback", json={"verdict": "correct"}).get_json() for _ in range(3)
    ]

    assert bodies[0]["label"] == "galaxy"
    assert bodies[1:] == bodies[:1] * 2
    assert stored(client, location) == [("correct", "galaxy", None)]


def test_earlier_and_withdrawn_feedback_is_not_kept(client: Client, location: str) -> None:
    route = f"{location}/feedback"
    client.put(route, json={"verdict": "correct"})
    client.put(route, json={"verdict": "incorrect"})
    client.put(route, json={"verdict": "incorrect", "label": "other", "comment": "a cat"})
    assert stored(client, location) == [("incorrect", "other", "a cat")]
    assert client.delete(route).status_code == 204
    assert client.get(location).get_json()["feedback"] is None
    assert client.delete(route).status_code == 204  # a second withdrawal is not an error

    assert stored(client, location) == []


def test_withdrawing_missing_feedback_succeeds(client: Client, location: str) -> None:
    assert client.delete(f"{location}/feedback").status_code == 204
    assert stored(client, location) == []


def test_each_invalid_field_is_stated_in_a_sentence(client: Client, location: str) -> None:
    response = client.put(f"{location}/feedback", json={"colour": "red"})

    sentences = response.get_json()["detail"].split(". ")
    assert {each.partition(":")[0] for each in sentences} == {"verdict", "colour"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"verdict": "perhaps"},
        {"verdict": "correct", "label": "nebula"},
        {"verdict": "incorrect", "label": "galaxy"},
        {"verdict": "incorrect", "label": "comet"},
        {"verdict": "unsure", "label": "nebula"},
        {"verdict": "correct", "second_label": "galaxy"},
        {"verdict": "correct", "second_label": "comet"},
        {"verdict": "incorrect", "label": "nebula", "second_label": "nebula"},
        {"verdict": "incorrect", "label": "nebula", "second_label": "galaxy"},
        {"verdict": "incorrect", "second_label": "nebula"},
        {"verdict": "correct", "blind": "perhaps"},
        {"verdict": "correct", "blind": 0},
        {"verdict": "correct", "comment": "x" * 2001},
        {"verdict": "correct", "comment": "\0"},
        {"verdict": "correct", "colour": "red"},
        ["correct"],
        "correct",
    ],
)
def test_invalid_values_are_refused(client: Client, location: str, body: Any) -> None:
    response = client.put(f"{location}/feedback", json=body)

    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")
    assert stored(client, location) == []


def test_invalid_json_is_refused(client: Client, location: str) -> None:
    for body in (b"", b"{", b"\xff", b"[" * 100_000):
        response = client.put(f"{location}/feedback", data=body, content_type="application/json")
        assert response.content_type == "application/problem+json"
        assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")
        assert "not valid JSON" in response.get_json()["detail"]


def test_too_long_body_is_refused(client: Client, location: str) -> None:
    body = b"[" + b"[]," * 333_333 + b"[]]"
    response = client.put(f"{location}/feedback", data=body, content_type="application/json")

    assert response.content_type == "application/problem+json"
    assert (response.status_code, response.get_json()["code"]) == (413, "file_too_large")
    assert "1,000,000 bytes" in response.get_json()["detail"]


def test_summary_counts_the_latest_blind_feedback_of_all_clients(
    client: Client, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> None:
    assert client.get("/api/v1/feedback/summary").get_json() == {"models": []}
    verdicts = ["correct", "correct", "correct", "incorrect", "withdrawn", "unsure", "seen"]
    for number, verdict in enumerate(verdicts):
        browser = client.application.test_client()
        red = number == 0
        image = make_image((255, 0, 0)) if red else make_image()
        route = upload(browser, image).headers["Location"] + "/feedback"
        browser.put(route, json={"verdict": "incorrect", "blind": True})
        if verdict == "withdrawn":
            browser.delete(route)
        elif verdict == "seen":
            browser.put(route, json={"verdict": "correct"})
        else:
            browser.put(route, json={"verdict": verdict, "blind": True})

    [model] = client.get("/api/v1/feedback/summary").get_json()["models"]
    assert (model["model"], model["model_version"]) == ("efficientnet", "0.0.1")
    assert (model["correct"], model["incorrect"]) == (3, 1)
    assert model["agreement"]["value"] == 0.75
    assert model["agreement"]["low"] == pytest.approx(
        0.3006, abs=1e-4
    )  # Wilson score interval for 3 of 4
    assert model["agreement"]["high"] == pytest.approx(0.9544, abs=1e-4)
    counts = {c["label"]: (c["correct"], c["incorrect"]) for c in model["classes"]}
    assert counts == {"galaxy": (2, 1), "nebula": (1, 0)}


def test_deleting_a_classification_deletes_its_feedback(client: Client, location: str) -> None:
    client.put(f"{location}/feedback", json={"verdict": "correct"})
    client.delete(location)

    assert client.get("/api/v1/feedback/summary").get_json() == {"models": []}


def test_models_with_only_unsure_feedback_are_not_in_the_summary(
    client: Client, location: str
) -> None:
    client.put(f"{location}/feedback", json={"verdict": "unsure", "blind": True})

    assert client.get("/api/v1/feedback/summary").get_json() == {"models": []}

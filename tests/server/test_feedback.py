"""What people say of answers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deepsky.storage.feedback import feedback_history
from deepsky.storage.tables import Classification

if TYPE_CHECKING:
    from deepsky.storage import Storage

Client = FlaskClient


@pytest.fixture
def location(
    client: Client, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> str:
    """Of an answer, a galaxy."""
    return str(upload(client, make_image()).headers["Location"])


def said(client: Client, location: str) -> list[tuple[str, str | None, str | None]]:
    """All that was ever said of an answer."""
    storage: Storage = client.application.extensions["deepsky"].storage
    with storage.database.read() as session:
        answer = session.query(Classification).filter_by(id=location.rsplit("/", 1)[1]).one()
        return [(f.verdict, f.label, f.comment) for f in feedback_history(session, answer)]


def test_what_is_said_is_shown_with_the_answer(client: Client, location: str) -> None:
    given = {"verdict": "incorrect", "label": "nebula", "comment": "M 57, I think"}
    response = client.put(f"{location}/feedback", json=given)

    assert response.status_code == 200
    body = response.get_json()
    assert body == {**given, "created_at": body["created_at"]}
    assert client.get(location).get_json()["feedback"] == body
    assert client.get("/api/v1/classifications").get_json()["items"][0]["feedback"] == body


def test_said_again_it_is_said_once(client: Client, location: str) -> None:
    bodies = [
        client.put(f"{location}/feedback", json={"verdict": "correct"}).get_json() for _ in range(3)
    ]

    assert bodies[0]["label"] == "galaxy"
    assert bodies[1:] == bodies[:1] * 2
    assert said(client, location) == [("correct", "galaxy", None)]


def test_the_last_word_counts_and_the_others_are_kept(client: Client, location: str) -> None:
    route = f"{location}/feedback"
    client.put(route, json={"verdict": "correct"})
    client.put(route, json={"verdict": "incorrect"})
    client.put(route, json={"verdict": "incorrect", "label": "other", "comment": "a cat"})
    assert client.delete(route).status_code == 204
    assert client.get(location).get_json()["feedback"] is None
    assert client.delete(route).status_code == 204  # taken back is taken back

    assert said(client, location) == [
        ("correct", "galaxy", None),
        ("incorrect", None, None),
        ("incorrect", "other", "a cat"),
        ("withdrawn", None, None),
    ]


def test_nothing_to_take_back(client: Client, location: str) -> None:
    assert client.delete(f"{location}/feedback").status_code == 204
    assert said(client, location) == []


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"verdict": "perhaps"},
        {"verdict": "correct", "label": "nebula"},
        {"verdict": "incorrect", "label": "galaxy"},
        {"verdict": "incorrect", "label": "comet"},
        {"verdict": "correct", "comment": "x" * 2001},
        {"verdict": "correct", "comment": "\0"},
        {"verdict": "correct", "colour": "red"},
        ["correct"],
        "correct",
    ],
)
def test_nonsense_is_refused(client: Client, location: str, nonsense: Any) -> None:
    response = client.put(f"{location}/feedback", json=nonsense)

    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")
    assert said(client, location) == []


def test_a_body_that_is_no_json(client: Client, location: str) -> None:
    for body in (b"", b"{", b"\xff", b"[" * 100_000):
        response = client.put(f"{location}/feedback", data=body, content_type="application/json")
        assert response.content_type == "application/problem+json"
        assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")
        assert "not valid JSON" in response.get_json()["detail"]


def test_a_body_that_is_too_long_to_be_read(client: Client, location: str) -> None:
    body = b"[" + b"[]," * 333_333 + b"[]]"
    response = client.put(f"{location}/feedback", data=body, content_type="application/json")

    assert response.content_type == "application/problem+json"
    assert (response.status_code, response.get_json()["code"]) == (413, "file_too_large")
    assert "1,000,000 bytes" in response.get_json()["detail"]


def test_the_summary_counts_everybodys_last_words(
    client: Client, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> None:
    assert client.get("/api/v1/feedback/summary").get_json() == {"models": []}
    verdicts = ["correct", "correct", "correct", "incorrect", "withdrawn"]
    for number, verdict in enumerate(verdicts):
        browser = client.application.test_client()
        red = number == 0
        image = make_image((255, 0, 0)) if red else make_image()
        route = upload(browser, image).headers["Location"] + "/feedback"
        browser.put(route, json={"verdict": "incorrect"})
        if verdict == "withdrawn":
            browser.delete(route)
        else:
            browser.put(route, json={"verdict": verdict})

    [model] = client.get("/api/v1/feedback/summary").get_json()["models"]
    assert (model["model"], model["model_version"]) == ("efficientnet", "0.0.1")
    assert (model["correct"], model["incorrect"]) == (3, 1)
    assert model["agreement"]["value"] == 0.75
    assert model["agreement"]["low"] == pytest.approx(0.3006, abs=1e-4)  # Wilson, 3 of 4
    assert model["agreement"]["high"] == pytest.approx(0.9544, abs=1e-4)
    counts = {c["label"]: (c["correct"], c["incorrect"]) for c in model["classes"]}
    assert counts == {"galaxy": (2, 1), "nebula": (1, 0)}


def test_a_deleted_answer_takes_along_what_was_said_of_it(client: Client, location: str) -> None:
    client.put(f"{location}/feedback", json={"verdict": "correct"})
    client.delete(location)

    assert client.get("/api/v1/feedback/summary").get_json() == {"models": []}

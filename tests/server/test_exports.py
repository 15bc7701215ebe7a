"""Several classifications are exported and deleted."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deepsky.batch.provenance import Provenance
from deepsky.batch.writers import csv
from deepsky.storage import Database
from tests.storing import store

Client = FlaskClient
ROUTE = "/api/v1/classifications"


@pytest.fixture
def client(make_client: Callable[..., Client], storage_url: str) -> Client:
    """Return a test client for a server, once with SQLite and once with PostgreSQL."""
    database = Database(storage_url)
    database.upgrade()
    database.close()
    return make_client(database_url=storage_url)


@pytest.fixture
def classified(
    client: Client, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> list[dict[str, Any]]:
    """Return four classifications, oldest first."""
    names = ["plain.png", "=1+1.png", 'a "b", c;=d.png', "ü.png"]
    return [upload(client, make_image((9, 9, k)), name).get_json() for k, name in enumerate(names)]


def write_csv(records: list[Any]) -> bytes:
    """Return what the command line writes."""
    file = BytesIO()
    csv.write(records, file, Provenance("", "", ""))
    return file.getvalue()


def test_csv_is_the_one_of_the_command_line(
    client: Client, classified: list[dict[str, Any]]
) -> None:
    response = client.get(f"{ROUTE}/export", query_string={"sort": "oldest"}, buffered=True)

    assert response.data == write_csv(classified)
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == "attachment; filename=deepsky.csv"
    assert b"\r\n./=1+1.png," in response.data


def test_export_contains_the_chosen_classifications_in_their_order(
    client: Client, classified: list[dict[str, Any]]
) -> None:
    chosen = [classified[k] for k in (2, 0)]
    ids = [item["id"] for item in chosen]

    response = client.post(f"{ROUTE}/export", json={"ids": [*ids, "0" * 32]}, buffered=True)
    assert response.data == write_csv(chosen)
    as_json = client.post(f"{ROUTE}/export", json={"ids": ids, "format": "json"}, buffered=True)
    assert json.loads(as_json.data) == chosen


def test_export_is_filtered(client: Client, classified: list[dict[str, Any]]) -> None:
    response = client.get(
        f"{ROUTE}/export", query_string={"text": "plain", "format": "json"}, buffered=True
    )

    assert response.get_json() == classified[:1]
    empty = client.get(f"{ROUTE}/export", query_string={"text": "nothing"}, buffered=True)
    assert empty.data == write_csv([])


@pytest.mark.usefixtures("classified")
def test_columns_of_several_models_are_combined(client: Client) -> None:
    storage = client.application.extensions["deepsky"].storage
    with storage.database.read() as session:
        number = session.connection().exec_driver_sql("SELECT max(id) FROM clients").scalar_one()
    store(storage, number, label="comet", probabilities={"comet": 0.75, "other": 0.25})

    header, row, *_ = (
        client.get(f"{ROUTE}/export", buffered=True).get_data(as_text=True).split("\r\n")
    )

    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert cells["probability_comet"] == "0.75"
    assert cells["probability_galaxy"] == ""
    assert header.index("probability_comet") < header.index("probability_other")


def test_other_clients_can_neither_export_nor_delete(
    client: Client, classified: list[dict[str, Any]]
) -> None:
    other = client.application.test_client()
    ids = [item["id"] for item in classified]

    for browser in (other, client.application.test_client()):
        assert browser.post(f"{ROUTE}/export", json={"ids": ids}, buffered=True).data == write_csv(
            []
        )
        assert browser.post(f"{ROUTE}/delete", json={"ids": ids}).get_json() == {"deleted": 0}
    assert len(client.get(ROUTE).get_json()["items"]) == 4


def test_several_classifications_are_deleted_with_their_images(
    client: Client, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> None:
    kept = upload(client, make_image((0, 0, 0))).get_json()
    same = upload(client, make_image((0, 0, 0))).get_json()
    others = [upload(client, make_image((k, 9, 9))).get_json() for k in range(40)]
    client.put(f"{ROUTE}/{others[0]['id']}/feedback", json={"verdict": "correct"})
    ids = [item["id"] for item in [same, *others]]

    response = client.post(f"{ROUTE}/delete", json={"ids": [*ids, *ids, "0" * 32]})

    assert response.get_json() == {"deleted": 41}
    assert [item["id"] for item in client.get(ROUTE).get_json()["items"]] == [kept["id"]]
    storage = client.application.extensions["deepsky"].storage
    assert list(storage.images.list_images()) == [kept["image_sha256"]]
    assert storage.check(contents=True).is_consistent
    assert client.post(f"{ROUTE}/delete", json={"ids": ids}).get_json() == {"deleted": 0}


@pytest.mark.parametrize(
    "body", [{}, {"ids": []}, {"ids": ["x"]}, {"ids": ["0" * 32] * 10_001}, {"all": True}, []]
)
@pytest.mark.parametrize("route", ["delete", "export"])
def test_invalid_ids_are_refused(client: Client, route: str, body: Any) -> None:
    response = client.post(f"{ROUTE}/{route}", json=body, buffered=True)

    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")


def test_too_large_requests_are_refused(client: Client) -> None:
    response = client.post(f"{ROUTE}/delete", json={"ids": ["0" * 32] * 40_000})

    assert response.status_code == 413


def test_full_queue_does_not_prevent_deletion(
    client: Client, classified: list[dict[str, Any]]
) -> None:
    server = client.application.extensions["deepsky"]
    admitted = [server.admission.slot(f"client {k}") for k in range(server.settings.queue)]
    for slot in admitted:
        slot.__enter__()

    response = client.post(f"{ROUTE}/delete", json={"ids": [classified[0]["id"]]})

    for slot in admitted:
        slot.__exit__(None, None, None)
    assert response.get_json() == {"deleted": 1}

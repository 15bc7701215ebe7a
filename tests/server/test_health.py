from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def test_server_is_ready_when_the_default_model_is_loaded(
    client: FlaskClient, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> None:
    before = client.get("/api/v1/health").get_json()
    upload(client, make_image())
    after = client.get("/api/v1/health").get_json()

    assert before == {
        "status": "ok",
        "ready": False,
        "version": version("deepsky"),
        "loaded": [],
        "solver": None,
    }
    assert after == {**before, "ready": True, "loaded": ["efficientnet"]}


def test_server_is_degraded_if_the_image_folder_is_not_writable(
    client: FlaskClient,
    upload: Callable[..., TestResponse],
    make_image: Callable[..., bytes],
    tmp_path: Path,
) -> None:
    upload(client, make_image())
    folder = tmp_path / "data" / "images" / "incoming"
    folder.rename(tmp_path / "away")
    response, away = upload(client, make_image()), client.get("/api/v1/health").get_json()
    (tmp_path / "away").rename(folder)
    back = client.get("/api/v1/health").get_json()

    assert (response.status_code, response.get_json()["code"]) == (503, "storage_unavailable")
    assert (away["status"], away["ready"]) == ("degraded", False)
    assert (back["status"], back["ready"]) == ("ok", True)

from collections.abc import Callable
from importlib.metadata import version

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def test_ready_once_the_default_model_is_loaded(
    client: FlaskClient, upload: Callable[..., TestResponse], make_picture: Callable[..., bytes]
) -> None:
    before = client.get("/api/v1/health").get_json()
    upload(client, make_picture())
    after = client.get("/api/v1/health").get_json()

    assert before == {"status": "ok", "ready": False, "version": version("deepsky"), "loaded": []}
    assert after == {**before, "ready": True, "loaded": ["efficientnet"]}

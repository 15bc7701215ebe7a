from collections.abc import Callable
from typing import TYPE_CHECKING

from flask.testing import FlaskClient

from deepsky import __version__
from deepsky.storage.clients import add_key

if TYPE_CHECKING:
    from deepsky.server.state import State

PATH = "/api/v1/settings"


def test_settings_that_concern_users_are_shown(make_client: Callable[..., FlaskClient]) -> None:
    client = make_client(retention_days=30, max_bytes=5_000_000, max_images=7)
    shown = client.get(PATH).get_json()

    assert shown["version"] == __version__
    assert shown["access"] == "open"
    assert shown["client"] == "session"
    assert shown["retention_days"] == 30
    assert shown["default_model"] == "efficientnet"
    assert shown["solver"] is None
    assert shown["limits"]["max_bytes"] == 5_000_000
    assert shown["limits"]["max_images"] == 7
    assert ".fits" in {suffix for one in shown["formats"] for suffix in one["suffixes"]}


def test_kept_classifications_have_no_retention(client: FlaskClient) -> None:
    assert client.get(PATH).get_json()["retention_days"] is None


def test_access_is_shown_without_a_key(make_client: Callable[..., FlaskClient]) -> None:
    shown = make_client(access="keys").get(PATH).get_json()

    assert shown["access"] == "keys"
    assert shown["client"] == "session"


def test_clients_with_a_key_are_identified_by_it(make_client: Callable[..., FlaskClient]) -> None:
    client = make_client(access="keys")
    state: State = client.application.extensions["deepsky"]
    with state.storage.database.write() as session:
        key = add_key(session, "class")
    shown = client.get(PATH, headers={"Authorization": f"Bearer {key}"}).get_json()

    assert shown["client"] == "key"
    assert client.get(PATH, headers={"Authorization": "Bearer dsk_wrong"}).status_code == 401


def test_requests_through_an_unknown_proxy_need_a_key(
    make_client: Callable[..., FlaskClient],
) -> None:
    client = make_client()

    shown = client.get(PATH, environ_overrides={"deepsky.forwarded": True}).get_json()
    assert shown["access"] == "keys"

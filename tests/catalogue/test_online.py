from urllib.error import HTTPError

import pytest

from deepsky.catalogue.online import post
from tests.catalogue.online_service import run_service


def test_connection_is_closed_if_the_server_replies_with_an_error() -> None:
    with run_service() as service:
        service.status = 503
        with pytest.raises(HTTPError) as raised:
            post(service.url, {"name": "M 1"}, 5)
    assert raised.value.closed

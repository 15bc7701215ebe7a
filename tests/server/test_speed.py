"""Tests for the route that reports the speed of the models."""

from collections.abc import Callable
from statistics import median

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ROUTE = "/api/v1/speed"


def test_speed_is_empty_before_the_first_classification(client: FlaskClient) -> None:
    assert client.get(ROUTE).get_json() == {"models": []}


def test_speed_is_the_median_over_all_clients(
    client: FlaskClient, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> None:
    browsers = [client.application.test_client() for _ in range(2)]
    classifications = [
        upload(browser, make_image((255, 200, shade))).get_json()
        for browser in browsers
        for shade in (0, 40)
    ]

    [speed] = client.get(ROUTE).get_json()["models"]

    assert (speed["model"], speed["model_version"], speed["answers"]) == (
        "efficientnet",
        "0.0.1",
        4,
    )
    for stage in ("decode", "infer"):
        assert speed[f"{stage}_ms"] == median(one["elapsed_ms"][stage] for one in classifications)

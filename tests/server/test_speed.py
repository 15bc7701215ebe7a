"""How fast the models answered, as measured here."""

from collections.abc import Callable
from statistics import median

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ROUTE = "/api/v1/speed"


def test_nothing_is_told_before_the_first_answer(client: FlaskClient) -> None:
    assert client.get(ROUTE).get_json() == {"models": []}


def test_the_medians_are_those_of_everybodys_answers(
    client: FlaskClient, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> None:
    browsers = [client.application.test_client() for _ in range(2)]
    answers = [
        upload(browser, make_image((255, 200, shade))).get_json()
        for browser in browsers
        for shade in (0, 40)
    ]

    [told] = client.get(ROUTE).get_json()["models"]

    assert (told["model"], told["model_version"], told["answers"]) == ("efficientnet", "0.0.1", 4)
    for stage in ("decode", "infer"):
        assert told[f"{stage}_ms"] == median(one["elapsed_ms"][stage] for one in answers)

from collections.abc import Callable

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse


def test_requests_classifications_and_stages_are_counted(
    client: FlaskClient, upload: Callable[..., TestResponse], make_image: Callable[..., bytes]
) -> None:
    sha256 = upload(client, make_image()).get_json()["model_sha256"]
    upload(client, make_image((255, 0, 0)))
    upload(client, b"no image")

    response = client.get("/api/v1/metrics")
    assert response.content_type.startswith("text/plain")
    samples = {
        (s.name, *sorted(s.labels.values())): s.value
        for family in text_string_to_metric_families(response.text)
        for s in family.samples
        if "le" not in s.labels
    }
    route = "/api/v1/classifications"
    assert samples["deepsky_request_seconds_count", *sorted([route, "201", "POST"])] == 2
    assert samples["deepsky_request_seconds_count", *sorted([route, "415", "POST"])] == 1
    for label in ("galaxy", "nebula"):
        labels = sorted(["confident", "efficientnet", label, sha256])
        assert samples["deepsky_classifications_total", *labels] == 1
    counts = {s: samples["deepsky_stage_seconds_count", s] for s in ("decode", "infer", "store")}
    assert counts == {"decode": 2, "infer": 2, "store": 2}
    assert samples["deepsky_stage_seconds_count", "read"] == 3


def test_routes_have_names_of_variables_as_labels(client: FlaskClient) -> None:
    path = f"/api/v1/classifications/{'0' * 32}"
    for end in ("", "/tiles/0/0_0.jpg"):
        client.get(path + end)

    metrics = client.get("/api/v1/metrics").text
    for end in ("", "/tiles/<level>/<column>_<row>.jpg"):
        assert f'route="/api/v1/classifications/<id>{end}",status="404"' in metrics


def test_unknown_methods_share_a_label(client: FlaskClient) -> None:
    for number in range(3):
        client.open("/api/v1/models", method=f"INVENTED{number}")

    metrics = client.get("/api/v1/metrics").text
    assert "INVENTED" not in metrics
    assert 'deepsky_request_seconds_count{method="other",route="none",status="405"} 3.0' in metrics

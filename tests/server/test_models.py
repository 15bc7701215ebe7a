import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from deepsky.models import available_models
from deepsky.server.schemas.models import ModelSummary

ROUTE = "/api/v1/models"


def test_card_is_returned_unchanged(client: FlaskClient, tiny_models: Path) -> None:
    card = json.loads((tiny_models / "efficientnet" / "card.json").read_text(encoding="utf-8"))

    assert client.get(f"{ROUTE}/efficientnet").get_json() == card


def test_list_has_the_main_fields_of_the_cards(client: FlaskClient) -> None:
    response = client.get(ROUTE)
    listed = response.get_json()

    assert [one["name"] for one in listed] == available_models()
    for summary in listed:
        card = client.get(f"{ROUTE}/{summary['name']}").get_json()
        assert list(summary) == list(ModelSummary.model_fields)
        assert summary["members"] == card.get("members", [])
        assert summary["predicts_kinds"] == (card.get("kinds") is not None)
        for name in ("title", "version", "created", "labels"):
            assert summary[name] == card[name]
        for part in ("bytes", "parameters"):
            assert summary["network"][part] == card["network"][part]
        for split, measured in summary["metrics"].items():
            assert measured == {name: card["metrics"][split][name] for name in measured}
            assert "accuracy" in measured
    assert len(response.data) < 1000 * len(
        listed
    )  # Complete model cards contain curves and are 60 times as large.


def test_incomplete_card_is_reported_by_name(
    client: FlaskClient, tmp_path: Path, tiny_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = json.loads((tiny_models / "efficientnet" / "card.json").read_text(encoding="utf-8"))
    del card["metrics"]["test"]["accuracy"]
    (tmp_path / "own" / "incomplete").mkdir(parents=True)
    (tmp_path / "own" / "incomplete" / "card.json").write_text(json.dumps(card), encoding="utf-8")
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path / "own"))

    response = client.get(ROUTE)

    assert (response.status_code, response.get_json()["code"]) == (500, "model_corrupt")
    assert "incomplete" in response.get_json()["detail"]
    assert "metrics.test.accuracy" in response.get_json()["detail"]

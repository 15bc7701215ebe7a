import json
from pathlib import Path

from flask.testing import FlaskClient


def test_cards_are_given_as_they_are(client: FlaskClient, tiny_models: Path) -> None:
    card = json.loads((tiny_models / "efficientnet" / "card.json").read_text(encoding="utf-8"))

    assert client.get("/api/v1/models/efficientnet").get_json() == card
    assert card in client.get("/api/v1/models").get_json()

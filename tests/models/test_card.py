"""Model cards can be read, and errors for invalid cards name the file and the field."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from typer.testing import CliRunner

import deepsky
from deepsky.cli import app
from deepsky.errors import ModelCorruptError
from deepsky.models import available_models, find_bundle
from deepsky.models.card import ModelCard
from deepsky.server import Settings, create_app

Card = dict[str, Any]


def without_input(card: Card) -> None:
    del card["input"]


def without_threshold_of_nebulae(card: Card) -> None:
    del card["calibration"]["thresholds"]["nebula"]


def size_as_text(card: Card) -> None:
    card["input"]["size"] = "64"


def labels_in_another_order(card: Card) -> None:
    card["labels"].reverse()


def misspelt_field(card: Card) -> None:
    card["network"]["quantisation"] = None


INVALID: dict[Callable[[Card], None], str] = {
    without_input: r"a model without members needs input",
    without_threshold_of_nebulae: r"calibration\.thresholds: .*nebula",
    size_as_text: r"input\.size: .*integer",
    labels_in_another_order: r"labels: .*galaxy, nebula, star_cluster, other",
    misspelt_field: r"network\.quantisation: ",
}


@pytest.fixture(params=INVALID, ids=lambda change: change.__name__)
def reason(
    request: pytest.FixtureRequest,
    tiny_models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """Install a model ``mine`` with an invalid card; return a pattern for the expected message."""
    folder = tmp_path / "models" / "mine"
    shutil.copytree(tiny_models / "efficientnet", folder)
    path = folder / "card.json"
    card = json.loads(path.read_text("utf-8"))
    request.param(card)
    path.write_text(json.dumps(card), "utf-8")
    monkeypatch.setenv("DEEPSKY_MODELS", str(folder.parent))
    return re.escape(str(path)) + ".*" + INVALID[request.param]


def test_python_raises_model_corrupt_error(reason: str) -> None:
    with pytest.raises(ModelCorruptError, match=reason):
        deepsky.load_classifier("mine")


@pytest.mark.parametrize(
    "arguments", [["classify", "--model", "mine", "IMAGE"], ["models"], ["models", "mine"]]
)
def test_command_line_names_file_and_field(reason: str, arguments: list[str]) -> None:
    image = str(Path(__file__).parents[2] / "samples" / "m-90.jpg")
    command = [image if argument == "IMAGE" else argument for argument in arguments]

    result = CliRunner().invoke(app, command)

    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit)
    assert re.search(reason, result.stderr.replace("\n", " "))


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    settings = Settings(data=tmp_path / "data", access="open", readers=1)
    return create_app(settings).test_client()


@pytest.mark.parametrize("route", ["models", "models/mine"])
def test_api_returns_model_corrupt(reason: str, client: FlaskClient, route: str) -> None:
    response = client.get(f"/api/v1/{route}")

    assert response.status_code == 500
    assert response.get_json()["code"] == "model_corrupt"
    assert re.search(reason, response.get_json()["detail"])


def test_missing_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelCorruptError, match=r"card\.json cannot be read: No such file"):
        ModelCard.read(tmp_path / "card.json")


def test_model_without_test_metrics_is_listed(
    tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny_models / "efficientnet", tmp_path / "unmeasured")
    card = json.loads((tmp_path / "unmeasured" / "card.json").read_text("utf-8"))
    card |= {"metrics": {}, "name": "unmeasured"}
    (tmp_path / "unmeasured" / "card.json").write_text(json.dumps(card), "utf-8")
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path))

    result = CliRunner().invoke(app, ["models"])

    assert result.exit_code == 0
    [row] = [line for line in result.stdout.splitlines() if "unmeasured" in line]
    assert "not measured" in row


@pytest.mark.parametrize("name", available_models())
def test_shipped_card_is_unchanged_by_reading_and_writing(name: str, tmp_path: Path) -> None:
    path = find_bundle(name).directory / "card.json"
    ModelCard.read(path).write(tmp_path / "card.json")
    assert (tmp_path / "card.json").read_bytes() == path.read_bytes()

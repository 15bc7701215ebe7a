"""`deepsky doctor` examines the installation."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEEPSKY_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def findings(result: Result) -> dict[str, dict[str, object]]:
    return {finding["name"]: finding for finding in json.loads(result.stdout)}


def test_parts_of_the_installation_are_examined(run: Run, data: Path) -> None:
    result = run("doctor", "--json")

    found = findings(result)
    for name in ("deepsky", "Python", "Processor", "Model efficientnet", "Classifying"):
        assert found[name]["is_problem"] is False, found[name]
    assert str(found["Catalogue"]["value"]).endswith("objects")
    assert "no tables yet" in str(found["Database"]["value"])
    assert "GB free" in str(found["Disk (data)"]["value"])
    assert not data.exists()


def test_altered_model_is_a_problem(
    run: Run, tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = shutil.copytree(tiny_models, tmp_path / "models")
    [network] = (models / "efficientnet").glob("*.onnx")
    network.write_bytes(network.read_bytes() + b"\0")
    monkeypatch.setenv("DEEPSKY_MODELS", str(models))

    result = run("doctor")

    assert result.exit_code == 1
    assert "Model efficientnet:  PROBLEM:" in result.stdout
    assert "does not match the model card" in result.stdout


def test_secrets_are_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSKY_DATABASE_URL", "postgresql+psycopg://me:hunter2@127.0.0.1:1/x")

    result = run("doctor")

    assert result.exit_code == 1
    assert "Database:            PROBLEM:" in result.stdout
    assert "hunter2" not in result.stdout
    assert "DEEPSKY_DATABASE_URL" in result.stdout


def test_invalid_setting_does_not_stop_the_other_checks(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_PORT", "many")

    found = findings(run("doctor", "--json"))

    assert found["Database"]["is_problem"] is True
    assert found["Classifying"]["is_problem"] is False

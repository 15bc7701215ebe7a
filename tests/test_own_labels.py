"""Tests of a model with labels of its own: yellow images are ``sun``, blue ones ``comet-tail``."""

import csv
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from astropy.table import Table
from pyarrow import parquet

import deepsky
from deepsky.batch.summary import format_summary
from deepsky.classifier import Classifier, load_classifier
from deepsky.dataset.manifest import read_manifest
from deepsky.errors import DatasetError
from deepsky.evaluation.evaluate import evaluate, evaluate_all
from deepsky.evaluation.report import write_report
from deepsky.server import Settings, create_app
from tests.conftest import write_tiny_bundle
from tests.plain_image import plain_image

BLUE, YELLOW = (0, 0, 255), (255, 230, 0)
OWN = {"comet-tail": "star_cluster", "sun": "galaxy"}


@pytest.fixture
def classifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Classifier:
    write_tiny_bundle(tmp_path / "models" / "own", OWN)
    monkeypatch.setenv("DEEPSKY_MODELS", str(tmp_path / "models"))
    return load_classifier("own")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    plain_image("RGB", (96, 64), BLUE).save(folder / "M31.png")
    plain_image("RGB", (96, 64), YELLOW).save(folder / "yellow.png")
    return folder


def test_prediction_has_the_labels_of_the_model(classifier: Classifier, images: Path) -> None:
    prediction = deepsky.classify(images / "M31.png", classifier)

    assert (prediction.label, prediction.verdict) == ("comet-tail", "confident")
    assert list(prediction.probabilities) == ["comet-tail", "sun"]
    assert len(prediction.evidence) == 2
    assert prediction.object is None  # the catalogue does not know these labels


@pytest.mark.usefixtures("classifier")
@pytest.mark.parametrize("written", ["csv", "ecsv", "votable", "parquet", "jsonl", "table"])
def test_every_table_has_the_probabilities_of_the_labels(
    images: Path, tmp_path: Path, written: str
) -> None:
    output = tmp_path / "answers"
    deepsky.run(deepsky.Job(images, "own", output=output, format=written))
    row: Any
    match written:
        case "csv":
            row = next(csv.DictReader(output.read_text("utf-8").splitlines()))
        case "parquet":
            row = parquet.read_table(output).to_pylist()[0]
        case "jsonl":
            record = json.loads(output.read_text("utf-8").splitlines()[0])
            row = record | {f"probability_{k}": p for k, p in record["probabilities"].items()}
        case "table":
            assert "comet-tail" in output.read_text("utf-8")
            return
        case _:
            names = {"ecsv": "ascii.ecsv", "votable": "votable"}
            row = dict(Table.read(output, format=names[written])[0])

    assert row["label"] == "comet-tail"
    assert float(row["probability_comet-tail"]) > 0.9 > 0.1 > float(row["probability_sun"])
    assert "probability_galaxy" not in row


@pytest.mark.usefixtures("classifier")
def test_actions_use_the_labels_of_the_model(
    tiny_models: Path, images: Path, tmp_path: Path
) -> None:
    earlier = load_classifier_of(tiny_models)
    deepsky.run(deepsky.Job(images, earlier, tag_into=tmp_path / "xmp"))
    for _ in range(2):
        job = deepsky.Job(
            images,
            "own",
            sort_into=tmp_path / "sorted",
            tag_into=tmp_path / "xmp",
            explain_into=tmp_path / "explained",
            summary_into=tmp_path / "summary",
        )
        summary = deepsky.run(job)

    assert summary.failed_actions == 0
    assert "comet-tail" in format_summary(summary)
    assert (tmp_path / "sorted" / "sun" / "confident" / "yellow.png").exists()
    assert {path.name for path in (tmp_path / "summary").iterdir()} == {
        "summary.html", "comet-tail.png", "sun.png",
    }  # fmt: skip
    sidecar = (tmp_path / "xmp" / "yellow.png.xmp").read_text("utf-8")
    assert sidecar.count("<rdf:li>deepsky:sun</rdf:li>") == 1
    assert "galaxy" not in sidecar  # keywords and properties of the other model are removed
    assert len(list((tmp_path / "explained").iterdir())) == 2
    deepsky.run(deepsky.Job(images, earlier, tag_into=tmp_path / "xmp"))
    assert "sun" not in (tmp_path / "xmp" / "yellow.png.xmp").read_text("utf-8")


def load_classifier_of(folder: Path) -> Classifier:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEEPSKY_MODELS", str(folder))
        return load_classifier("efficientnet")


@pytest.mark.usefixtures("classifier")
def test_api_uses_the_labels_of_the_model(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path / "data", readers=1))
    client = app.test_client()
    buffer = BytesIO()
    plain_image("RGB", (96, 64), YELLOW).save(buffer, "PNG")
    buffer.seek(0)
    answer = client.post(
        "/api/v1/classifications", data={"image": (buffer, "a.png"), "model": "own"}
    )
    location = answer.headers["Location"]

    assert answer.get_json()["label"] == "sun"
    assert list(answer.get_json()["probabilities"]) == ["comet-tail", "sun"]
    assert client.get(f"{location}/evidence/sun.png").status_code == 200
    missing = client.get(f"{location}/evidence/galaxy.png")
    assert (missing.status_code, "comet-tail, sun" in missing.get_json()["detail"]) == (404, True)
    unknown = {"verdict": "incorrect", "label": "galaxy"}
    refused = client.put(f"{location}/feedback", json=unknown)
    assert (refused.status_code, "comet-tail, sun" in refused.get_json()["detail"]) == (400, True)
    given = client.put(
        f"{location}/feedback", json={"verdict": "incorrect", "label": "comet-tail", "blind": True}
    )
    assert given.status_code == 200
    listed = client.get("/api/v1/classifications?label=sun").get_json()["items"]
    assert [item["feedback"]["label"] for item in listed] == ["comet-tail"]
    [agreement] = client.get("/api/v1/feedback/summary").get_json()["models"]
    assert [one["label"] for one in agreement["classes"]] == ["sun"]
    models = {one["name"]: one for one in client.get("/api/v1/models").get_json()}
    assert models["own"]["labels"] == ["comet-tail", "sun"]
    app.extensions["deepsky"].close()


def write_manifest(folder: Path, blue: str, yellow: str) -> Path:
    rows = [
        f"{name},{label},,0,test" for name, label in (("M31.png", blue), ("yellow.png", yellow))
    ]
    path = folder / "manifest.csv"
    path.write_text("\n".join(["path,label,group,phash,split", *rows]), "utf-8")
    return path


def test_evaluation_uses_the_labels_of_the_model(
    classifier: Classifier, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deepsky.evaluation.out_of_distribution.IMAGES_PER_KIND", 1)
    examples = read_manifest(write_manifest(images, "comet-tail", "sun"))
    found = evaluate_all([classifier], examples, "test")
    write_report(found, "manifest.csv", tmp_path / "report")

    metrics = found["models"]["own"]["metrics"]
    assert metrics["confusion"] == [[1, 0], [0, 1]]
    assert list(metrics["per_class"]) == ["comet-tail", "sun"]
    assert "coverage of the class comet-tail" in (tmp_path / "report" / "report.html").read_text()


def test_images_of_other_classes_cannot_be_evaluated(classifier: Classifier, images: Path) -> None:
    examples = read_manifest(write_manifest(images, "comet-tail", "nebula"))
    with pytest.raises(DatasetError, match=r"labels comet-tail, sun, but .* images of nebula"):
        evaluate(classifier, examples, "test")

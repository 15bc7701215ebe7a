"""Tests for ``deepsky evaluate``."""

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from deepsky.classifier import load_classifier
from deepsky.cli import app
from deepsky.dataset.manifest import read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.imaging import read_image


@pytest.fixture
def two_models(tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the tiny model twice; the prediction sets of the second copy contain all classes."""
    models = tmp_path / "models"
    for name in ("first", "second"):
        shutil.copytree(tiny_models / "efficientnet", models / name)
        card = json.loads((models / name / "card.json").read_text("utf-8"))
        card |= {"name": name, "title": name.title()}
        if name == "second":
            card["calibration"]["thresholds"] = dict.fromkeys(card["labels"], 0.0)
        (models / name / "card.json").write_text(json.dumps(card), "utf-8")
    monkeypatch.setenv("DEEPSKY_MODELS", str(models))
    monkeypatch.setattr("deepsky.models.registry.SHIPPED", tmp_path / "none")
    monkeypatch.setattr("deepsky.evaluation.out_of_distribution.IMAGES_PER_KIND", 3)


@pytest.mark.usefixtures("two_models")
def test_report_has_the_metrics_of_each_model(manifest: Path, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    result = CliRunner().invoke(app, ["evaluate", str(manifest), "--report", str(folder)])
    assert result.exit_code == 0, result.output
    report = json.loads((folder / "metrics.json").read_text("utf-8"))
    assert list(report["models"]) == ["first", "second"]
    chosen = members(with_splits(read_manifest(manifest), seed=0), "test")
    classifier = load_classifier("first")
    right = [
        classifier.classify(read_image(example.path).pixels).label == example.label
        for example in chosen
    ]
    metrics = report["models"]["first"]["metrics"]
    assert metrics["accuracy"]["value"] == pytest.approx(sum(right) / len(right))
    assert metrics["images"] == len(chosen)
    assert report["models"]["second"]["metrics"]["mean_set_size"] == 4
    assert report["comparisons"][0]["p_value"] == 1  # both models make the same predictions
    assert metrics["out_of_distribution"]["rejected_by_kind"]["noise"]["images"] == 3


@pytest.mark.usefixtures("two_models")
def test_report_page_contains_plots_mistakes_and_metrics(manifest: Path, tmp_path: Path) -> None:
    arguments = ["evaluate", str(manifest), "--model", "first", "--report", str(tmp_path / "r")]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    for name in ("confusion.svg", "reliability.svg", "novelty.svg"):
        assert f'src="{name}"' in page
        assert (tmp_path / "r" / name).read_text("utf-8").startswith("<?xml")
    with Image.open(tmp_path / "r" / "mistakes-first.jpg") as sheet:
        assert sheet.width > 1000
    metrics = json.loads((tmp_path / "r" / "metrics.json").read_text("utf-8"))
    value = metrics["models"]["first"]["metrics"]["macro_f1"]["value"]
    assert f"<td>{value:.3f}" in page


@pytest.mark.usefixtures("two_models")
def test_out_of_distribution_images_are_measured_only_with_the_test_split(
    manifest: Path, tmp_path: Path
) -> None:
    report = tmp_path / "r"
    arguments = ["evaluate", str(manifest), "--split", "validation", "--report", str(report)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert not (report / "novelty.svg").exists()
    assert "Foreign" not in (report / "report.html").read_text("utf-8")


@pytest.mark.usefixtures("two_models")
def test_unknown_model_is_usage_error(manifest: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", str(manifest), "--model", "alexnet"])
    assert result.exit_code == 2
    assert "first, second" in result.output


def test_empty_manifest_is_usage_error(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("path,label\n", "utf-8")
    result = CliRunner().invoke(app, ["evaluate", str(tmp_path / "m.csv")])
    assert result.exit_code == 2
    assert "lists no images" in result.output


@pytest.mark.usefixtures("two_models")
def test_split_without_images_is_usage_error(manifest: Path, tmp_path: Path) -> None:
    header, *rows = manifest.read_text("utf-8").splitlines()
    stated = tmp_path / "stated.csv"
    stated.write_text("\n".join([f"split,{header}", *(f"test,{row}" for row in rows)]), "utf-8")

    arguments = ["evaluate", str(stated), "--images", str(manifest.parent)]
    result = CliRunner().invoke(app, [*arguments, "--split", "validation"])

    assert result.exit_code == 2
    assert "no images in the validation split" in result.stderr


@pytest.mark.usefixtures("two_models")
def test_damaged_image_is_reported(manifest: Path, tmp_path: Path) -> None:
    images = tmp_path / "images"
    shutil.copytree(manifest.parent, images)
    for path in images.glob("*.jpg"):
        path.write_bytes(b"not an image")
    result = CliRunner().invoke(app, ["evaluate", str(images / manifest.name)])

    assert result.exit_code == 2
    assert ".jpg" in result.stderr


@pytest.mark.usefixtures("two_models")
def test_split_without_deep_sky_objects_is_usage_error(manifest: Path, tmp_path: Path) -> None:
    header, *rows = manifest.read_text("utf-8").splitlines()
    others = [f"test,{row}" for row in rows if row.startswith("other")]
    stated = tmp_path / "stated.csv"
    stated.write_text("\n".join([f"split,{header}", *others]), "utf-8")
    result = CliRunner().invoke(app, ["evaluate", str(stated), "--images", str(manifest.parent)])

    assert result.exit_code == 2
    assert "test split has no images with a label other than 'other'" in result.stderr

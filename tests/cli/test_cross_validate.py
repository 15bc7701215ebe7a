"""Tests for ``deepsky cross-validate`` and ``deepsky ablate``."""

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import Result

from deepsky.dataset.folds import divide
from deepsky.dataset.manifest import Example
from deepsky.dataset.targets import label_indices
from deepsky.taxonomy import LABELS
from deepsky.training import ablation, cross_validation
from deepsky.training.backbones import find_backbone
from deepsky.training.calibration import INPUT_SIZES
from deepsky.training.outputs import CrossValidationLogits
from deepsky.training.recipe import recipe_for

Run = Callable[..., Result]


@pytest.fixture
def results(examples: list[Example], manifest: Path, tmp_path: Path) -> Path:
    """Folder with stored results for two folds of EfficientNet-B0. All predictions are correct."""
    folds = divide(examples, manifest.parent, "field", 2)
    folder = tmp_path / "field" / "efficientnet"
    folder.mkdir(parents=True)
    recipe = recipe_for(find_backbone("efficientnet")).as_dict()
    (folder / "recipe.json").write_text(json.dumps(recipe), "utf-8")
    logits = 5 * np.eye(4, dtype="f4")[label_indices(examples)]
    for number in (0, 1):
        by_size = dict.fromkeys(INPUT_SIZES, logits[folds.numbers == number])
        fold = CrossValidationLogits(folds.names_inside(number), by_size)
        fold.save(folder / f"fold-{number}.npz")
    return tmp_path


def test_metrics_of_stored_folds_are_printed_and_written(
    run: Run, results: Path, manifest: Path
) -> None:
    options = ["--data", str(manifest), "--output", str(results), "--folds", "2"]
    result = run("cross-validate", "efficientnet", *options)

    assert result.exit_code == 0, result.stderr
    assert "efficientnet: 2 folds by field, 112 images" in result.stdout
    assert "strict: macro-F1 1.000 (1.000 to 1.000), accuracy 1.000" in result.stdout
    assert "accuracy 1.000 on  112 images from synthetic" in result.stdout
    metrics = json.loads((results / "field" / "efficientnet" / "metrics.json").read_text("utf-8"))
    assert metrics["images"] == 112


def test_ensemble_requires_stored_results_of_all_members(
    run: Run, results: Path, manifest: Path
) -> None:
    options = ["--data", str(manifest), "--output", str(results), "--folds", "2"]
    result = run("cross-validate", "ensemble", *options)

    assert result.exit_code == 2
    assert "no results for fold 0: " in result.stderr  # results are stored only for EfficientNet-B0
    assert "deepsky cross-validate resnet50" in result.stderr


def test_stored_results_with_another_number_of_epochs_are_refused(
    run: Run, results: Path, manifest: Path
) -> None:
    options = ["--data", str(manifest), "--output", str(results), "--folds", "2"]
    result = run("cross-validate", "efficientnet", *options, "--epochs", "1")

    assert result.exit_code == 2
    assert "The recipe or the images of the run in" in result.stderr


def test_more_folds_than_sources_are_refused(run: Run, manifest: Path, tmp_path: Path) -> None:
    options = ["--data", str(manifest), "--output", str(tmp_path), "--by", "source"]
    result = run("cross-validate", "efficientnet", *options)

    assert result.exit_code == 2
    assert "5 folds need images from at least 5 sources" in result.stderr


def test_message_for_unknown_model_lists_known_models(run: Run, manifest: Path) -> None:
    for command in ("cross-validate", "ablate"):
        result = run(command, "alexnet", "--data", str(manifest))

        assert result.exit_code == 2
        assert "'alexnet'" in result.stderr
        assert "efficientnet, resnet50, vgg16" in result.stderr


@pytest.fixture
def divided(manifest: Path, tmp_path: Path) -> Path:
    """Manifest with two thirds of the images for training and one third for validation."""
    rows = list(csv.DictReader(manifest.read_text("utf-8").splitlines()))
    path = tmp_path / "divided.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0], "split"])
        writer.writeheader()
        for row in rows:
            split = "validation" if int(row["group"].split()[1]) % 3 == 0 else "train"
            writer.writerow({**row, "split": split})
    return path


def test_variants_are_compared_with_the_reference(
    run: Run, divided: Path, manifest: Path, tmp_path: Path
) -> None:
    validation = [
        row
        for row in csv.DictReader(divided.read_text("utf-8").splitlines())
        if row["split"] == "validation"
    ]
    correct = np.eye(4, dtype="f4")[[LABELS.index(row["label"]) for row in validation]]
    wrong = np.roll(correct, 1, axis=1)
    names = [row["path"] for row in validation]
    output = tmp_path / "ablation" / "efficientnet"
    output.mkdir(parents=True)
    for variant, logits in (("all-stages", correct), ("frozen", wrong)):
        arrays: dict[str, Any] = {"as it is": logits, "grey": logits}
        np.savez(output / f"{variant}.npz", names=names, **arrays)
    options = ["--images", str(manifest.parent), "--output", str(tmp_path / "ablation")]
    result = run("ablate", "efficientnet", "--data", str(divided), "--variant", "frozen", *options)

    assert result.exit_code == 0, result.stderr
    assert "all stages: macro-F1 1.000" in result.stdout
    assert "frozen: macro-F1 0.000" in result.stdout
    assert f"only by the reference: {len(names)}, p-value 0.00" in result.stdout


def test_message_for_unknown_variant_lists_known_variants(run: Run, manifest: Path) -> None:
    result = run("ablate", "vgg16", "--data", str(manifest), "--variant", "last")

    assert result.exit_code == 2
    assert "unknown variants: last. Choose from: all stages, last three stages" in result.stderr


def test_message_for_missing_keras_names_the_extra(
    run: Run, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command, module in (("cross-validate", cross_validation), ("ablate", ablation)):
        monkeypatch.delitem(sys.modules, module.__name__)
        monkeypatch.setitem(sys.modules, "keras", None)
        result = run(command, "efficientnet", "--data", str(manifest))

        assert result.exit_code == 1
        assert "needs keras" in result.stderr
        assert "pip install 'deepsky[train]'" in result.stderr

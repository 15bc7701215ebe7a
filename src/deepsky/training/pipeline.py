"""From a manifest to a model that can be shipped."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deepsky.classifier import Classifier
from deepsky.errors import DatasetError
from deepsky.models.bundle import CARD, ModelBundle
from deepsky.taxonomy import LABELS
from deepsky.training.adjustment import Adjustment, adjust
from deepsky.training.backbones import Backbone, find_backbone
from deepsky.training.cards import card_text, describe_data, describe_software, read_history
from deepsky.training.evaluation import ask, evaluate
from deepsky.training.export import export_onnx
from deepsky.training.fitting import Recipe, fit
from deepsky.training.manifest import Example, read_manifest
from deepsky.training.network import evidence_bias
from deepsky.training.splits import SPLITS, Split, sky_fields, split_by_field
from deepsky.training.weights import save_weights_as_float16

__all__ = ["train"]

MODEL_VERSION = "1.0.0"
NETWORK, NOVELTY, WEIGHTS, TEXT = "network.onnx", "novelty.npz", "keras.weights.h5", "CARD.md"

USE = {
    "intended": "Sorting pictures of the sky by what they show, and learning how a network sees "
    "them, with a person to judge the doubtful ones. Finished photographs and survey pictures; "
    "FITS and other linear data after deepsky's stretch.",
    "limits": "Small objects in wide frames, nebulosity around clusters (which of the two is the "
    "picture's subject?), faint stacks with strong gradients, and unresolved globular clusters, "
    "which look like elliptical galaxies. It names the class of what fills the picture, not the "
    "object, and finds no second object. Nothing that matters should rest on it alone.",
}


def train(
    model: str, manifest: Path, backbone_weights: str, output: Path, recipe: Recipe | None = None
) -> Path:
    """Train, calibrate, evaluate and export a model. An interrupted run is taken up again.

    Parameters
    ----------
    model : str
        Name of the model, one of `deepsky.training.backbones.BACKBONES`.
    manifest : Path
        The pictures, as `read_manifest` reads them.
    backbone_weights : str
        ImageNet weights of the backbone: a ``.weights.h5`` file, or ``"imagenet"``.
    output : Path
        Folder for models; the bundle goes to ``MODEL`` in it, the run's checkpoints to
        ``MODEL/run``. Set the environment variable ``DEEPSKY_MODELS`` to it to use the model.
    recipe : Recipe, optional

    Returns
    -------
    Path
        The bundle's folder.

    Raises
    ------
    DatasetError
        If the manifest is not as it should be, or the folder holds a run of another kind.
    ModelNotFoundError
        If there is no such model.
    """
    recipe = recipe or Recipe()
    backbone = find_backbone(model)
    examples = read_manifest(manifest)
    splits = split_by_field(examples, recipe.seed)
    members = {
        split: [e for e, own in zip(examples, splits, strict=True) if own == split]
        for split in SPLITS
    }
    bundle = output / model
    run = bundle / "run"
    run.mkdir(parents=True, exist_ok=True)
    _claim(run, examples, splits, recipe)
    network = fit(backbone, backbone_weights, members["train"], members["validation"], recipe, run)
    export_onnx(network, bundle / NETWORK)
    save_weights_as_float16(network, bundle / WEIGHTS)
    adjustment = adjust((bundle / NETWORK).read_bytes(), members["train"], members["validation"])
    adjustment.reference.save(bundle / NOVELTY)
    fields = sky_fields(examples)
    card = _describe_model(
        backbone, network.count_params(), evidence_bias(network).tolist(), bundle
    )
    card |= _describe_adjustment(adjustment)
    card |= {
        "data": describe_data(examples, splits, fields),
        "training": {
            "recipe": recipe.as_dict() | {"learning_rate": backbone.learning_rate},
            "software": describe_software(),
            "head": read_history(run / "head.csv"),
            "fine_tuning": read_history(run / "fine-tuning.csv"),
        },
    }
    _write(bundle, card)
    card["metrics"] = _measure(bundle, examples, splits, fields)
    _write(bundle, card)
    (bundle / TEXT).write_text(card_text(card), encoding="utf-8")
    return bundle


def _claim(run: Path, examples: list[Example], splits: list[Split], recipe: Recipe) -> None:
    """Note what a run is made from, and refuse to go on with another one's checkpoints."""
    pictures = [(e.path.as_posix(), e.label, s) for e, s in zip(examples, splits, strict=True)]
    digest = hashlib.sha256(json.dumps(pictures).encode()).hexdigest()
    made_from = json.dumps({"recipe": recipe.as_dict(), "pictures_sha256": digest}, indent=1)
    note = run / "run.json"
    if note.exists() and note.read_text(encoding="utf-8") != made_from:
        msg = (
            f"{run} holds a run with another recipe or other pictures. "
            "Remove it, or choose another output folder."
        )
        raise DatasetError(msg)
    note.write_text(made_from, encoding="utf-8")


def _describe_model(
    backbone: Backbone, parameters: int, bias: list[float], bundle: Path
) -> dict[str, Any]:
    network = (bundle / NETWORK).read_bytes()
    return {
        "name": backbone.name,
        "title": backbone.title,
        "version": MODEL_VERSION,
        "created": dt.datetime.now(dt.UTC).date().isoformat(),
        "licence": "BSD-3-Clause",
        "labels": list(LABELS),
        "use": USE,
        "network": {
            "file": NETWORK,
            "sha256": hashlib.sha256(network).hexdigest(),
            "bytes": len(network),
            "parameters": parameters,
        },
        "head": {"bias": bias},
    }


def _describe_adjustment(adjustment: Adjustment) -> dict[str, Any]:
    calibration = adjustment.calibration
    return {
        "input": {"size": adjustment.input_size, "validation_loss_by_size": adjustment.losses},
        "calibration": {
            "temperature": calibration.temperature,
            "coverage": calibration.coverage,
            "thresholds": dict(calibration.thresholds),
        },
        "novelty": {"file": NOVELTY, "threshold": adjustment.novelty_threshold},
    }


def _measure(
    bundle: Path, examples: list[Example], splits: list[Split], fields: list[int]
) -> dict[str, Any]:
    """Evaluate the finished model, as users run it, on what it was not trained on."""
    classifier = Classifier(ModelBundle(bundle))
    metrics = {}
    for split in ("validation", "test"):
        indices = [i for i, own in enumerate(splits) if own == split]
        chosen = [examples[i] for i in indices]
        metrics[split] = evaluate(ask(classifier, chosen), chosen, [fields[i] for i in indices])
    return metrics


def _write(bundle: Path, card: Mapping[str, Any]) -> None:
    text = json.dumps(card, indent=1, ensure_ascii=False)
    (bundle / CARD).write_text(text + "\n", encoding="utf-8")

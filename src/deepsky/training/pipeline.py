"""Training pipeline that creates a model bundle from a manifest."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, get_args

from deepsky.classifier import Classifier
from deepsky.dataset.dataset import Dataset, read_dataset
from deepsky.dataset.manifest import VALIDATION, Example
from deepsky.dataset.requirements import require_images, require_training_images
from deepsky.dataset.splits import members
from deepsky.dataset.targets import dataset_labels
from deepsky.evaluation.evaluate import PRECISION, evaluate, require_evaluation_images
from deepsky.models.bundle import ModelBundle
from deepsky.models.card import (
    EvaluatedSplit,
    Head,
    Input,
    ModelCard,
    Network,
    NoveltyFacts,
    RecipeFacts,
    Training,
)
from deepsky.training.backbones import find_backbone
from deepsky.training.calibration import calibrate, candidate_sizes, losses_by_input_size
from deepsky.training.card import (
    describe_calibration_images,
    describe_data,
    describe_identity,
    describe_software,
    read_history,
    with_version,
    write_card,
)
from deepsky.training.copies import copy_images
from deepsky.training.export import export_onnx, largest_difference, save_weights_as_float16
from deepsky.training.fitting import fit
from deepsky.training.initial_weights import WEIGHTS, InitialModel
from deepsky.training.network import evidence_bias
from deepsky.training.outputs import load_cross_validation
from deepsky.training.precision import precision_for
from deepsky.training.quantization import describe_quantization, quantize
from deepsky.training.recipe import Recipe, recipe_for, record_settings

__all__ = ["require_splits", "train"]

COMPARED: Final = 32
"""Number of validation images on which the exported network is compared with the Keras network."""

NETWORK: Final = "network.onnx"
NOVELTY: Final = "novelty.npz"


def train(
    model: str,
    data: Path | Dataset,
    backbone_weights: str,
    output: Path,
    recipe: Recipe | None = None,
    images: Path | None = None,
    cross_validated: Path | None = None,
    version: str | None = None,
    *,
    name: str | None = None,
    initial: InitialModel | None = None,
) -> Path:
    """Train, export, calibrate and evaluate a model, or resume an interrupted run.

    Parameters
    ----------
    model : str
        Name of the model, one of `deepsky.training.backbones.BACKBONES`.
    data : Path or Dataset
        A manifest, a folder that has one subfolder of images per class, or a dataset; see
        `deepsky.dataset.dataset.read_dataset`.
    backbone_weights : str
        ImageNet weights of the backbone: the path of a ``.weights.h5`` file, or ``"imagenet"``
        to download the weights.
    output : Path
        Folder for models. The bundle is written to its subfolder ``NAME``, and checkpoints are
        written to ``NAME/run``. To use the model, set the environment variable
        ``DEEPSKY_MODELS`` to ``output``.
    recipe : Recipe, optional
        Hyperparameters. By default, the recipe of the backbone.
    images : Path, optional
        Folder of the images of a manifest. By default, the folder of the manifest.
    cross_validated : Path, optional
        Folder with results of cross-validation by source (``MODEL/fold-*.npz``). If specified,
        the input size and the calibration are determined on validation and training images;
        otherwise, on validation images only.
    version : str, optional
        Version of the model. By default, the date and a hash of the model's content, such as
        ``"2026.11.28+0a1b2c3d"``.
    name : str, optional
        Name of the trained model. By default, ``model``.
    initial : InitialModel, optional
        Model whose training is continued. In this case, ``backbone_weights`` is not used.

    Returns
    -------
    Path
        Folder of the bundle.

    Raises
    ------
    DatasetError
        If the dataset is invalid, a split has too few images, the run in the folder has
        different settings, or a training image is missing from the cross-validation results.
    ModelNotFoundError
        If there is no backbone with this name.
    """
    backbone = find_backbone(model)
    recipe = recipe or recipe_for(backbone)
    if recipe.input_size:
        backbone = replace(backbone, input_size=recipe.input_size)
    dataset = data if isinstance(data, Dataset) else read_dataset(data, images)
    examples = dataset.with_splits(recipe.seed).examples
    require_splits(examples, recipe.batch_size)
    labels = dataset_labels(examples)
    training, validation = members(examples, "train"), members(examples, *VALIDATION)
    cross = load_cross_validation(cross_validated, model, training, dataset.images)
    bundle = output / (name or model)
    run = bundle / "run"
    record_settings(run / "run.json", _settings(examples, recipe, initial))
    copies = copy_images([*training, *validation], run / "images")
    quick, held_out = copies[: len(training)], copies[len(training) :]
    network = fit(backbone, backbone_weights, quick, held_out, recipe, run, labels, initial)
    exact = export_onnx(network)
    (run / NETWORK).write_bytes(exact)
    save_weights_as_float16(network, bundle / WEIGHTS)
    sizes = candidate_sizes(recipe.input_size)
    losses = losses_by_input_size(exact, training, validation, cross, labels, sizes)
    size = min(losses, key=lambda size: losses[size])
    final = quantize(exact, size, quick) if backbone.quantized else exact
    (bundle / NETWORK).write_bytes(final)
    fitted = calibrate(final, size, training, validation, cross, labels)
    fitted.reference.save(bundle / NOVELTY)
    facts = Network(
        file=NETWORK,
        sha256=hashlib.sha256(final).hexdigest(),
        bytes=len(final),
        parameters=network.count_params(),
        largest_difference_from_keras=largest_difference(network, exact, size, held_out[:COMPARED]),
    )
    if backbone.quantized:
        quantization = describe_quantization(exact, final, size, held_out, labels)
        facts = facts.model_copy(update={"quantization": quantization})
    card = ModelCard(
        **describe_identity(bundle.name, name or backbone.title, labels),
        network=facts,
        head=Head(bias=tuple(evidence_bias(network).tolist())),
        input=Input(size=size, loss_by_size=losses),
        calibration=fitted.calibration.facts(describe_calibration_images(validation, cross)),
        novelty=NoveltyFacts(
            file=NOVELTY,
            sha256=hashlib.sha256((bundle / NOVELTY).read_bytes()).hexdigest(),
            threshold=fitted.novelty_threshold,
        ),
        data=describe_data(examples),
        training=Training(
            recipe=RecipeFacts(
                **recipe.as_dict() | {"input_size": backbone.input_size},
                backbone=backbone.name,
                continued_from=f"{initial.name} {initial.version}" if initial else None,
                learning_rate=backbone.learning_rate,
                precision=precision_for(backbone),
            ),
            software=describe_software(),
            head=read_history(run / "head.csv"),
            fine_tuning=read_history(run / "fine-tuning.csv") if recipe.epochs else (),
        ),
        metrics={},
    )
    write_evaluated_card(bundle, with_version(card, version), examples)
    return bundle


def require_splits(examples: Sequence[Example], batch_size: int = 1) -> None:
    """Raise an error if a split has too few images to train, calibrate and evaluate a model.

    Parameters
    ----------
    examples : sequence of Example
        All images of the manifest, with their splits.
    batch_size : int
        Minimum number of training images.

    Raises
    ------
    DatasetError
        If a split has too few images, or too few images of a class.
    """
    training, validation = members(examples, "train"), members(examples, *VALIDATION)
    labels = dataset_labels(examples)
    require_training_images(training, "the training split", batch_size, labels)
    require_images(validation, "the validation split", labels=labels)
    require_evaluation_images(examples, "test")


def write_evaluated_card(bundle: Path, card: ModelCard, examples: Sequence[Example]) -> None:
    """Evaluate a model on all evaluated splits that have images, and write its card.

    Parameters
    ----------
    bundle : Path
        Folder of the model bundle, which contains all files except the card.
    card : ModelCard
        The card without metrics.
    examples : sequence of Example
        All images of the manifest, with their splits.
    """
    write_card(bundle, card)
    classifier = Classifier(ModelBundle(bundle), PRECISION)
    metrics = {
        split: evaluate(classifier, examples, split).metrics
        for split in get_args(EvaluatedSplit)
        if members(examples, split)
    }
    write_card(bundle, card.model_copy(update={"metrics": metrics}))


def _settings(
    examples: Sequence[Example], recipe: Recipe, initial: InitialModel | None
) -> dict[str, Any]:
    """Return the settings on which the checkpoints of a run depend."""
    images = [(e.path.as_posix(), e.label, e.second_label, e.split) for e in examples]
    digest = hashlib.sha256(json.dumps(images).encode()).hexdigest()
    settings = {"recipe": recipe.as_dict(), "images_sha256": digest}
    return settings | {"continued_from": initial.sha256} if initial else settings

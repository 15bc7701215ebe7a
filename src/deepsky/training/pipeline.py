"""From a manifest to a model that can be shipped."""

import hashlib
import json
from pathlib import Path
from typing import Any

from deepsky.classifier import Classifier
from deepsky.dataset.manifest import Example, read_manifest
from deepsky.dataset.splits import members, with_splits
from deepsky.evaluation.evaluate import PRECISION, evaluate
from deepsky.models.bundle import ModelBundle
from deepsky.models.card import (
    Head,
    Input,
    ModelCard,
    Network,
    NoveltyFacts,
    RecipeFacts,
    Training,
)
from deepsky.training.backbones import find_backbone
from deepsky.training.calibration import calibrate, losses_by_input_size
from deepsky.training.card import (
    describe_data,
    describe_held_out,
    describe_identity,
    describe_software,
    read_history,
    write_card,
)
from deepsky.training.export import export_onnx, largest_difference, save_weights_as_float16
from deepsky.training.fitting import fit
from deepsky.training.network import evidence_bias
from deepsky.training.outputs import load_cross_validation
from deepsky.training.precision import precision_for
from deepsky.training.quantization import describe_quantization, quantize
from deepsky.training.recipe import Recipe, recipe_for, record_settings

__all__ = ["train"]

COMPARED = 32
"""Images on which the exported network is compared with the trained one, in floats."""

NETWORK, NOVELTY, WEIGHTS = "network.onnx", "novelty.npz", "keras.weights.h5"


def train(
    model: str,
    manifest: Path,
    backbone_weights: str,
    output: Path,
    recipe: Recipe | None = None,
    images: Path | None = None,
    cross_validated: Path | None = None,
) -> Path:
    """Train, calibrate, evaluate and export a model. An interrupted run is taken up again.

    Parameters
    ----------
    model : str
        Name of the model, one of `deepsky.training.backbones.BACKBONES`.
    manifest : Path
        The images, as `read_manifest` reads them.
    backbone_weights : str
        ImageNet weights of the backbone: a ``.weights.h5`` file, or ``"imagenet"``.
    output : Path
        Folder for models; the bundle goes to ``MODEL`` in it, the run's checkpoints to
        ``MODEL/run``. Set the environment variable ``DEEPSKY_MODELS`` to it to use the model.
    recipe : Recipe, optional
        The backbone's own by default.
    images : Path, optional
        Folder of the images, if it is not the manifest's.
    cross_validated : Path, optional
        Folder of what cross-validated networks answered (``MODEL/fold-*.npz``, of
        ``benchmarks/cross_validation.py``). With it, input size and calibration rest on the
        training images too; without it, on the validation images alone.

    Returns
    -------
    Path
        The bundle's folder.

    Raises
    ------
    DatasetError
        If the manifest is not as it should be, the folder holds a run of another kind, or a
        training image has no cross-validated answer.
    ModelNotFoundError
        If there is no such model.
    """
    backbone = find_backbone(model)
    recipe = recipe or recipe_for(backbone)
    examples = with_splits(read_manifest(manifest, images), recipe.seed)
    learn, held_out = (members(examples, split) for split in ("train", "validation"))
    cross = load_cross_validation(cross_validated, model, learn, images or manifest.parent)
    bundle = output / model
    run = bundle / "run"
    record_settings(run / "run.json", _settings(examples, recipe))
    network = fit(backbone, backbone_weights, learn, held_out, recipe, run)
    exact = export_onnx(network)
    (run / NETWORK).write_bytes(exact)
    save_weights_as_float16(network, bundle / WEIGHTS)
    losses = losses_by_input_size(exact, learn, held_out, cross)
    size = min(losses, key=lambda size: losses[size])
    shipped = quantize(exact, size, learn) if backbone.quantized else exact
    (bundle / NETWORK).write_bytes(shipped)
    fitted = calibrate(shipped, size, learn, held_out, cross)
    fitted.reference.save(bundle / NOVELTY)
    facts = Network(
        file=NETWORK,
        sha256=hashlib.sha256(shipped).hexdigest(),
        bytes=len(shipped),
        parameters=network.count_params(),
        largest_difference_from_keras=largest_difference(network, exact, size, held_out[:COMPARED]),
    )
    if backbone.quantized:
        quantization = describe_quantization(exact, shipped, size, held_out)
        facts = facts.model_copy(update={"quantization": quantization})
    card = ModelCard(
        **describe_identity(backbone.name, backbone.title),
        network=facts,
        head=Head(bias=tuple(evidence_bias(network).tolist())),
        input=Input(size=size, loss_by_size=losses),
        calibration=fitted.calibration.facts(describe_held_out(held_out, cross)),
        novelty=NoveltyFacts(file=NOVELTY, threshold=fitted.novelty_threshold),
        data=describe_data(examples),
        training=Training(
            recipe=RecipeFacts(
                **recipe.as_dict(),
                learning_rate=backbone.learning_rate,
                precision=precision_for(backbone),
            ),
            software=describe_software(),
            head=read_history(run / "head.csv"),
            fine_tuning=read_history(run / "fine-tuning.csv") if recipe.epochs else (),
        ),
        metrics={},
    )
    write_card(bundle, card)
    classifier = Classifier(ModelBundle(bundle), PRECISION)
    metrics = {
        split: evaluate(classifier, examples, split).metrics for split in ("validation", "test")
    }
    write_card(bundle, card.model_copy(update={"metrics": metrics}))
    return bundle


def _settings(examples: list[Example], recipe: Recipe) -> dict[str, Any]:
    """Return what the checkpoints of a run depend on."""
    images = [(e.path.as_posix(), e.label, e.second_label, e.split) for e in examples]
    digest = hashlib.sha256(json.dumps(images).encode()).hexdigest()
    return {"recipe": recipe.as_dict(), "images_sha256": digest}

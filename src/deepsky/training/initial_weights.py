"""Initial weights of a network whose training continues that of an installed model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import keras
import numpy as np

from deepsky.errors import DatasetError
from deepsky.models.bundle import ModelBundle
from deepsky.models.registry import available_models, find_bundle
from deepsky.taxonomy import Label
from deepsky.training.backbones import BACKBONES, Backbone
from deepsky.training.network import attach_head
from deepsky.training.released_weights import RECOVERABLE, load_released_weights

__all__ = ["WEIGHTS", "InitialModel", "backbone_of", "find_initial_model"]

WEIGHTS: Final = "keras.weights.h5"
"""Name of the file with the Keras weights in a bundle."""


@dataclass(frozen=True, slots=True)
class InitialModel:
    """A model whose training is continued.

    Attributes
    ----------
    name, version, sha256 : str
        Name and version of the model, and SHA-256 of its network.
    labels : tuple of str
        Labels of the model.
    weights : Path
        File with its Keras weights, or its exported network if the bundle has no Keras weights.
    """

    name: str
    version: str
    sha256: str
    labels: tuple[Label, ...]
    weights: Path

    def copy_weights(
        self, network: keras.Model, backbone: Backbone, labels: tuple[Label, ...]
    ) -> None:
        """Copy the weights of the model to a new network.

        Classes that the model does not have keep their random weights in the last layer.

        Parameters
        ----------
        network : keras.Model
            A network returned by `attach_head`.
        backbone : Backbone
            The backbone of both networks.
        labels : tuple of str
            Labels of the new network.
        """
        source = attach_head(backbone.build(None), len(self.labels))
        if self.weights.suffix == ".onnx":
            load_released_weights(self.weights, source)
        else:
            source.load_weights(self.weights)
        # The names of layers without weights are numbered differently in the two networks.
        pairs = zip(_with_weights(source), _with_weights(network), strict=True)
        for old, new in pairs:
            if new.name != "head_logits":
                new.set_weights(old.get_weights())
            if isinstance(new, keras.layers.Normalization):
                new.finalize_state()  # the layer uses copies of its weights
        old, new = (each.get_layer("head_logits").get_weights() for each in (source, network))
        for column, label in enumerate(labels):
            if label in self.labels:
                for mine, theirs in zip(new, old, strict=True):
                    mine[..., column] = theirs[..., self.labels.index(label)]
        network.get_layer("head_logits").set_weights([np.asarray(each) for each in new])


def _with_weights(network: keras.Model) -> list[keras.layers.Layer]:
    return [layer for layer in network.layers if layer.weights]


def find_initial_model(name: str, backbone: Backbone) -> InitialModel:
    """Return the installed model whose training is to be continued.

    Parameters
    ----------
    name : str
        Name of an installed model.
    backbone : Backbone
        The backbone of the network to train.

    Returns
    -------
    InitialModel

    Raises
    ------
    ModelNotFoundError
        If no model with this name is installed.
    DatasetError
        If the model has another backbone, or if its bundle has no weights to continue from.
    """
    bundle = find_bundle(name)
    if (own := backbone_of(bundle)) != backbone.name:
        msg = (
            f"The network of {name} is {own}, not {backbone.name}. "
            f"Run: deepsky train {own} --from {name}"
        )
        raise DatasetError(msg)
    weights = _weights(bundle)
    if weights is None:
        continued = [each for each in available_models() if _weights(find_bundle(each))]
        msg = (
            f"The training of {name} cannot be continued: its bundle {bundle.directory} has no "
            f"Keras weights ({WEIGHTS}). Models whose training can be continued: "
            f"{', '.join(continued) or 'none'}."
        )
        raise DatasetError(msg)
    return InitialModel(name, bundle.version, bundle.sha256, bundle.card.labels, weights)


def backbone_of(bundle: ModelBundle) -> str | None:
    """Return the name of the backbone of a model, or None if it is not known.

    Parameters
    ----------
    bundle : ModelBundle
    """
    training = bundle.card.training
    if training is not None and training.recipe.backbone is not None:
        return training.recipe.backbone
    # Cards of version 1.4 do not contain the backbone.
    titles = {backbone.title: name for name, backbone in BACKBONES.items()}
    return titles.get(bundle.card.title)


def _weights(bundle: ModelBundle) -> Path | None:
    """Return the file from which the weights of a model are read, or None if there is none."""
    if (weights := bundle.directory / WEIGHTS).is_file():
        return weights
    file = bundle.card.network.file
    if backbone_of(bundle) in RECOVERABLE and file is not None:
        return bundle.directory / file
    return None

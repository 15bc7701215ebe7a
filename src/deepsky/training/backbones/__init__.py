"""Backbones: convolutional networks pretrained on ImageNet. Each backbone has its own module."""

from deepsky.errors import ModelNotFoundError
from deepsky.training.backbones import efficientnet, resnet50, vgg16
from deepsky.training.backbones.backbone import Backbone

__all__ = ["BACKBONES", "Backbone", "find_backbone"]

BUILT_IN = (efficientnet.BACKBONE, resnet50.BACKBONE, vgg16.BACKBONE)
BACKBONES = {backbone.name: backbone for backbone in BUILT_IN}


def find_backbone(name: str) -> Backbone:
    """Return the backbone of a model.

    Parameters
    ----------
    name : str
        Name of the model, such as ``"efficientnet"``.

    Returns
    -------
    Backbone

    Raises
    ------
    ModelNotFoundError
        If there is no backbone with this name.
    """
    if name not in BACKBONES:
        msg = f"There is no backbone {name!r}. Choose one of: {', '.join(BACKBONES)}."
        raise ModelNotFoundError(msg)
    return BACKBONES[name]

"""Find installed models: shipped models and those in the folder set by ``DEEPSKY_MODELS``."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deepsky.errors import ModelCorruptError, ModelNotFoundError
from deepsky.models.bundle import CARD, ModelBundle

__all__ = ["DEFAULT_MODEL", "available_models", "find_bundle", "find_members"]

DEFAULT_MODEL: Final = "efficientnet"
"""Name of the default model."""

SHIPPED = Path(__file__).parent / "bundles"


def _bundles() -> Iterator[Path]:
    """Yield the bundles' folders: first those in ``DEEPSKY_MODELS``, then the shipped ones."""
    for parent in (*_user_folders(), SHIPPED):
        yield from sorted(card.parent for card in parent.glob(f"*/{CARD}"))


def _user_folders() -> list[Path]:
    folder = os.environ.get("DEEPSKY_MODELS")
    if not folder:
        return []
    if not Path(folder).is_dir():
        msg = f"DEEPSKY_MODELS is {folder}, which is not a folder. Set it to your models folder."
        raise ModelCorruptError(msg)
    return [Path(folder)]


def available_models() -> list[str]:
    """Return the names of the installed models.

    Returns
    -------
    list of str
        Names in alphabetical order.

    Raises
    ------
    ModelCorruptError
        If the environment variable ``DEEPSKY_MODELS`` is set to a path that is not a folder.

    Examples
    --------
    >>> import deepsky
    >>> deepsky.available_models()
    ['efficientnet', 'ensemble', 'resnet50', 'vgg16']
    """
    return sorted({folder.name for folder in _bundles()})


def find_bundle(name: str) -> ModelBundle:
    """Return the bundle of an installed model.

    Parameters
    ----------
    name : str
        Name of the model, such as ``"efficientnet"``. Models in the folder given by the
        environment variable ``DEEPSKY_MODELS`` take precedence over shipped models.

    Returns
    -------
    ModelBundle

    Raises
    ------
    ModelNotFoundError
        If no model with this name is installed.
    ModelCorruptError
        If the environment variable ``DEEPSKY_MODELS`` is set to a path that is not a folder.

    Examples
    --------
    >>> from deepsky.models import find_bundle
    >>> find_bundle("vgg16").card.title
    'VGG16'
    """
    for folder in _bundles():
        if folder.name == name:
            return ModelBundle(folder)
    installed = ", ".join(available_models()) or "none"
    msg = f"No model {name!r} is installed. Installed models: {installed}."
    raise ModelNotFoundError(msg)


def find_members(bundle: ModelBundle) -> list[tuple[ModelBundle, float]]:
    """Return the members of an ensemble and their scales, or a single model with scale 1.

    Parameters
    ----------
    bundle : ModelBundle

    Returns
    -------
    list of (ModelBundle, float)
        Each member and the factor by which its logits are multiplied. Members are looked up in the
        parent folder of the ensemble's folder.

    Raises
    ------
    ModelCorruptError
        If a member is missing or differs from the model that was used to build the ensemble.
    """
    members = []
    for facts in bundle.members:
        member = ModelBundle(bundle.directory.parent / facts.name)
        if member.sha256 != facts.sha256:
            msg = (
                f"The ensemble {bundle.directory} was not built with the installed version of the "
                f"model {member.directory.name}. Build the ensemble again, or install the "
                "models again."
            )
            raise ModelCorruptError(msg)
        members.append((member, facts.scale))
    return members or [(bundle, 1.0)]

"""Installed models: those shipped with deepsky, and those in ``DEEPSKY_MODELS``."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deepsky.errors import ModelCorruptError, ModelNotFoundError
from deepsky.models.bundle import CARD, ModelBundle

__all__ = ["DEFAULT_MODEL", "available_models", "find_bundle", "find_members"]

DEFAULT_MODEL: Final = "efficientnet"
"""Name of the model that is used by default."""

SHIPPED = Path(__file__).parent / "bundles"


def _bundles() -> Iterator[Path]:
    """Yield the folders with a card, those in ``DEEPSKY_MODELS`` before the shipped ones."""
    for parent in (*_user_folders(), SHIPPED):
        yield from sorted(card.parent for card in parent.glob(f"*/{CARD}"))


def _user_folders() -> list[Path]:
    folder = os.environ.get("DEEPSKY_MODELS")
    if not folder:
        return []
    if not Path(folder).is_dir():
        msg = f"DEEPSKY_MODELS is {folder}, which is not a folder. Set it to your models' folder."
        raise ModelCorruptError(msg)
    return [Path(folder)]


def available_models() -> list[str]:
    """Return the names of the installed models.

    Returns
    -------
    list of str
        In alphabetical order.

    Raises
    ------
    ModelCorruptError
        If the environment variable ``DEEPSKY_MODELS`` is set, but not to a folder.

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
        Name of the bundle's folder, such as ``"efficientnet"``. Folders in the directory
        ``DEEPSKY_MODELS`` (an environment variable) take precedence over shipped models.

    Returns
    -------
    ModelBundle

    Raises
    ------
    ModelNotFoundError
        If no model of that name is installed.
    ModelCorruptError
        If the environment variable ``DEEPSKY_MODELS`` is set, but not to a folder.

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
    """Return the members of an ensemble with their scales, or a single model with scale 1.

    Parameters
    ----------
    bundle : ModelBundle

    Returns
    -------
    list of (ModelBundle, float)
        Each member, which is next to the ensemble, and the factor for its logits.

    Raises
    ------
    ModelCorruptError
        If a member is missing, or is not the one that the ensemble was built with.
    """
    members = []
    for facts in bundle.members:
        member = ModelBundle(bundle.directory.parent / facts.name)
        if member.sha256 != facts.sha256:
            msg = (
                f"The ensemble {bundle.directory} was built with another {member.directory.name}. "
                "Build it again, or install the models again."
            )
            raise ModelCorruptError(msg)
        members.append((member, facts.scale))
    return members or [(bundle, 1.0)]

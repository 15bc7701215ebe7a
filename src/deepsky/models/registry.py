"""Where trained models are found: those that ship with deepsky, and one's own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deepsky.errors import ModelCorruptError, ModelNotFoundError
from deepsky.models.bundle import CARD, ModelBundle

__all__ = ["DEFAULT_MODEL", "available_models", "find_bundle", "members_of"]

DEFAULT_MODEL: Final = "efficientnet"
"""The model that answers where none is named."""

SHIPPED = Path(__file__).parent / "bundles"


def _bundles() -> Iterator[Path]:
    """Folders with a card: one's own (``DEEPSKY_MODELS``) first, then the shipped ones."""
    for parent in (*_own(), SHIPPED):
        yield from sorted(card.parent for card in parent.glob(f"*/{CARD}"))


def _own() -> list[Path]:
    folder = os.environ.get("DEEPSKY_MODELS")
    if not folder:
        return []
    if not Path(folder).is_dir():
        msg = f"DEEPSKY_MODELS is {folder}, which is no folder. Name the one with your models."
        raise ModelCorruptError(msg)
    return [Path(folder)]


def available_models() -> list[str]:
    """Names of the installed models, sorted.

    Raises
    ------
    ModelCorruptError
        If ``DEEPSKY_MODELS`` names no folder.
    """
    return sorted({folder.name for folder in _bundles()})


def find_bundle(name: str) -> ModelBundle:
    """Find an installed model.

    Parameters
    ----------
    name : str
        The name of its folder, such as ``"efficientnet"``. A model of one's own, in the
        folder that the environment variable ``DEEPSKY_MODELS`` names, goes before a shipped
        one of the same name.

    Raises
    ------
    ModelNotFoundError
        If no model of that name is installed.
    ModelCorruptError
        If ``DEEPSKY_MODELS`` names no folder.
    """
    for folder in _bundles():
        if folder.name == name:
            return ModelBundle(folder)
    installed = ", ".join(available_models()) or "none"
    msg = f"There is no model {name!r}. Installed: {installed}."
    raise ModelNotFoundError(msg)


def members_of(bundle: ModelBundle) -> list[tuple[ModelBundle, float]]:
    """Find the models that answer together, each with the scale of its logits.

    For a single model that is the model alone, with a scale of 1. An ensemble's members stand
    beside it.

    Raises
    ------
    ModelCorruptError
        If a member is missing, or is not the one that the ensemble was made with.
    """
    members = []
    for stated in bundle.members:
        member = ModelBundle(bundle.directory.parent / stated.name)
        if member.sha256 != stated.sha256:
            msg = (
                f"The ensemble {bundle.directory} was made with another {stated.name}. "
                "Make it again, or install the models again."
            )
            raise ModelCorruptError(msg)
        members.append((member, stated.scale))
    return members or [(bundle, 1.0)]

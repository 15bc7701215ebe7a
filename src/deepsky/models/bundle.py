"""A trained model on disk: a folder with its card and, if it is no ensemble, its network."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from deepsky.errors import ModelCorruptError
from deepsky.taxonomy import LABELS

__all__ = ["ModelBundle"]

CARD = "card.json"


@dataclass(frozen=True)
class ModelBundle:
    """A folder that holds one trained model.

    Attributes
    ----------
    directory : Path
        Holds ``card.json``, and the network (ONNX) and the novelty reference (NPZ) that it names,
        or, for an ensemble, stands beside the folders of its members.
    """

    directory: Path

    @cached_property
    def card(self) -> dict[str, Any]:
        """The model card: how the model was made, what it needs, how well it does.

        Raises
        ------
        ModelCorruptError
            If the card is missing or unreadable, or was made for other labels.
        """
        path = self.directory / CARD
        try:
            card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            msg = f"The model card {path} cannot be read: {error}. Install the model again."
            raise ModelCorruptError(msg) from error
        if card.get("labels") != list(LABELS):
            msg = f"The model {path.parent} answers {card.get('labels')}, not {list(LABELS)}."
            raise ModelCorruptError(msg)
        return card

    @property
    def name(self) -> str:
        """The name to ask for the model by, such as ``efficientnet``."""
        return str(self.card["name"])

    @property
    def version(self) -> str:
        """The model's own version."""
        return str(self.card["version"])

    @property
    def sha256(self) -> str:
        """SHA-256 of the network's file, in hexadecimal, as the card states it.

        An ensemble's is that of its members' hashes, one after the other.
        """
        return str(self.card["network"]["sha256"])

    @property
    def members(self) -> list[dict[str, Any]]:
        """What an ensemble combines: ``name``, ``sha256`` and ``scale``. Empty for one model."""
        return list(self.card.get("members", []))

    def read_network(self) -> bytes:
        """Read the network (ONNX).

        Raises
        ------
        ModelCorruptError
            If the file is missing or is not the one that the card describes.
        """
        path = self.directory / str(self.card["network"]["file"])
        try:
            network = path.read_bytes()
        except OSError as error:
            msg = f"The network {path} cannot be read: {error.strerror}. Install the model again."
            raise ModelCorruptError(msg) from error
        if hashlib.sha256(network).hexdigest() != self.sha256:
            msg = f"The network {path} is not the one its card describes. Install the model again."
            raise ModelCorruptError(msg)
        return network

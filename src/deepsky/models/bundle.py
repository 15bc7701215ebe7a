"""Model bundles: folders that contain the files of a trained model."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deepsky.errors import ModelCorruptError

if TYPE_CHECKING:
    from deepsky.models.card import Member, ModelCard
    from deepsky.models.novelty import NoveltyReference

__all__ = ["CARD", "ModelBundle"]

CARD: Final = "card.json"


@dataclass(frozen=True)
class ModelBundle:
    """Folder that contains the files of one trained model.

    Parameters
    ----------
    directory : Path
        Folder that contains the card, ``card.json``. For a single model, it also contains the
        network (ONNX) and the novelty reference (NPZ) named in the card. The folders of an
        ensemble's members are in the same parent folder as the ensemble's own folder.

    See Also
    --------
    deepsky.models.find_bundle : Return the bundle of an installed model.
    """

    directory: Path

    @cached_property
    def card(self) -> "ModelCard":
        """The model card.

        Raises
        ------
        ModelCorruptError
            If the card is missing, unreadable, incomplete or invalid.
        """
        # Imported here because pydantic is slow to import and `deepsky --help` does not need it.
        from deepsky.models.card import ModelCard

        return ModelCard.read(self.directory / CARD)

    @property
    def name(self) -> str:
        """Name of the model, such as ``efficientnet``."""
        return self.card.name

    @property
    def version(self) -> str:
        """Version of the model. It is independent of the version of deepsky."""
        return self.card.version

    @property
    def sha256(self) -> str:
        """SHA-256 of the network file in hexadecimal, as recorded in the card.

        For an ensemble, this is the SHA-256 of the members' concatenated hashes.
        """
        return self.card.network.sha256

    @property
    def members(self) -> "tuple[Member, ...]":
        """Members of an ensemble; empty for a single model."""
        return self.card.members

    @property
    def input_size(self) -> int:
        """Side length of the network's square input, in pixels.

        Raises
        ------
        ModelCorruptError
            If the model is an ensemble, which has no network of its own.
        """
        if self.card.input is None:
            raise self._no_network()
        return self.card.input.size

    def read_network(self) -> bytes:
        """Read the network file and verify its hash.

        Returns
        -------
        bytes
            The network in ONNX format.

        Raises
        ------
        ModelCorruptError
            If the file is missing or does not match the SHA-256 in the card, or if the model is
            an ensemble.
        """
        path = self._file(self.card.network.file)
        try:
            network = path.read_bytes()
        except OSError as error:
            msg = f"The network {path} cannot be read: {error.strerror}. Install the model again."
            raise ModelCorruptError(msg) from error
        if hashlib.sha256(network).hexdigest() != self.sha256:
            msg = f"The network {path} does not match the model card. Install the model again."
            raise ModelCorruptError(msg)
        return network

    def read_novelty_reference(self) -> "NoveltyReference":
        """Read the novelty reference.

        Returns
        -------
        NoveltyReference

        Raises
        ------
        ModelCorruptError
            If the file is missing or damaged, or if the model is an ensemble.
        """
        from deepsky.models.novelty import NoveltyReference

        return NoveltyReference.load(self._file(self.card.novelty.file))

    def _file(self, name: str | None) -> Path:
        if name is None:
            raise self._no_network()
        return self.directory / name

    def _no_network(self) -> ModelCorruptError:
        msg = f"The model {self.directory} is an ensemble and has no network of its own."
        return ModelCorruptError(msg)

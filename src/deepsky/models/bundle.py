"""Model bundles: folders that contain the files of a trained model."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deepsky.errors import ModelCorruptError

if TYPE_CHECKING:
    from deepsky.models.card import Member, ModelCard
    from deepsky.models.kinds import KindHead
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
        """The model card. Its name is the name of the folder, by which the model is requested.

        Raises
        ------
        ModelCorruptError
            If the card is missing, unreadable, incomplete or invalid.
        """
        # Imported here because pydantic is slow to import and `deepsky --help` does not need it.
        from deepsky.models.card import ModelCard

        card = ModelCard.read(self.directory / CARD)
        return card.model_copy(update={"name": self.directory.name})

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
        return self._read("network", self.card.network.file, self.sha256)

    def read_novelty_reference(self) -> "NoveltyReference":
        """Read the novelty reference and verify its hash.

        Returns
        -------
        NoveltyReference

        Raises
        ------
        ModelCorruptError
            If the file is missing, is damaged or does not match the SHA-256 in the card, or if the
            model is an ensemble.
        """
        from deepsky.models.novelty import NoveltyReference

        facts = self.card.novelty
        what = "novelty reference"
        content = self._read(what, facts.file, facts.sha256)
        try:
            return NoveltyReference.parse(content)
        except ValueError as error:
            raise self._damaged(what, facts.file, f"is damaged: {error}") from error

    def read_kind_head(self) -> "KindHead | None":
        """Read the head that predicts kinds of objects, and verify its hash.

        Returns
        -------
        KindHead or None
            None if the model has no such head.

        Raises
        ------
        ModelCorruptError
            If the file is missing, is damaged or does not match the SHA-256 in the card.
        """
        from deepsky.models.kinds import KindHead

        if (facts := self.card.kinds) is None:
            return None
        what = "head for kinds"
        content = self._read(what, facts.file, facts.sha256)
        try:
            return KindHead.parse(content, facts)
        except ValueError as error:
            raise self._damaged(what, facts.file, f"is damaged: {error}") from error

    def _read(self, what: str, name: str | None, sha256: str | None) -> bytes:
        """Read a file and verify its hash, unless the hash is None."""
        if name is None:
            raise self._no_network()
        try:
            content = (self.directory / name).read_bytes()
        except OSError as error:
            raise self._damaged(what, name, f"cannot be read: {error.strerror}") from error
        if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
            raise self._damaged(what, name, "does not match the model card")
        return content

    def _damaged(self, what: str, name: str | None, problem: str) -> ModelCorruptError:
        msg = f"The {what} {self.directory / (name or '')} {problem}. Install the model again."
        return ModelCorruptError(msg)

    def _no_network(self) -> ModelCorruptError:
        msg = f"The model {self.directory} is an ensemble and has no network of its own."
        return ModelCorruptError(msg)

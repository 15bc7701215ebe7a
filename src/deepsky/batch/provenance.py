"""Provenance of records, written to output files whose format supports metadata."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from deepsky import __version__
from deepsky.taxonomy import LABELS, Label

__all__ = ["Provenance"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Program, model and settings that were used to produce records.

    Attributes
    ----------
    model, model_version, model_sha256 : str
        Name and version of the model, and SHA-256 of its network.
    parameters : mapping of str to str
        Settings that affect the records, such as the maximum sizes of files and images. The model
        and the minimum confidence are not included.
    min_confidence : float
        Confidence below which records are flagged, 0 to 1.
    labels : tuple of str
        Labels of the model. They determine the columns of tables.
    deepsky_version : str
        Version of deepsky; by default, the installed one.
    """

    model: str
    model_version: str
    model_sha256: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    min_confidence: float = 0.0
    labels: tuple[Label, ...] = LABELS
    deepsky_version: str = field(default_factory=lambda: __version__)

    def as_dict(self) -> dict[str, str]:
        """Return the attributes, except the labels, and the parameters as strings."""
        return {
            "deepsky_version": self.deepsky_version,
            "model": self.model,
            "model_version": self.model_version,
            "model_sha256": self.model_sha256,
            "min_confidence": f"{self.min_confidence:g}",
            **self.parameters,
        }

"""Where records come from: what is noted in a table that has a place for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

__all__ = ["Provenance"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a table of records.

    Attributes
    ----------
    model, model_version, model_sha256 : str
        Which model answered.
    parameters : mapping of str to str
        What else decides the answers, such as how images are decoded.
    min_confidence : float
        Answers whose probability is smaller are flagged, 0 to 1.
    deepsky_version : str
        By default, the one that runs.
    """

    model: str
    model_version: str
    model_sha256: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    min_confidence: float = 0.0
    deepsky_version: str = field(default_factory=lambda: version("deepsky"))

    def as_dict(self) -> dict[str, str]:
        """Tell it all as names and values."""
        return {
            "deepsky_version": self.deepsky_version,
            "model": self.model,
            "model_version": self.model_version,
            "model_sha256": self.model_sha256,
            "min_confidence": f"{self.min_confidence:g}",
            **self.parameters,
        }

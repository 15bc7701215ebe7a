"""Create records and outcomes for tests, without a model."""

from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np

from deepsky.batch.outcome import Outcome
from deepsky.batch.provenance import Provenance
from deepsky.batch.sources import Source
from deepsky.record import Record
from deepsky.taxonomy import LABELS

__all__ = ["PROVENANCE", "make_failure", "make_outcome", "make_record"]

MODEL: dict[str, Any] = {
    "model": "efficientnet",
    "model_version": "1.1.0",
    "model_sha256": "a" * 64,
}
PROVENANCE = Provenance(**MODEL, parameters={"time_limit": "60"}, min_confidence=0.5)

NOT_IDENTIFIED: dict[str, Any] = {
    "subtype": None,
    "object": None,
    "objects": [],
    "sky": None,
    "sky_error": None,
    "agreement": "not placed",
    "difference": None,
    "agreement_message": None,
    "combined": None,
}


def make_record(path: str = "M51.fits", probability: float = 0.97, **fields: Any) -> Record:
    """Return a valid record for an image of a galaxy, with the given fields replaced."""
    label = fields.get("label", "galaxy")
    rest = round((1 - probability) / 3, 6)
    probabilities = {each: probability if each == label else rest for each in LABELS}
    record = {
        "path": path,
        "label": label,
        "verdict": "confident",
        "probabilities": probabilities,
        "prediction_set": [label],
        "novelty": 0.08,
        **MODEL,
        "image_sha256": "b" * 64,
        "width": 96,
        "height": 64,
        "format": "FITS",
        "stretch": "mtf",
        **NOT_IDENTIFIED,
        "error": None,
    }
    return cast("Record", {**record, **fields})


def make_failure(path: str, code: str = "empty_file", message: str = "It is empty.") -> Record:
    """Return an error record for a file that could not be read."""
    nothing = dict.fromkeys(Record.__annotations__)
    error = {"code": code, "message": message}
    return cast("Record", {**nothing, "path": path, **MODEL, "error": error})


def make_outcome(path: Path, content: bytes | None = None, **fields: Any) -> Outcome:
    """Return the outcome for an image file, or for an archive member if `content` is given."""
    return Outcome(
        source=Source(str(path), partial(Path, path)),
        record=make_record(str(path), **fields),
        content=path if content is None else content,
        evidence=np.zeros((len(LABELS), 2, 2), dtype=np.float32),
    )

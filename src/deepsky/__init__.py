"""Tell galaxies, nebulae, star clusters and everything else apart in images of the sky."""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deepsky.batch.run import classify_many
    from deepsky.classifier import Classifier, Prediction, load_classifier
    from deepsky.errors import DeepskyError
    from deepsky.imaging import ImageData, Limits, read_image
    from deepsky.record import Record, classify_file
    from deepsky.taxonomy import LABELS, Label, Verdict

__all__ = [
    "LABELS",
    "Classifier",
    "DeepskyError",
    "ImageData",
    "Label",
    "Limits",
    "Prediction",
    "Record",
    "Verdict",
    "classify_file",
    "classify_many",
    "load_classifier",
    "read_image",
]

HOMES = {
    "deepsky.batch.run": ("classify_many",),
    "deepsky.classifier": ("Classifier", "Prediction", "load_classifier"),
    "deepsky.errors": ("DeepskyError",),
    "deepsky.imaging": ("Limits", "ImageData", "read_image"),
    "deepsky.record": ("Record", "classify_file"),
    "deepsky.taxonomy": ("LABELS", "Label", "Verdict"),
}

# OpenVINO and NNCF tell their makers of every use, unless what they tell it with is not there.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the command line starts at once."""
    for home, names in HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    msg = f"module 'deepsky' has no attribute {name!r}"
    raise AttributeError(msg)

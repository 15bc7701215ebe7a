"""Tell galaxies, nebulae, star clusters and everything else apart in pictures of the sky."""

from deepsky.classifier import Classifier, Prediction, load_classifier
from deepsky.errors import DeepskyError
from deepsky.imaging import Limits, Picture, read_image
from deepsky.record import Record, classify_file
from deepsky.taxonomy import LABELS, Label, Verdict

__all__ = [
    "LABELS",
    "Classifier",
    "DeepskyError",
    "Label",
    "Limits",
    "Picture",
    "Prediction",
    "Record",
    "Verdict",
    "classify_file",
    "load_classifier",
    "read_image",
]

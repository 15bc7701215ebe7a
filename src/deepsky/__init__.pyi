from . import errors as errors
from .batch.job import Job as Job
from .batch.run import classify_many as classify_many
from .batch.run import run as run
from .batch.summary import Summary as Summary
from .classification import classify as classify
from .classification import classify_file as classify_file
from .classifier import Classifier as Classifier
from .classifier import load_classifier as load_classifier
from .detection.detect import Detection as Detection
from .detection.find import find as find
from .errors import DeepskyError as DeepskyError
from .imaging import ImageData as ImageData
from .imaging import Limits as Limits
from .imaging import read_image as read_image
from .models import available_models as available_models
from .prediction import Prediction as Prediction
from .record import Record as Record
from .taxonomy import LABELS as LABELS
from .taxonomy import Label as Label
from .taxonomy import Verdict as Verdict

__version__: str

__all__ = [
    "LABELS",
    "Classifier",
    "DeepskyError",
    "Detection",
    "ImageData",
    "Job",
    "Label",
    "Limits",
    "Prediction",
    "Record",
    "Summary",
    "Verdict",
    "available_models",
    "classify",
    "classify_file",
    "classify_many",
    "errors",
    "find",
    "load_classifier",
    "read_image",
    "run",
]

"""Classify one image or file."""

from functools import cache
from os import PathLike, fspath
from pathlib import Path
from threading import Lock

from deepsky.classifier import Classifier
from deepsky.errors import ImageError
from deepsky.identification.identify import identify
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.imaging.read import read_image
from deepsky.models.bundle import ModelBundle
from deepsky.models.preparation import SHORTER_SIDE
from deepsky.models.registry import DEFAULT_MODEL, find_bundle
from deepsky.pixels import ImageLike
from deepsky.prediction import Prediction
from deepsky.record import Record, error_record, make_record

__all__ = ["classify", "classify_file"]


def classify(
    image: str | PathLike[str] | bytes | ImageLike,
    model: str | Classifier = DEFAULT_MODEL,
    *,
    limits: Limits = DEFAULT_LIMITS,
    stretch: StretchChoice = "auto",
) -> Prediction:
    """Classify one image, and identify the object that it shows.

    Parameters
    ----------
    image : path-like, bytes, ndarray, PIL.Image.Image or ImageData
        Path or content of an image file in any format that `deepsky.read_image` supports, or an
        image that `Classifier.classify` accepts.
    model : str or Classifier
        Name of an installed model, or a loaded classifier. A model that is given by name is loaded
        only once per process.
    limits : Limits
        Limits on the size of the file and of the image.
    stretch : {"auto", "mtf", "asinh", "log", "sqrt", "linear", "zscale", "percentile"}
        Name of the stretch; see `deepsky.read_image`. It applies only to
        files; images in memory are stretched if they are linear.

    Returns
    -------
    Prediction
        If `image` is a file or an `ImageData`, its attributes `object`, `objects`, `sky`,
        `agreement` and `combined` are set. The name of the object is read from the file's header
        or its name, and the place on the sky from its header.

    Raises
    ------
    ImageError
        If the file cannot be read.
    ModelError
        If the model is not installed or its files are damaged.
    TypeError, ValueError
        If `image` has an unsupported type, dtype, shape or range of values; see
        `Classifier.classify`.

    See Also
    --------
    classify_many : Classify many files in parallel.
    classify_file : Return the record of one file, even if the file cannot be read.

    Examples
    --------
    >>> import deepsky
    >>> prediction = deepsky.classify("samples/ngc-3199.jpg")
    >>> prediction.label, prediction.verdict
    ('nebula', 'confident')
    >>> deepsky.classify("samples/ngc-3199.jpg", "resnet50").model
    'resnet50'
    """
    classifier = model if isinstance(model, Classifier) else _load_shared(model)
    path = image if isinstance(image, str | PathLike) else None
    if isinstance(image, str | PathLike | bytes):
        image = read_image(image, limits=limits, at_least=SHORTER_SIDE, stretch=stretch)
    prediction = classifier.classify(image)
    return identify(prediction, image, path) if isinstance(image, ImageData) else prediction


_loading = Lock()


def _load_shared(name: str) -> Classifier:
    bundle = find_bundle(name)
    with _loading:  # without the lock, several threads could load the same model at once
        return _load_once(bundle.directory, bundle.sha256)


@cache
def _load_once(directory: Path, _sha256: str) -> Classifier:
    """Load the classifier in a folder, unless it is cached. The hash is part of the cache key."""
    return Classifier(ModelBundle(directory))


def classify_file(
    classifier: Classifier,
    path: str | PathLike[str],
    *,
    limits: Limits = DEFAULT_LIMITS,
    stretch: StretchChoice = "auto",
) -> Record:
    """Classify one file and return its record.

    Parameters
    ----------
    classifier : Classifier
    path : path-like
        Path of an image file in any format that `deepsky.read_image` supports.
    limits : Limits
        Limits on the size of the file and of the image.
    stretch : {"auto", "mtf", "asinh", "log", "sqrt", "linear", "zscale", "percentile"}
        Name of the stretch; see `deepsky.read_image`.

    Returns
    -------
    Record
        If the file cannot be read, no `ImageError` is raised; instead, the record's field
        ``error`` is set.

    See Also
    --------
    classify : Return a prediction with evidence maps; raise `ImageError` for unreadable files.
    classify_many : Classify many files in parallel.

    Examples
    --------
    >>> import deepsky
    >>> classifier = deepsky.load_classifier()
    >>> record = deepsky.classify_file(classifier, "samples/mars.jpg")
    >>> record["label"], record["error"]
    ('other', None)
    >>> deepsky.classify_file(classifier, "samples/CREDITS.md")["error"]["code"]
    'unsupported_format'
    """
    name = fspath(path)
    try:
        image = read_image(name, limits=limits, at_least=SHORTER_SIDE, stretch=stretch)
    except ImageError as error:
        return error_record(name, error, classifier)
    prediction = identify(classifier.classify(image.pixels), image, name)
    return make_record(name, image, prediction)

"""Classify one image or file."""

from collections.abc import Callable
from functools import cache, partial
from os import PathLike, fspath
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from deepsky.classifier import Classifier
from deepsky.errors import ImageError
from deepsky.identification.identify import identify
from deepsky.identification.position import find_position
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.imaging.read import read_image
from deepsky.models.bundle import ModelBundle
from deepsky.models.preparation import SHORTER_SIDE
from deepsky.models.registry import DEFAULT_MODEL, find_bundle
from deepsky.pixels import ImageLike
from deepsky.prediction import Prediction
from deepsky.preprocessing import reduce_unplaced
from deepsky.record import Record, error_record, make_record
from deepsky.sky.solving import SOLVE_SECONDS, SolverChoice

if TYPE_CHECKING:  # this module is slow to import
    from deepsky.sky.solvers import PositionFinder

__all__ = ["classify", "classify_file", "load_shared", "make_position_finder"]


def classify(
    image: str | PathLike[str] | bytes | ImageLike,
    model: str | Classifier = DEFAULT_MODEL,
    *,
    limits: Limits = DEFAULT_LIMITS,
    stretch: StretchChoice = "auto",
    solve: SolverChoice = "never",
    solve_seconds: float = SOLVE_SECONDS,
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
    solve : {"never", "auto", "solve-field", "astap", "astrometry", "nova"}
        Plate solver that finds the place on the sky if the file does not contain it. It applies
        only to files and `ImageData`.
    solve_seconds : float
        Time limit for plate solving, in seconds.

    Returns
    -------
    Prediction
        If `image` is a file or an `ImageData`, its attributes `object`, `objects`, `sky`,
        `agreement` and `combined` are set. The name of the object is read from the file's header
        or its name, and the place on the sky from its header or found by plate solving. If plate
        solving fails, `sky_error` is set.

    Raises
    ------
    ImageError
        If the file cannot be read.
    ModelError
        If the model is not installed or its files are damaged.
    SolverError
        If the plate solver is not installed.
    TypeError, ValueError
        If there is no such plate solver, or if `image` has an unsupported type, dtype, shape or
        range of values; see `Classifier.classify`.

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
    finder = make_position_finder(solve)
    classifier = model if isinstance(model, Classifier) else load_shared(model)
    path = image if isinstance(image, str | PathLike) else None
    read = None
    if isinstance(image, str | PathLike | bytes):
        read = partial(read_image, image, limits=limits, stretch=stretch)
        image = read(at_least=SHORTER_SIDE)
    prediction = classifier.classify(image)
    if not isinstance(image, ImageData):
        return prediction
    return _identify(prediction, image, path, read, finder, solve_seconds)


_loading = Lock()


def load_shared(name: str) -> Classifier:
    """Return an installed model, which is loaded only once per process.

    Parameters
    ----------
    name : str
        Name of the model.

    Returns
    -------
    Classifier

    Raises
    ------
    ModelError
        If the model is not installed or its files are damaged.
    """
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
    solve: SolverChoice = "never",
    solve_seconds: float = SOLVE_SECONDS,
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
    solve : {"never", "auto", "solve-field", "astap", "astrometry", "nova"}
        Plate solver that finds the place on the sky if the file does not contain it.
    solve_seconds : float
        Time limit for plate solving, in seconds.

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
    finder = make_position_finder(solve)
    read = partial(read_image, name, limits=limits, stretch=stretch)
    try:
        image = read(at_least=SHORTER_SIDE)
    except ImageError as error:
        return error_record(name, error, classifier)
    prediction = classifier.classify(image.pixels)
    prediction = _identify(prediction, image, name, read, finder, solve_seconds)
    return make_record(name, image, prediction)


def make_position_finder(solve: SolverChoice) -> "PositionFinder | None":
    """Return a finder that keeps its results in the user's cache folder.

    Parameters
    ----------
    solve : str
        Name of the plate solver.

    Returns
    -------
    PositionFinder or None
        None if `solve` is ``"never"``.

    Raises
    ------
    SolverError
        If the plate solver is not installed.
    """
    if solve == "never":
        return None
    from deepsky.sky.solvers import SolutionCache, make_finder  # astropy is slow to import

    return make_finder(solve, cache=SolutionCache())


def _identify(
    prediction: Prediction,
    image: ImageData,
    path: str | PathLike[str] | None,
    read: Callable[[], ImageData] | None,
    finder: "PositionFinder | None",
    solve_seconds: float,
) -> Prediction:
    reduced = reduce_unplaced(image, read) if finder else None
    if finder is None or reduced is None:
        return identify(prediction, image, path)
    from deepsky.sky.solvers import Limits as SearchLimits

    found = find_position(finder, image, reduced, path, SearchLimits(seconds=solve_seconds))
    return identify(prediction, image, path, sky=found.position, sky_error=found.reason)

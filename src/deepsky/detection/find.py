"""Find the objects in one image."""

from functools import partial
from os import PathLike
from typing import TYPE_CHECKING

from deepsky.classification import load_shared, make_position_finder
from deepsky.classifier import Classifier
from deepsky.detection.detect import MIN_PROBABILITY, Detection, detect
from deepsky.detection.place import place
from deepsky.detection.reading import read_for_finding, shrink
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.imaging.read import read_image
from deepsky.models.registry import DEFAULT_MODEL
from deepsky.pixels import ImageLike, as_rgb
from deepsky.sky.solving import SOLVE_SECONDS, SolverChoice

if TYPE_CHECKING:
    from deepsky.sky.reduction import ReducedImage

__all__ = ["find"]


def find(
    image: str | PathLike[str] | bytes | ImageLike,
    model: str | Classifier = DEFAULT_MODEL,
    *,
    limits: Limits = DEFAULT_LIMITS,
    stretch: StretchChoice = "auto",
    solve: SolverChoice = "never",
    solve_seconds: float = SOLVE_SECONDS,
    min_probability: float = MIN_PROBABILITY,
) -> list[Detection]:
    """Find the objects in one image of a wide field.

    If the image's place on the sky is known, the visible objects of the catalogue are returned,
    each with the prediction for its cutout. Otherwise, boxes are found in the image; see
    docs/how-to/find.md for the precision.

    Parameters
    ----------
    image : path-like, bytes, ndarray, PIL.Image.Image or ImageData
        An image that `deepsky.classify` accepts.
    model : str or Classifier
        Name of an installed model, or a loaded classifier.
    limits : Limits
        Limits on the size of the file and of the image.
    stretch : {"auto", "mtf", "asinh", "log", "sqrt", "linear", "zscale", "percentile"}
        Name of the stretch; see `deepsky.classify`.
    solve : {"never", "auto", "solve-field", "astap", "astrometry"}
        Plate solver that finds the place on the sky if the file does not contain it. It applies
        only to files.
    solve_seconds : float
        Time limit for plate solving, in seconds.
    min_probability : float
        Minimum probability of detections that are not in the catalogue, 0 to 1.

    Returns
    -------
    list of Detection
        At most 100 detections.

    Raises
    ------
    ImageError
        If the file cannot be read.
    ModelError
        If the model is not installed or its files are damaged.
    SolverError
        If the plate solver is not installed.
    TypeError, ValueError
        If `image` or an argument is invalid; see `deepsky.classify`.

    Examples
    --------
    >>> import deepsky
    >>> best = deepsky.find("samples/ngc-1433.jpg")[0]
    >>> best.label, best.object
    ('galaxy', None)
    """
    if not 0 <= min_probability <= 1:
        msg = f"The minimum probability must be from 0 to 1, not {min_probability:g}."
        raise ValueError(msg)
    finder = make_position_finder(solve)
    classifier = model if isinstance(model, Classifier) else load_shared(model)
    path = image if isinstance(image, str | PathLike) else None
    reduced: ReducedImage | None = None
    if isinstance(image, str | PathLike | bytes):
        read = partial(read_image, image, limits=limits)
        data, reduced = read_for_finding(read, solve=finder is not None, stretch=stretch)
    else:
        data = shrink(image if isinstance(image, ImageData) else _to_image_data(image))
    sky, _ = place(data, reduced, path, finder, solve_seconds)
    return detect(classifier, data, sky, min_probability)


def _to_image_data(image: ImageLike) -> ImageData:
    pixels = as_rgb(image)
    height, width = pixels.shape[:2]
    return ImageData(pixels=pixels, width=width, height=height, format="", stretch=None, sha256="")

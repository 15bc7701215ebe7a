"""Choose the HDU of a FITS file that contains the science image."""

import re
from dataclasses import dataclass
from typing import Final

from deepsky.imaging.fits_cards import get_text
from deepsky.imaging.fits_headers import FitsUnit
from deepsky.imaging.fits_layout import Layout

__all__ = ["FitsImage", "rank_images"]

_SCIENCE: Final = frozenset({"SCI", "SCIENCE", "COADD", "STACK", "STACKED", "COADDED"})
_AUXILIARY: Final = frozenset(
    {
        *("DQ", "DQI", "QUALITY", "QUAL", "FLAG", "FLAGS", "MASK", "MSK", "BPM", "CRMASK"),
        *("WHT", "WGT", "WEIGHT", "WEIGHTS", "WEIGHTMAP", "CONFIDENCE", "CONF", "CONFMAP"),
        *("ERR", "ERROR", "ERRORS", "UNC", "UNCERT", "UNCERTAINTY", "STD", "STDDEV", "STDEV"),
        *("VAR", "VARIANCE", "IVAR", "INVVAR", "STAT", "SIGMA", "RMS", "NOISE", "SNR", "COV"),
        *("EXP", "EXPMAP", "EXPOSURE", "CTX", "CON", "CONTEXT", "SAMP", "NSAMP", "COVERAGE"),
        *("NCOMBINE", "NIMAGE", "NIMAGES", "HITS", "PB", "BEAM", "PSF", "KERNEL", "AREA"),
        *("BKG", "BKGD", "BACKGROUND", "SKYMODEL", "MDRIZSKY", "FLAT", "DARK", "BIAS"),
        *("SEG", "SEGM", "SEGMENTATION", "SEGMAP", "LABEL", "LABELS", "CHI", "RESIDUAL"),
        *("THUMB", "THUMBNAIL", "PREVIEW", "ICON", "QUICKLOOK", "BROWSE"),
        *("WCSDVARR", "WCSCORR", "D2IMARR", "HDRLET", "WAVELENGTH", "OVERSCAN"),
    }
)
"""Words in ``EXTNAME`` that identify an extension that belongs to an image, such as its mask."""

_CLASSES: Final = frozenset({"ERROR", "QUALITY", "MASK", "WEIGHT"})
"""Values of ``HDUCLAS2`` of extensions that belong to an image."""

_THUMBNAIL: Final = {True: 16, False: 4}
"""How many times as many pixels as in a thumbnail the largest image has.

The key tells whether the name of the image identifies it as the science image.
"""


@dataclass(frozen=True, slots=True)
class FitsImage:
    """An HDU that contains an image.

    Attributes
    ----------
    unit : FitsUnit
        The header and data unit.
    layout : Layout
        Its planes.
    """

    unit: FitsUnit
    layout: Layout


def rank_images(images: list[FitsImage]) -> list[FitsImage]:
    """Sort the images of a file by how likely they are to be the science image.

    Images whose name identifies them as science images come first, then all other images in file
    order, then thumbnails. Images that belong to another image, such as masks, weights and errors,
    are only returned if there is nothing else.

    Parameters
    ----------
    images : list of FitsImage
        Images in file order.

    Returns
    -------
    list of FitsImage

    References
    ----------
    Names of extensions: HST Data Handbook, section 2.2; JWST documentation, *data products*; ESO,
    *Science Data Products Standard*. ``HDUCLAS2``: OGIP memo OGIP/93-003.
    """
    science = [image for image in images if not _is_auxiliary(image.unit)] or images
    largest = max((_area(image) for image in science), default=0)

    def rank(image: FitsImage) -> tuple[bool, bool]:
        named = bool(_words(image.unit) & _SCIENCE)
        return _area(image) * _THUMBNAIL[named] <= largest, not named

    return sorted(science, key=rank)


def _is_auxiliary(unit: FitsUnit) -> bool:
    return bool(_words(unit) & _AUXILIARY) or get_text(unit.cards, "HDUCLAS2") in _CLASSES


def _words(unit: FitsUnit) -> set[str]:
    name = get_text(unit.cards, "EXTNAME") or get_text(unit.cards, "HDUNAME")
    return set(re.findall("[A-Z]+", name))


def _area(image: FitsImage) -> int:
    return image.layout.height * image.layout.width

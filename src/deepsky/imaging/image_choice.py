"""Choose the science image in a file that contains several images."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

__all__ = ["Candidate", "rank_images"]

T = TypeVar("T")

_SCIENCE: Final = frozenset(
    {"SCI", "SCIENCE", "COADD", "STACK", "STACKED", "COADDED", "INTEGRATION"}
)
_AUXILIARY: Final = frozenset(
    {
        *("DQ", "DQI", "QUALITY", "QUAL", "FLAG", "FLAGS", "MASK", "MSK", "BPM", "CRMASK"),
        *("WHT", "WGT", "WEIGHT", "WEIGHTS", "WEIGHTMAP", "CONFIDENCE", "CONF", "CONFMAP"),
        *("ERR", "ERROR", "ERRORS", "UNC", "UNCERT", "UNCERTAINTY", "STD", "STDDEV", "STDEV"),
        *("VAR", "VARIANCE", "IVAR", "INVVAR", "STAT", "SIGMA", "RMS", "NOISE", "SNR", "COV"),
        *("EXP", "EXPMAP", "EXPOSURE", "CTX", "CON", "CONTEXT", "SAMP", "NSAMP", "COVERAGE"),
        *("NCOMBINE", "NIMAGE", "NIMAGES", "HITS", "PB", "BEAM", "PSF", "KERNEL", "AREA"),
        *("BKG", "BKGD", "BACKGROUND", "SKYMODEL", "MDRIZSKY", "FLAT", "DARK", "BIAS"),
        *("REJECTION", "SLOPE", "SLOPEMAP", "VARMAP", "ERRMAP", "RMSMAP", "NOISEMAP", "SNRMAP"),
        *("SEG", "SEGM", "SEGMENTATION", "SEGMAP", "LABEL", "LABELS", "CHI", "RESIDUAL"),
        *("THUMB", "THUMBNAIL", "PREVIEW", "ICON", "QUICKLOOK", "BROWSE"),
        *("WCSDVARR", "WCSCORR", "D2IMARR", "HDRLET", "WAVELENGTH", "OVERSCAN"),
    }
)
"""Words in the name of an image that belongs to another image, such as its mask."""

_THUMBNAIL: Final = {True: 16, False: 4}
"""How many times as many pixels as in a thumbnail the largest image has.

The key states whether the name of the image identifies it as the science image.
"""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """One of the images in a file.

    Attributes
    ----------
    image : object
        The image, as the reader represents it.
    name : str
        Name of the image and any other text that states its purpose.
    area : int
        Number of pixels.
    """

    image: T
    name: str
    area: int

    @property
    def is_science(self) -> bool:
        """Whether the name identifies the science image."""
        return bool(self._words & _SCIENCE)

    @property
    def is_auxiliary(self) -> bool:
        """Whether the image belongs to another image, such as a mask."""
        return bool(self._words & _AUXILIARY)

    @property
    def _words(self) -> set[str]:
        return set(re.findall("[A-Z]+", self.name.upper()))


def rank_images(candidates: Iterable[Candidate[T]]) -> list[T]:
    """Sort the images of a file by how likely they are to be the science image.

    Images whose name identifies them as science images come first, then all other images in file
    order, then thumbnails. Images that belong to another image, such as masks, weights and errors,
    are only returned if there is nothing else.

    Parameters
    ----------
    candidates : iterable of Candidate
        Images in file order.

    Returns
    -------
    list
        The images, sorted.

    References
    ----------
    Names of FITS extensions: HST Data Handbook, section 2.2; JWST documentation, *data products*;
    ESO, *Science Data Products Standard*.
    """
    known = list(candidates)
    science = [candidate for candidate in known if not candidate.is_auxiliary] or known
    largest = max((candidate.area for candidate in science), default=0)

    def rank(candidate: Candidate[T]) -> tuple[bool, bool]:
        is_thumbnail = candidate.area * _THUMBNAIL[candidate.is_science] <= largest
        return is_thumbnail, not candidate.is_science

    return [candidate.image for candidate in sorted(science, key=rank)]

"""Format and appearance of annotated images."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from deepsky.imaging.preview_kind import PreviewKind

__all__ = [
    "DEFAULT_ANNOTATION",
    "LONGEST_SIDE",
    "MAX_LONGEST_SIDE",
    "Annotation",
    "AnnotationFormat",
]

LONGEST_SIDE: Final = 2400
"""Default maximum length of the longest side of an annotated image, in pixels."""

MAX_LONGEST_SIDE: Final = 10_000

_QUALITY: Final = 95


class AnnotationFormat(StrEnum):
    """Format in which annotations are written."""

    PNG = "png"
    SVG = "svg"
    WCS = "wcs"
    FITS = "fits"


@dataclass(frozen=True, slots=True)
class Annotation:
    """Format and appearance of annotated images.

    Attributes
    ----------
    format : AnnotationFormat
        ``png`` or ``svg`` for an annotated image, ``wcs`` for a file that contains only the WCS, or
        ``fits`` for a copy of a FITS file with the WCS in its header.
    longest_side : int
        Maximum length of the longest side of an annotated image in pixels.
    grid : bool
        Whether to draw lines of equal right ascension and declination.
    """

    format: AnnotationFormat = AnnotationFormat.PNG
    longest_side: int = LONGEST_SIDE
    grid: bool = False

    @property
    def preview(self) -> PreviewKind | None:
        """Kind of the image to draw on; None if nothing is drawn."""
        if self.format in (AnnotationFormat.WCS, AnnotationFormat.FITS):
            return None
        return PreviewKind(self.longest_side, _QUALITY)


DEFAULT_ANNOTATION: Final = Annotation()

"""Size and quality of previews."""

from dataclasses import dataclass
from typing import Final

__all__ = ["LONGEST_SIDE", "PREVIEW", "PreviewKind"]

LONGEST_SIDE: Final = 1600
"""Maximum length of the longest side of a preview on the web page, in pixels."""

QUALITY: Final = 88


@dataclass(frozen=True, slots=True)
class PreviewKind:
    """Size and quality of previews.

    Attributes
    ----------
    longest_side : int
        Maximum length of the longest side in pixels.
    quality : int
        Quality of the JPEG, 1 to 95. From 95, colours have the same resolution as brightness.
    """

    longest_side: int = LONGEST_SIDE
    quality: int = QUALITY


PREVIEW: Final = PreviewKind()
"""Kind of the previews on the web page."""

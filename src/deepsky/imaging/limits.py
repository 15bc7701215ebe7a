"""How large a picture may be."""

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before anything is decoded.

    Attributes
    ----------
    max_bytes : int
        Largest file, in bytes.
    max_pixels : int
        Most pixels of one picture (width times height), read from its header.
    max_frames : int
        Most frames, pages or image planes in one file.
    """

    max_bytes: int = 1_000_000_000
    max_pixels: int = 120_000_000
    max_frames: int = 1_000

"""How large an image may be."""

from dataclasses import dataclass

from deepsky.errors import FileTooLargeError, TooManyFramesError, TooManyPixelsError

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before anything is decoded.

    Attributes
    ----------
    max_bytes : int
        Largest file, in bytes; of gzipped FITS and compressed XISF, also what it unpacks to.
    max_pixels : int
        Most pixels of one image (width times height), read from its header.
    max_frames : int
        Most frames, pages, images or planes in one file.
    """

    max_bytes: int = 1_000_000_000
    max_pixels: int = 120_000_000
    max_frames: int = 1_000

    def check_bytes(self, size: int) -> None:
        """Raise FileTooLargeError if `size` in bytes is over the limit."""
        if size > self.max_bytes:
            msg = (
                f"The file has {size:,} bytes, more than the {self.max_bytes:,} allowed; "
                "crop it, save it smaller or raise the limit."
            )
            raise FileTooLargeError(msg)

    def check_pixels(self, width: int, height: int) -> None:
        """Raise TooManyPixelsError if an image of this size is over the limit."""
        if width * height > self.max_pixels:
            msg = (
                f"The image has {width} by {height} pixels, more than the "
                f"{self.max_pixels:,} allowed; scale it down or raise the limit."
            )
            raise TooManyPixelsError(msg)

    def check_frames(self, frames: int) -> None:
        """Raise TooManyFramesError if the number of frames is over the limit."""
        if frames > self.max_frames:
            msg = (
                f"The file has more than the {self.max_frames:,} frames allowed; "
                "save the one image to classify in a file of its own or raise the limit."
            )
            raise TooManyFramesError(msg)


DEFAULT_LIMITS = Limits()

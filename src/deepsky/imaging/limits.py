"""Limits on the size of files and images."""

from dataclasses import dataclass

from deepsky.errors import FileTooLargeError, TooManyFramesError, TooManyPixelsError

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on the size of files and images. They are checked before pixels are decoded.

    Parameters
    ----------
    max_bytes : int
        Maximum size of a file, in bytes. For gzipped FITS and compressed XISF files, it also
        limits the size of the decompressed data.
    max_pixels : int
        Maximum number of pixels in an image (width times height).
    max_frames : int
        Maximum number of frames, pages, images or planes in a file.
    max_memory : int
        Maximum memory that reading an image may need, in bytes. On Linux, it also limits the total
        memory of each reader process of a `ReaderPool`.

    Examples
    --------
    >>> Limits(max_pixels=10_000).check_pixels(200, 200)
    Traceback (most recent call last):
        ...
    deepsky.errors.TooManyPixelsError: The image has 200 by 200 pixels, more than the 10,000 \
allowed; scale it down or raise the limit.
    """

    max_bytes: int = 1_000_000_000
    max_pixels: int = 120_000_000
    max_frames: int = 1_000
    max_memory: int = 2_000_000_000

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                msg = f"Limits.{name} must be a positive integer, not {value!r}."
                raise ValueError(msg)

    def check_bytes(self, size: int) -> None:
        """Check that a file, or its decompressed data, does not exceed the size limit.

        Parameters
        ----------
        size : int
            Size in bytes.

        Raises
        ------
        FileTooLargeError
            If `size` exceeds ``max_bytes``.
        """
        if size > self.max_bytes:
            msg = (
                f"The file has {size:,} bytes, more than the {self.max_bytes:,} allowed; "
                "crop the image, scale it down or raise the limit."
            )
            raise FileTooLargeError(msg)

    def check_pixels(self, width: int, height: int) -> None:
        """Check that an image does not have too many pixels.

        Parameters
        ----------
        width, height : int
            Size in pixels.

        Raises
        ------
        TooManyPixelsError
            If width times height exceeds ``max_pixels``.
        """
        if width * height > self.max_pixels:
            msg = (
                f"The image has {width} by {height} pixels, more than the "
                f"{self.max_pixels:,} allowed; scale it down or raise the limit."
            )
            raise TooManyPixelsError(msg)

    def check_frames(self, frames: int) -> None:
        """Check that a file does not contain too many frames.

        Parameters
        ----------
        frames : int
            Number of frames in the file. A number that exceeds the limit need not be exact.

        Raises
        ------
        TooManyFramesError
            If `frames` exceeds ``max_frames``.
        """
        if frames > self.max_frames:
            msg = (
                f"The file has more than the {self.max_frames:,} frames allowed; "
                "save one frame as a separate file or raise the limit."
            )
            raise TooManyFramesError(msg)


DEFAULT_LIMITS = Limits()
"""Default limits."""

"""Limits on the size of files and images, and on the memory needed to read them."""

from dataclasses import dataclass, field
from typing import Final, Literal

from deepsky.errors import (
    FileTooLargeError,
    TooManyFramesError,
    TooManyPixelsError,
    TooMuchMemoryError,
)

__all__ = ["DEFAULT_LIMITS", "Limits"]

Interface = Literal["python", "command", "server"]
"""Interface of deepsky through which the limits were set."""

_RESERVE: Final = 150_000_000
"""Memory of a reader process for code and small buffers, in bytes."""


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
        Maximum memory that a reader process may use, in bytes. The memory that an image needs is
        estimated from its header. On Linux, the operating system also enforces the limit in the
        processes of a `ReaderPool`.
    interface : {"python", "command", "server"}
        Determines how error messages name the limits.

    Raises
    ------
    ValueError
        If a limit is not a positive integer.

    Examples
    --------
    >>> Limits(max_pixels=10_000).check_pixels(200, 200)
    Traceback (most recent call last):
        ...
    deepsky.errors.TooManyPixelsError: The image has 200 by 200 pixels, more than the 10,000 \
allowed; scale it down or raise the limit (Limits.max_pixels).
    """

    max_bytes: int = 4_000_000_000
    max_pixels: int = 1_000_000_000
    max_frames: int = 1_000
    max_memory: int = 2_000_000_000
    interface: Interface = field(default="python", compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        for name in ("max_bytes", "max_pixels", "max_frames", "max_memory"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                msg = f"Limits.{name} must be a positive integer, not {value!r}."
                raise ValueError(msg)

    @property
    def image_memory(self) -> int:
        """Memory that is available for one image, in bytes."""
        return self.max_memory - _RESERVE

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
                f"crop the image, scale it down or {self._advise('max_bytes')}."
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
                f"{self.max_pixels:,} allowed; scale it down or {self._advise('max_pixels')}."
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
                f"save one frame as a separate file or {self._advise('max_frames')}."
            )
            raise TooManyFramesError(msg)

    def check_memory(self, size: int) -> None:
        """Check that reading an image does not need too much memory.

        Parameters
        ----------
        size : int
            Memory needed to read the image, in bytes: all arrays and buffers that exist at the same
            time.

        Raises
        ------
        TooMuchMemoryError
            If `size` exceeds `image_memory`.
        """
        if size > self.image_memory:
            msg = (
                f"Reading the image needs about {size / 1e6:,.0f} MB of memory, more than the "
                f"{self.max_memory / 1e6:,.0f} MB allowed; scale it down, save it with fewer "
                f"channels or bits per channel, or {self._advise('max_memory')}."
            )
            raise TooMuchMemoryError(msg)

    def check_loaded_bytes(self, size: int) -> None:
        """Check the size of a file that is loaded into memory, such as a member of an archive.

        Parameters
        ----------
        size : int
            Size in bytes.

        Raises
        ------
        FileTooLargeError
            If `size` exceeds ``max_bytes``.
        TooMuchMemoryError
            If `size` exceeds half of ``max_memory``.
        """
        self.check_bytes(size)
        if size > self.max_memory // 2:
            msg = (
                f"The file needs more than half of the {self.max_memory / 1e6:,.0f} MB of memory "
                f"allowed; extract or download it first, or {self._advise('max_memory')}."
            )
            raise TooMuchMemoryError(msg)

    def out_of_memory(self) -> TooMuchMemoryError:
        """Return the error for an image whose reading ran out of memory.

        Returns
        -------
        TooMuchMemoryError
        """
        return TooMuchMemoryError(
            f"Reading the image needs more than the {self.max_memory / 1e6:,.0f} MB of memory that "
            f"are allowed, or more than is available; scale it down or "
            f"{self._advise('max_memory')}."
        )

    def _advise(self, name: str) -> str:
        """Return how to raise a limit."""
        match self.interface:
            case "python":
                return f"raise the limit (Limits.{name})"
            case "command":
                return f"raise the limit (--{name.replace('_', '-')})"
            case "server":
                return f"raise the limit of the server (DEEPSKY_{name.upper()})"


DEFAULT_LIMITS = Limits()
"""Default limits."""

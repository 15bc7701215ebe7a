"""Read single planes of an uncompressed FITS array, and convert stored to physical values."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any, BinaryIO, Final, Self

import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.fits.bands import choose_plane_factor, read_reduced
from deepsky.imaging.fits.cards import get_number
from deepsky.imaging.fits.headers import FitsUnit
from deepsky.imaging.fits.layout import Layout
from deepsky.imaging.limits import Limits

__all__ = ["ReadPlane", "Scaling", "open_planes"]

ReadPlane = Callable[[int], NDArray[Any]]
"""Function that returns the plane with the given index, in the shape in which it is stored."""

_EXACT: Final = 2.0**20
"""Ratio of ``BZERO`` to ``BSCALE`` up to which 32-bit floats represent scaled 16-bit integers."""

_MAX_OFFSET: Final = 2.0**52
_SINGLE: Final = (1e-30, 1e30)  # range of scales for which 32-bit floats are used


def open_planes(
    stream: BinaryIO, unit: FitsUnit, layout: Layout, limits: Limits, fixed_bytes: int
) -> ReadPlane:
    """Return a function that reads single planes of an uncompressed image.

    Parameters
    ----------
    stream : binary file
        The complete file. For a compressed file, a stream that decompresses the file.
    unit : FitsUnit
        HDU that contains the image.
    layout : Layout
        Planes of the image.
    limits : Limits
        A plane that exceeds ``max_memory`` is read at reduced size.
    fixed_bytes : int
        Memory that the stream occupies, in bytes.

    Returns
    -------
    callable
        Function that takes the index of a plane and returns an array with the axes of
        ``layout.shape``, scaled by `Scaling`.

    Raises
    ------
    TooMuchMemoryError
        If the memory is too small even for a reduced size.
    CorruptImageError
        If a card that is needed to decode the image is invalid.
    """
    scaling = Scaling.from_unit(unit)
    kind = "f" if unit.bits < 0 else "u" if unit.bits == 8 else "i"
    dtype = np.dtype(f">{kind}{abs(unit.bits) // 8}")
    size = prod(layout.shape) * dtype.itemsize
    factor = choose_plane_factor(layout, dtype.itemsize, scaling.value_bytes, limits, fixed_bytes)

    def read(start: int, shape: tuple[int, ...]) -> NDArray[Any]:
        stream.seek(unit.start + start)
        stored = np.frombuffer(stream.read(prod(shape) * dtype.itemsize), dtype)
        return scaling.apply(stored.astype(dtype.newbyteorder("="))).reshape(shape)

    def read_plane(plane: int) -> NDArray[Any]:
        if factor == 1:
            return read(plane * size, layout.shape)
        row = layout.shape[1:] if layout.colour_axis == 2 else (layout.width,)
        row_bytes = prod(row) * dtype.itemsize

        def read_rows(channel: int | None, top: int, bottom: int) -> NDArray[Any]:
            first = (channel or 0) * layout.height + top
            return read(plane * size + first * row_bytes, (bottom - top, *row))

        return read_reduced(read_rows, layout, scaling.value_bytes, factor)

    return read_plane


@dataclass(frozen=True, slots=True)
class Scaling:
    """Conversion of stored to physical values (FITS Standard 4.0, section 4.4.2).

    Attributes
    ----------
    bits : int
        Value of ``BITPIX``.
    scale, zero : float
        Values of ``BSCALE`` and ``BZERO``. A scale of 0 is treated as 1, and an offset that exceeds
        the precision of floats as 0, because they would make all pixels equal.
    blank : int or None
        Stored value of blank pixels.
    """

    bits: int
    scale: float
    zero: float
    blank: int | None

    @classmethod
    def from_unit(cls, unit: FitsUnit) -> Self:
        """Return the scaling that the header of a unit specifies.

        Parameters
        ----------
        unit : FitsUnit
            HDU that contains an image.

        Raises
        ------
        CorruptImageError
            If ``BITPIX``, ``BSCALE`` or ``BZERO`` is invalid.
        """
        blank = unit.cards.get("ZBLANK" if "ZBLANK" in unit.cards else "BLANK")
        scale = get_number(unit.cards, "BSCALE", 1) or 1
        zero = get_number(unit.cards, "BZERO", 0)
        return cls(
            bits=unit.bits,
            scale=scale,
            zero=0 if abs(zero) > _MAX_OFFSET * abs(scale) and unit.bits < 64 else zero,
            blank=blank if isinstance(blank, int) and unit.bits > 0 else None,
        )

    def apply(self, stored: NDArray[Any]) -> NDArray[Any]:
        """Convert stored to physical values.

        Parameters
        ----------
        stored : ndarray
            Stored values in native byte order. The array is overwritten.

        Returns
        -------
        ndarray
            Physical values. Blank pixels are NaN, or 0 if the values are unsigned integers.
        """
        is_blank = None if self.blank is None else stored == self.blank
        if (self.scale, self.zero) == (1, self._offset):
            values = stored
            if self._offset:
                values = stored.view(f"u{stored.itemsize}")
                values ^= values.dtype.type(self._offset)
            if is_blank is not None:
                values[is_blank] = 0
            return values
        if (self.scale, self.zero) == (1, 0) and is_blank is None:
            return stored
        values = stored.astype(self._float_type)
        if (self.scale, self.zero) != (1, 0):
            values *= self.scale
            values += self.zero
        if is_blank is not None:
            values[is_blank] = np.nan
        return values

    @property
    def value_bytes(self) -> int:
        """Size of a physical value in bytes."""
        is_stored = (self.scale, self.zero) in ((1, self._offset), (1, 0)) and self.blank is None
        return abs(self.bits) // 8 if is_stored else np.dtype(self._float_type).itemsize

    @property
    def _offset(self) -> int | None:
        """``BZERO`` of unsigned integers, or None for floats (FITS Standard 4.0, table 11)."""
        return None if self.bits < 0 else 0 if self.bits == 8 else 2 ** (self.bits - 1)

    @property
    def _float_type(self) -> type[np.floating[Any]]:
        is_exact = abs(self.zero) <= _EXACT * abs(self.scale)
        is_exact &= _SINGLE[0] < abs(self.scale) < _SINGLE[1]
        return np.float32 if self.bits in (8, 16, -32) and is_exact else np.float64

"""Write FITS files card by card, including files that violate the FITS Standard."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "header", "image_file", "text_header"]

BLOCK = 2880


def header(**cards: object) -> bytes:
    """Return a padded header; the values are written as given, so strings need their quotes."""
    return text_header([f"{key:8}= {value}" for key, value in cards.items()])


def text_header(cards: list[str], padding: bytes = b" ") -> bytes:
    """Return a header with the given cards, padded to blocks with the given byte."""
    text = "".join(f"{card:80}" for card in [*cards, "END"]).encode("latin-1")
    return text + padding * (-len(text) % BLOCK)


def image_file(
    values: NDArray[np.int16], *extra: str, padding: bytes | None = b" ", **cards: object
) -> bytes:
    """Return a FITS file with one image of 16-bit integers.

    Parameters
    ----------
    values : ndarray of int16, shape (height, width)
        Pixels in FITS order.
    *extra : str
        Additional cards, as text.
    padding : bytes or None
        Byte with which the header is padded; None for a header without padding.
    **cards : object
        Cards that replace those that describe the image.

    Returns
    -------
    bytes
    """
    standard = {"SIMPLE": "T", "BITPIX": 16, "NAXIS": values.ndim}
    lengths = {f"NAXIS{axis + 1}": length for axis, length in enumerate(values.shape[::-1])}
    lines = [f"{key:8}= {value}" for key, value in (standard | lengths | cards).items()]
    start = text_header([*lines, *extra], padding or b"")
    data = values.astype(">i2").tobytes()
    return start + data + bytes(-len(data) % BLOCK)

"""FITS checksums (FITS Standard 4.0, appendix J; Seaman et al. 2012)."""

import numpy as np

__all__ = ["encode", "ones_complement_sum"]

_PUNCTUATION = frozenset(b":;<=>?@[\\]^_`")
"""Characters between the digits and letters, which the encoding must not contain."""


def ones_complement_sum(content: bytes) -> int:
    """Return the 32-bit ones' complement sum of big-endian words.

    Parameters
    ----------
    content : bytes
        A multiple of 4 bytes.

    Returns
    -------
    int
        From 0 to 2**32 - 1.
    """
    total = int(np.frombuffer(content, dtype=">u4").sum(dtype=np.uint64))
    while total >> 32:
        total = (total & 0xFFFFFFFF) + (total >> 32)
    return total


def encode(value: int) -> bytes:
    """Encode a 32-bit number as 16 letters and digits whose sum in a header is the number.

    Parameters
    ----------
    value : int
        From 0 to 2**32 - 1.

    Returns
    -------
    bytes
        The value of the card CHECKSUM.
    """
    columns = [_four_characters(byte) for byte in value.to_bytes(4)]
    text = bytes(column[row] for row in range(4) for column in columns)
    return text[-1:] + text[:-1]  # rotated, since values of cards start at the last byte of a word


def _four_characters(byte: int) -> list[int]:
    """Split a byte into four character codes: their distances from ``0`` add up to it."""
    quarter, rest = divmod(byte, 4)
    characters = [ord("0") + quarter + rest, *[ord("0") + quarter] * 3]
    while not _PUNCTUATION.isdisjoint(characters):
        for n in (0, 2):
            if not _PUNCTUATION.isdisjoint(characters[n : n + 2]):
                characters[n] += 1
                characters[n + 1] -= 1
    return characters

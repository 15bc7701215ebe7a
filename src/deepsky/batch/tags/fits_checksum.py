"""Compute and encode FITS checksums (FITS Standard 4.0, appendix J; Seaman et al. 2012)."""

import numpy as np

__all__ = ["encode", "ones_complement_sum"]

_PUNCTUATION = frozenset(b":;<=>?@[\\]^_`")
"""ASCII characters between the digits and the letters, not allowed in an encoded checksum."""


def ones_complement_sum(content: bytes) -> int:
    """Return the 32-bit ones' complement sum of big-endian words.

    Parameters
    ----------
    content : bytes
        Content whose length is a multiple of 4 bytes.

    Returns
    -------
    int
        Sum from 0 to 2**32 - 1.
    """
    total = int(np.frombuffer(content, dtype=">u4").sum(dtype=np.uint64))
    while total >> 32:
        total = (total & 0xFFFFFFFF) + (total >> 32)
    return total


def encode(value: int) -> bytes:
    """Encode a 32-bit integer as 16 letters and digits.

    If the encoded text replaces 16 ``0`` characters in the CHECKSUM card of a header, the ones'
    complement sum of the header increases by the integer.

    Parameters
    ----------
    value : int
        Integer from 0 to 2**32 - 1.

    Returns
    -------
    bytes
        Value of the CHECKSUM card.
    """
    columns = [_four_characters(byte) for byte in value.to_bytes(4)]
    text = bytes(column[row] for row in range(4) for column in columns)
    return text[-1:] + text[:-1]  # in the card, the value starts at the last byte of a 4-byte word


def _four_characters(byte: int) -> list[int]:
    """Return four character codes whose differences from the code of ``0`` sum to a given byte."""
    quarter, rest = divmod(byte, 4)
    characters = [ord("0") + quarter + rest, *[ord("0") + quarter] * 3]
    while not _PUNCTUATION.isdisjoint(characters):
        for n in (0, 2):
            if not _PUNCTUATION.isdisjoint(characters[n : n + 2]):
                characters[n] += 1
                characters[n + 1] -= 1
    return characters

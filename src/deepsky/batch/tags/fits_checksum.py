"""The checksum of FITS (FITS Standard 4.0, appendix J; R. Seaman and others, 2012)."""

import numpy as np

__all__ = ["encode", "ones_complement_sum"]

_PUNCTUATION = frozenset(b":;<=>?@[\\]^_`")
"""What the sixteen characters must not hold."""


def ones_complement_sum(content: bytes) -> int:
    """Add up the 32-bit words of some bytes, whose number is a multiple of 4; carries count."""
    total = int(np.frombuffer(content, dtype=">u4").sum(dtype=np.uint64))
    while total >> 32:
        total = (total & 0xFFFFFFFF) + (total >> 32)
    return total


def encode(value: int) -> bytes:
    """Write a 32-bit number as sixteen letters and digits that add up to it in a header."""
    columns = [_four_characters(byte) for byte in value.to_bytes(4)]
    text = bytes(column[row] for row in range(4) for column in columns)
    return text[-1:] + text[:-1]  # values of cards start at the last byte of a word


def _four_characters(byte: int) -> list[int]:
    """Split a byte into four characters from ``0`` on that add up to it."""
    quarter, rest = divmod(byte, 4)
    characters = [ord("0") + quarter + rest, *[ord("0") + quarter] * 3]
    while not _PUNCTUATION.isdisjoint(characters):
        for n in (0, 2):
            if not _PUNCTUATION.isdisjoint(characters[n : n + 2]):
                characters[n] += 1
                characters[n + 1] -= 1
    return characters

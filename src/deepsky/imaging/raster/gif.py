"""Count the frames in a GIF without decoding them."""

import io
from typing import BinaryIO, Final

from deepsky.errors import LimitExceededError

__all__ = ["count_frames"]

_MAX_EXTENSION_BLOCKS: Final = 10_000
"""Maximum number of extension blocks and of their data sub-blocks, besides those of frames.

Pillow appends each block of a comment to the previous ones, which takes quadratic time.
"""

_BLOCKS_PER_FRAME: Final = 10
"""Further extension blocks and sub-blocks per frame; most frames have two."""

_MAX_BLOCKS: Final = 10_000
_BYTES_PER_BLOCK: Final = 64
"""A file may have `_MAX_BLOCKS`, and one more for each `_BYTES_PER_BLOCK`.

Encoders write pixels in sub-blocks of 255 bytes.
"""


def count_frames(stream: BinaryIO, most: int) -> int:
    """Count the frames in a GIF, up to a limit.

    Parameters
    ----------
    stream : binary file
        The GIF file. Its position changes.
    most : int
        Maximum number of frames; counting stops when this number is exceeded.

    Returns
    -------
    int
        Number of frames, at most ``most + 1``.

    Raises
    ------
    LimitExceededError
        If there are too many blocks, so that reading them takes long.

    References
    ----------
    CompuServe, *Graphics Interchange Format, Version 89a* (1990), sections 17 to 24.
    """
    left = _MAX_BLOCKS + stream.seek(0, io.SEEK_END) // _BYTES_PER_BLOCK
    extensions = _MAX_EXTENSION_BLOCKS
    stream.seek(10)
    _skip_colour_table(stream, stream.read(3)[:1])
    frames = 0
    while frames <= most:
        match kind := stream.read(1):
            case b",":  # image descriptor block
                frames += 1
                extensions += _BLOCKS_PER_FRAME
                _skip_colour_table(stream, stream.read(9)[8:])
            case b"!":  # extension block
                pass
            case b"" | b";":
                break
            case _ if frames:
                break
        if kind in (b",", b"!"):
            stream.seek(1, 1)
            blocks = _skip_blocks(stream, left if kind == b"," else min(left, extensions))
        else:  # Pillow skips unknown bytes before the first frame
            blocks = 1
        left -= blocks
        if kind != b",":
            extensions -= blocks
        if min(left, extensions) <= 0:
            msg = "The GIF file has too many blocks; save the image again."
            raise LimitExceededError(msg)
    return frames


def _skip_colour_table(stream: BinaryIO, flags: bytes) -> None:
    if flags and flags[0] & 0x80:
        stream.seek(3 << ((flags[0] & 7) + 1), 1)


def _skip_blocks(stream: BinaryIO, most: int) -> int:
    """Skip the sub-blocks of a block, but not more than `most`; return the number of blocks."""
    blocks = 1
    while blocks < most and (size := stream.read(1)) not in (b"", b"\0"):
        stream.seek(size[0], 1)
        blocks += 1
    return blocks

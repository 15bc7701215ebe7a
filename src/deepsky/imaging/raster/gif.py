"""Count the frames in a GIF without decoding them."""

from typing import BinaryIO

__all__ = ["count_frames"]


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

    References
    ----------
    CompuServe, *Graphics Interchange Format, Version 89a* (1990), sections 17 to 24.
    """
    stream.seek(10)
    _skip_colour_table(stream, stream.read(3)[:1])
    frames = 0
    while frames <= most:
        match stream.read(1):
            case b",":  # image descriptor block
                frames += 1
                _skip_colour_table(stream, stream.read(9)[8:])
            case b"!":  # extension block
                pass
            case _:
                break
        stream.seek(1, 1)
        _skip_blocks(stream)
    return frames


def _skip_colour_table(stream: BinaryIO, flags: bytes) -> None:
    if flags and flags[0] & 0x80:
        stream.seek(3 << ((flags[0] & 7) + 1), 1)


def _skip_blocks(stream: BinaryIO) -> None:
    while size := stream.read(1):
        if size == b"\0":
            return
        stream.seek(size[0], 1)

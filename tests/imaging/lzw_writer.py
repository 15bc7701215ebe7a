"""Write files in the format of compress(1), as the ESO archive offers them."""

__all__ = ["compress"]

_CLEAR = 256


def compress(content: bytes, bits: int = 16) -> bytes:
    """Return the content in compress format (``.Z``).

    Parameters
    ----------
    content : bytes
        Content to compress.
    bits : int
        Maximum length of a code in bits, 9 to 16.

    Returns
    -------
    bytes
    """
    codes = {bytes([value]): value for value in range(256)}
    packed = bytearray([0x1F, 0x9D, 0x80 | bits])
    group: list[int] = []
    width, following, word = 9, _CLEAR + 1, b""
    for value in content:
        longer = word + bytes([value])
        if longer in codes:
            word = longer
            continue
        group.append(codes[word])
        if len(group) == 8:
            packed += _pack(group, width)
            group = []
        if following < 2**bits:
            codes[longer] = following
            if following >= 2**width and width < bits:
                packed += _pack(group, width).ljust(width if group else 0, b"\0")
                group = []
                width += 1
            following += 1
        word = bytes([value])
    if word:
        group.append(codes[word])
    return bytes(packed + _pack(group, width))


def _pack(codes: list[int], width: int) -> bytes:
    number = sum(code << place * width for place, code in enumerate(codes))
    return number.to_bytes((len(codes) * width + 7) // 8, "little")

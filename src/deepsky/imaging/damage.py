"""Convert exceptions that libraries raise for a file to exceptions with plain messages."""

import re
import struct
import zlib
from typing import Final

from deepsky.errors import CorruptImageError, ImageError, UnsupportedFormatError
from deepsky.imaging.formats import SAVE_AS, title

__all__ = ["DAMAGE", "describe_damage"]

# The list was determined by reading randomly altered files.
DAMAGE: Final = (
    AssertionError,  # astropy
    AttributeError,  # astropy
    EOFError,
    LookupError,
    OverflowError,
    OSError,
    RuntimeError,  # imagecodecs
    SyntaxError,  # Pillow
    TypeError,  # astropy
    ValueError,
    Warning,  # raised if the user turns warnings into errors
    struct.error,
    zlib.error,
)
"""Exceptions that the libraries raise for damaged files."""

_UNSUPPORTED: Final = (
    (re.compile(r"cannot handle (\d+)-layer images"), r"\1 channels"),
    (re.compile(r"cannot handle (\d+)-bit layers"), r"\1 bits per channel"),
    (re.compile(r"Unsupported BMP compression \([45]\)"), "an embedded JPEG or PNG image"),
    (re.compile(r"Unsupported BMP compression \((\d+)\)"), r"compression \1"),
    (re.compile(r"Unsupported BMP pixel depth \((\d+)\)"), r"\1 bits per pixel"),
    (re.compile(r"Unsupported BMP bitfields layout"), "an unusual layout of the colour bits"),
    (re.compile(r"Unsupported BMP header type \((\d+)\)"), r"a header of \1 bytes"),
)
"""Messages of Pillow about features that it does not support, and a description of the feature."""

_TRUNCATED: Final = re.compile(r"truncated|not enough data|too small|end of (file|stream)", re.I)


def describe_damage(error: Exception, image_format: str) -> ImageError:
    """Return the exception that describes why a file cannot be read.

    The library's message is about the library's code rather than the file, so it is not part of the
    new message. Chain the exceptions (``raise ... from error``) to keep it for debugging.

    Parameters
    ----------
    error : Exception
        Exception that a library raised; one of `DAMAGE`.
    image_format : str
        Name of one of the `deepsky.imaging.formats.FORMATS`.

    Returns
    -------
    UnsupportedFormatError
        If the file uses a feature that the library does not support.
    CorruptImageError
        Otherwise.
    """
    name, text = title(image_format), str(error)
    for pattern, feature in _UNSUPPORTED:
        if found := pattern.search(text):
            msg = f"{name} with {found.expand(feature)} is not supported; {SAVE_AS}."
            return UnsupportedFormatError(msg)
    is_truncated = isinstance(error, EOFError) or _TRUNCATED.search(text)
    state = "truncated" if is_truncated else "damaged or truncated"
    return CorruptImageError(f"The {name} file is {state}; copy or download it again.")

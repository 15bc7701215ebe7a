"""Length limit for the names of uploaded files."""

import re
from pathlib import PurePath
from typing import Final

__all__ = ["MAX_BYTES", "clean_file_name"]

MAX_BYTES: Final = 255
"""Maximum length of a file name in bytes of UTF-8, as in common file systems."""

MAX_SUFFIX_BYTES: Final = 32
"""Maximum length of a suffix that is kept if the name is shortened, in bytes of UTF-8."""

UNWANTED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters, line separators, and surrogates, which cannot be encoded in UTF-8."""

ELLIPSIS: Final = "…"


def clean_file_name(name: str) -> str:
    """Return a file name without folders and control characters, and with at most 255 bytes.

    Parameters
    ----------
    name : str
        Name of an uploaded file, as sent by the client.

    Returns
    -------
    str
        If the name is too long, its end is replaced with an ellipsis and the original suffix.

    Examples
    --------
    >>> from deepsky.storage.file_names import clean_file_name
    >>> clean_file_name("images/M51.fits")
    'M51.fits'
    >>> clean_file_name("M" * 300 + ".fits")[-10:]
    'MMMM….fits'
    """
    name = UNWANTED.sub("", PurePath(name).name)
    if len(name.encode()) <= MAX_BYTES:
        return name
    suffix = PurePath(name).suffix
    if len(suffix.encode()) > MAX_SUFFIX_BYTES:
        suffix = ""
    end = ELLIPSIS + suffix
    start = name.encode()[: MAX_BYTES - len(end.encode())].decode(errors="ignore")
    return start + end

"""Length limit for the names of uploaded files."""

import re
from pathlib import PurePosixPath
from typing import Final

__all__ = ["MAX_BYTES", "clean_file_name"]

MAX_BYTES: Final = 255
"""Maximum length of a file name in bytes of UTF-8, as in common file systems."""

MAX_SUFFIX_BYTES: Final = 32
"""Maximum length of a suffix that is kept if the name is shortened, in bytes of UTF-8."""

UNWANTED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line separators, characters that change the direction of the text (so that
a name could be shown with another suffix), and surrogates, which UTF-8 cannot encode."""

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
    # Some Windows programs send complete paths.
    name = UNWANTED.sub("", PurePosixPath(name.replace("\\", "/")).name)
    if len(name.encode()) <= MAX_BYTES:
        return name
    suffix = PurePosixPath(name).suffix
    if len(suffix.encode()) > MAX_SUFFIX_BYTES:
        suffix = ""
    end = ELLIPSIS + suffix
    start = name.encode()[: MAX_BYTES - len(end.encode())].decode(errors="ignore")
    return start + end

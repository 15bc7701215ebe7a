"""Escape characters that are unsafe in terminals, XML and line-based text."""

import unicodedata
from typing import Final

__all__ = ["escape_control_characters"]

NONCHARACTERS: Final = "\ufffe\uffff"


def escape_control_characters(text: str) -> str:
    r"""Replace control characters and outer spaces with escapes such as ``\n`` and ``\x20``.

    File names may contain line breaks and, on Linux, bytes that are not valid UTF-8. Python
    represents such bytes as lone surrogates.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> print(escape_control_characters("M 51\n.fits "))
    M 51\n.fits\x20
    """
    inner = text.strip(" ")
    start, end = text.split(inner, 1) if inner else (text, "")
    if not inner.isprintable():
        inner = "".join(_escape(c) if _is_unsafe(c) else c for c in inner)
    return r"\x20" * len(start) + inner + r"\x20" * len(end)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _is_unsafe(character: str) -> bool:
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Zl", "Zp"} or character in NONCHARACTERS

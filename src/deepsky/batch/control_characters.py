"""What neither XML nor a text that is read line by line can hold."""

import unicodedata
from typing import Final

__all__ = ["escape_control_characters"]

NO_CHARACTERS: Final = "\ufffe\uffff"


def escape_control_characters(text: str) -> str:
    r"""Write control characters, and spaces at the ends, as escapes such as ``\n`` and ``\x20``.

    Names of files may hold line breaks and, on Linux, any bytes: Python tells those that are not
    UTF-8 as lone surrogates.
    """
    inner = text.strip(" ")
    start, end = text.split(inner, 1) if inner else (text, "")
    if not inner.isprintable():
        inner = "".join(_escaped(c) if _is_special(c) else c for c in inner)
    return r"\x20" * len(start) + inner + r"\x20" * len(end)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _is_special(character: str) -> bool:
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Zl", "Zp"} or character in NO_CHARACTERS

"""Common names of deep-sky objects."""

import csv
from importlib.resources import files
from typing import NamedTuple

__all__ = ["CommonName", "read_common_names"]


class CommonName(NamedTuple):
    """A common name of an object.

    Attributes
    ----------
    name : str
        The name, such as ``"Andromedanebel"``.
    language : str
        The language as an ISO 639 code, such as ``"de"``.
    designation : str
        A designation of the object, such as ``"M 31"``.
    """

    name: str
    language: str
    designation: str


def read_common_names() -> list[CommonName]:
    """Read the common names.

    Returns
    -------
    list of CommonName
        The names. Of the names of an object in a language, the most common one is first.
    """
    text = (files(__package__) / "data" / "common_names.csv").read_text("utf-8")
    return [CommonName._make(row) for row in list(csv.reader(text.splitlines()))[1:]]

"""Designations of deep-sky objects, such as NGC 7000, in their many spellings."""

from dataclasses import dataclass

from deepsky.catalogue.designation_patterns import PATTERNS
from deepsky.catalogue.spelling import plain_spelling

__all__ = ["Designation", "designation_at", "normalise"]


@dataclass(frozen=True, slots=True)
class Designation:
    """A designation that was found in a text.

    Attributes
    ----------
    name : str
        The designation in its canonical spelling, such as ``"NGC 7000"``.
    catalogue : str
        The catalogue's abbreviation, such as ``"NGC"``.
    number : int
        The number in the catalogue; for numbers with several parts, the last part.
    written : str
        The name of the catalogue as written in the text.
    separator : str
        The characters between the catalogue and the number in the text.
    start, end : int
        Where the designation is in the text.
    """

    name: str
    catalogue: str
    number: int
    written: str
    separator: str
    start: int
    end: int


def designation_at(text: str, position: int) -> Designation | None:
    """Return the designation that starts at a position of a text.

    Parameters
    ----------
    text : str
        A text in plain spelling.
    position : int
        An index of `text`.

    Returns
    -------
    Designation or None
        The designation; None if there is none, or if the catalogue has no object of this number.
    """
    for pattern, format_match in PATTERNS.get(text[position : position + 1].lower(), ()):
        match = pattern.match(text, position)
        found = format_match(match) if match else None
        if match and found:
            name, catalogue, number = found
            separator = match.groupdict().get("separator") or ""
            written = match["written"]
            return Designation(name, catalogue, number, written, separator, position, match.end())
    return None


def normalise(text: str) -> str | None:
    """Return the canonical spelling of a designation.

    The canonical spellings are those of the catalogues: ``M 31``, ``C 49``, ``NGC 7000``,
    ``IC 1396A``, ``Sh2-155``, ``B 33``, ``vdB 142``, ``LDN 1622``, ``LBN 777``, ``Mel 25``,
    ``Cr 399``, ``HCG 92``, ``ESO 350-40``, ``M 1-92`` (Minkowski) and so on. Abell published a
    catalogue of planetary nebulae, here ``Abell 39``, and one of galaxy clusters, here
    ``ACO 1656``. Up to 86, *Abell* alone denotes the planetary nebula.

    Parameters
    ----------
    text : str
        One designation, in any spelling.

    Returns
    -------
    str or None
        The designation; None if the text is not exactly one designation, or if the catalogue has
        no object of this number.

    Examples
    --------
    >>> from deepsky.catalogue.designations import normalise
    >>> normalise("ngc7000")
    'NGC 7000'
    >>> normalise("PN A66 39"), normalise("ACO 39")
    ('Abell 39', 'ACO 39')
    >>> normalise("M 111") is None
    True
    """
    plain = plain_spelling(text[:100])
    found = designation_at(plain, 0)
    return found.name if found and found.end == len(plain) and len(text) <= 100 else None

"""Patterns of the designations of all catalogues."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Final

__all__ = ["PATTERNS", "Format"]

_SEPARATOR: Final = r"(?P<separator>[ _.-]{0,2})"
_NUMBER: Final = r"(?P<number>\d{1,7})(?!\d)"
_COMPONENT: Final = r"(?P<component>[A-Fa-f](?![A-Za-z0-9]))?"

# Abbreviation; spellings, as a regular expression; largest number; whether letters are components.
_NUMBERED: Final = (
    ("M", "messier[ _]object|messier|m", 110, False),
    ("C", "caldwell|c", 109, False),
    ("NGC", "ngc|new general catalogue", 7840, True),
    ("IC", "ic|index catalogue", 5386, True),
    ("B", "barnard|b", 370, False),
    ("vdB", "vdb|van ?den ?bergh", 159, False),
    ("LDN", "ldn|lynds dark nebula|lynds", 1802, False),
    ("LBN", "lbn|lynds bright nebula", 1125, False),
    ("Mel", "melotte|mel", 245, False),
    ("Cr", "collinder|cr", 471, False),
    ("Tr", "trumpler|tr", 37, False),
    ("Stock", "stock", 24, False),
    ("Berkeley", "berkeley|berk|be", 104, False),
    ("Ced", "cederblad|ced", 215, False),
    ("RCW", "rcw", 182, False),
    ("Gum", "gum", 85, False),
    ("Arp", "arp", 338, False),
    ("HCG", "hickson compact group|hickson|hcg", 100, False),
    ("UGC", "ugc", 12921, False),
    ("PGC", "pgc|leda", 7_000_000, False),
    ("Mrk", "markarian|mrk", 1515, False),
    ("Jones-Emberson", "jones[ _-]?emberson|jner", 1, False),
    ("Jones", "jones|jn", 1, False),
    ("Simeis", "simeis", 306, False),
    ("WR", "wr", 158, False),
    ("Palomar", "palomar|pal", 15, False),
    ("Terzan", "terzan", 12, False),
    ("CTB", "ctb", 109, False),
    ("Ou", "outters|ou", 5, False),
    ("DWB", "dwb", 193, False),
)

Format = Callable[[re.Match[str]], tuple[str, str, int] | None]
"""Function that returns designation, catalogue and number, or None if there is no such object."""


def _numbered(catalogue: str, largest: int) -> Format:
    def format_match(match: re.Match[str]) -> tuple[str, str, int] | None:
        number = int(match["number"])
        component = (match.groupdict().get("component") or "").upper()
        if not 1 <= number <= largest:
            return None
        return f"{catalogue} {number}{component}", catalogue, number

    return format_match


def _sharpless(match: re.Match[str]) -> tuple[str, str, int] | None:
    number = int(match["number"])
    return (f"Sh2-{number}", "Sh2", number) if 1 <= number <= 313 else None


def _planetary(match: re.Match[str]) -> tuple[str, str, int] | None:
    number = int(match["number"])
    return (f"Abell {number}", "Abell", number) if 1 <= number <= 86 else None


def _cluster(match: re.Match[str]) -> tuple[str, str, int] | None:
    number, supplement = int(match["number"]), match["supplement"].upper()
    if not 1 <= number <= (1174 if supplement else 4076):
        return None
    return f"ACO {supplement}{number}", "ACO", number


def _abell(match: re.Match[str]) -> tuple[str, str, int] | None:
    return (None if match["supplement"] else _planetary(match)) or _cluster(match)


def _minkowski(match: re.Match[str]) -> tuple[str, str, int] | None:
    part, number = int(match["part"]), int(match["number"])
    if not 1 <= number <= (92, 56, 55, 18)[part - 1]:
        return None
    return f"M {part}-{number}", "Minkowski", number


def _perek_kohoutek(match: re.Match[str]) -> tuple[str, str, int] | None:
    longitude, latitude, number = int(match["l"]), int(match["b"]), int(match["number"])
    if longitude > 360 or latitude > 90:
        return None
    return f"PK {longitude}{match['sign']}{latitude:02d}.{number}", "PK", number


def _galactic(match: re.Match[str]) -> tuple[str, str, int] | None:
    longitude, latitude = float(match["l"]), float(match["b"])
    if longitude > 360 or latitude > 90:
        return None
    return f"PN G{longitude}{match['sign']}{latitude}", "PN G", 0


def _eso(match: re.Match[str]) -> tuple[str, str, int] | None:
    field, number = int(match["field"]), int(match["number"])
    return (f"ESO {field}-{number}", "ESO", number) if 1 <= field <= 606 and number else None


# Longer spellings come first: "M 1-92" is not M 1. All repetitions are bounded, so that the time
# for a text is proportional to its length.
_SPECIAL: Final[tuple[tuple[str, Format], ...]] = (
    (r"(?P<written>pn ?g) ?(?P<l>\d{1,3}\.\d)(?P<sign>[+-])(?P<b>\d{1,2}\.\d)(?!\d)", _galactic),
    (rf"(?P<written>pn a(?:66)?|a66)(?P<separator>[ _-]{{1,2}}){_NUMBER}", _planetary),
    (rf"(?P<written>planetary nebula abell|pn abell|abell pn){_SEPARATOR}{_NUMBER}", _planetary),
    (
        rf"(?P<written>aco|abell galaxy cluster|abell cluster){_SEPARATOR}"
        rf"(?P<supplement>S?){_NUMBER}",
        _cluster,
    ),
    (rf"(?P<written>abell){_SEPARATOR}(?P<supplement>S?){_NUMBER}", _abell),
    (
        r"(?P<written>pk) ?(?P<l>\d{1,3})(?P<sign>[+-])(?P<b>\d{1,2})\.(?P<number>\d{1,2})(?!\d)",
        _perek_kohoutek,
    ),
    (
        r"(?P<written>eso)[ _-]?(?P<field>\d{1,3})-(?:[A-Z]{1,3} ?)?(?P<number>\d{1,3})(?!\d)",
        _eso,
    ),
    (
        rf"(?P<written>minkowski|mink|m){_SEPARATOR}(?P<part>[1-4])-(?P<number>[1-9]\d?)(?![\d.])",
        _minkowski,
    ),
    (rf"(?P<written>sharpless[ _-]?2)(?P<separator>[ _-]{{1,2}}){_NUMBER}", _sharpless),
    (rf"(?P<written>sharpless|sh2){_SEPARATOR}{_NUMBER}", _sharpless),
    (rf"(?P<written>sh[ _-]2)(?P<separator>[ _-]{{1,2}}){_NUMBER}", _sharpless),
)


def _compile() -> dict[str, list[tuple[re.Pattern[str], Format]]]:
    """Return the patterns by the first letter of the designations that they match."""
    patterns = [*_SPECIAL]
    for catalogue, spellings, largest, components in _NUMBERED:
        pattern = f"(?P<written>{spellings}){_SEPARATOR}{_NUMBER}{_COMPONENT if components else ''}"
        patterns.append((pattern, _numbered(catalogue, largest)))
    by_letter = defaultdict(list)
    for pattern, format_match in patterns:
        spellings = pattern.removeprefix("(?P<written>").split(")")[0]
        compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)
        for letter in {spelling[0].lower() for spelling in spellings.split("|")}:
            by_letter[letter].append((compiled, format_match))
    return by_letter


PATTERNS: Final = _compile()
"""Patterns by the first letter of the designations that they match, with their functions."""

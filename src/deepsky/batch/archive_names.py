"""Decode the file names in ZIP archives, which may be stored in any legacy encoding.

ZIP archives store either UTF-8 with a flag, or bytes in the encoding of the computer that created
the archive, such as Shift-JIS in Japan (PKWARE APPNOTE.TXT 6.3.10, appendix D).
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from zipfile import ZipInfo

__all__ = ["UNICODE_PATH", "UTF8_FLAG", "decode_names", "guess_encoding"]

DEFAULT: Final = "cp437"
"""Encoding of names without a flag, according to the specification."""

UTF8_FLAG: Final = 0x800
UNICODE_PATH: Final = 0x7075
"""Identifier of the extra field that contains the name in UTF-8."""

MAX_NAMES: Final = 1000
"""Maximum number of names from which the encoding is guessed."""

MAX_ACCENTED: Final = 2
"""Maximum number of consecutive letters with accents in Western European names."""

MIN_COMMON: Final = 0.7
"""Minimum proportion of common characters in East Asian names."""

MIN_HANGUL: Final = 8
"""Number of common Hangul syllables, and no other characters, that is unlikely in Chinese."""


def decode_names(members: Sequence[ZipInfo], encoding: str | None) -> tuple[list[str], bool]:
    """Decode the names of the members of an archive.

    Parameters
    ----------
    members : sequence of ZipInfo
        Members, read with the default encoding of `zipfile`.
    encoding : str or None
        Encoding of names that are not marked as UTF-8, or None to guess it.

    Returns
    -------
    names : list of str
    is_certain : bool
        False if there are names whose encoding is unknown; they are decoded as code page 437.
    """
    names = {n: name for n, each in enumerate(members) if (name := _find_unicode_name(each))}
    raw = {n: _raw(each) for n, each in enumerate(members) if n not in names}
    foreign = [name for name in raw.values() if not name.isascii()]
    chosen = encoding or guess_encoding(foreign[:MAX_NAMES])
    names |= {n: name.decode(chosen or DEFAULT, "surrogateescape") for n, name in raw.items()}
    return [names[n] for n in range(len(members))], bool(chosen or not foreign)


def guess_encoding(names: Sequence[bytes]) -> str | None:
    """Guess the common encoding of file names.

    An encoding is plausible if all names can be decoded and consist of characters and sequences of
    characters that are common in the languages for which the encoding is used.

    Parameters
    ----------
    names : sequence of bytes
        Names that are not ASCII.

    Returns
    -------
    str or None
        UTF-8 if all names are valid UTF-8; otherwise, the plausible encoding if there is exactly
        one.
    """
    plausible = [each.name for each in _CANDIDATES if names and each.fits(names)]
    if plausible[:1] == ["utf-8"]:
        return "utf-8"
    if "cp949" in plausible and _count_foreign(names, "cp949") >= MIN_HANGUL:
        return "cp949"
    return plausible[0] if len(plausible) == 1 else None


def _raw(member: ZipInfo) -> bytes:
    # `zipfile` decodes names without a flag as code page 437, which maps all 256 bytes.
    return member.orig_filename.encode(DEFAULT)


def _find_unicode_name(member: ZipInfo) -> str | None:
    """Return the name if the archive contains it as UTF-8 with a flag or as an extra field."""
    if member.flag_bits & UTF8_FLAG:
        return member.filename
    extra = member.extra
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        checksum = zlib.crc32(_raw(member)).to_bytes(4, "little")
        if kind == UNICODE_PATH and field[:5] == b"\x01" + checksum:
            return field[5:].decode("utf-8", "surrogateescape")
    return None


def _count_foreign(names: Sequence[bytes], encoding: str) -> int:
    return sum(not c.isascii() for name in names for c in name.decode(encoding))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An encoding, and the function that returns whether decoded names are plausible."""

    name: str
    is_plausible: Callable[[list[str]], bool]

    def fits(self, names: Sequence[bytes]) -> bool:
        try:
            return self.is_plausible([name.decode(self.name) for name in names])
        except UnicodeDecodeError:
            return False


def _is_anything(_: list[str]) -> bool:
    return True


def _is_japanese(names: list[str]) -> bool:
    if any("\uff61" <= c <= "\uff9f" for name in names for c in name):  # half-width katakana
        return False
    # Kana have the first bytes 0x82 and 0x83, and the kanji of level 1 have 0x88 to 0x98.
    return _are_common(names, "cp932", b"\x82\x9f", b"\x83\x96", b"\x88\x9f", b"\x98\x72")


def _is_chinese(names: list[str]) -> bool:
    is_level_1 = _are_common(names, "gbk", b"\xb0\xa1", b"\xd7\xf9")
    return is_level_1 and all(c.isascii() or c.encode("gbk")[1] >= 0xA1 for c in "".join(names))


def _is_traditional_chinese(names: list[str]) -> bool:
    return _are_common(names, "big5", b"\xa4\x40", b"\xc6\x7e")


def _is_korean(names: list[str]) -> bool:
    codes = [c.encode("cp949") for name in names for c in name if not c.isascii()]
    # The common Hangul syllables; the other syllables have smaller second bytes.
    return all(b"\xb0\xa1" <= code <= b"\xc8\xfe" and code[1] >= 0xA1 for code in codes)


def _are_common(names: list[str], encoding: str, *bounds: bytes) -> bool:
    """Return whether most characters are within ranges of double bytes, given by their bounds."""
    codes = [c.encode(encoding) for name in names for c in name if not c.isascii()]
    ranges = list(zip(bounds[::2], bounds[1::2], strict=True))
    common = sum(any(low <= code <= high for low, high in ranges) for code in codes)
    return common >= MIN_COMMON * len(codes)


def _is_western(names: list[str]) -> bool:
    return _are_words(names) and all(
        len(run) <= MAX_ACCENTED
        for name in names
        for run in "".join(" " if c.isascii() else c for c in name).split()
    )


def _is_cyrillic(names: list[str]) -> bool:
    return _are_words(names) and all(
        (a.isascii() or _is_cyrillic_letter(a)) and not _is_mixed_word(a, b)
        for name in names
        for a, b in pairwise(f"{name} ")
    )


def _is_mixed_word(a: str, b: str) -> bool:
    return a.isalpha() and b.isalpha() and a.isascii() != b.isascii()


def _is_cyrillic_letter(character: str) -> bool:
    return "\u0400" <= character <= "\u04ff"


def _are_words(names: list[str]) -> bool:
    """Return whether all characters are letters, without upper case after lower case."""
    return all(
        c.isascii() or (c.isalpha() and not (c.isupper() and before.islower()))
        for name in names
        for before, c in pairwise(f" {name}")
    ) and not any(
        c.islower() and not c.isascii() and before.isupper() and after.isupper()
        for name in names
        for before, c, after in zip(name, name[1:], name[2:], strict=False)
    )


_CANDIDATES: Final = (
    _Candidate("utf-8", _is_anything),
    _Candidate("cp932", _is_japanese),
    _Candidate("gbk", _is_chinese),
    _Candidate("big5", _is_traditional_chinese),
    _Candidate("cp949", _is_korean),
    _Candidate("cp850", _is_western),
    _Candidate("cp1252", _is_western),
    _Candidate("cp866", _is_cyrillic),
    _Candidate("cp1251", _is_cyrillic),
)

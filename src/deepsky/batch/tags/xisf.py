"""Write deepsky's properties into the header of an XISF file (XISF 1.0 specification)."""

import io
import re
import shutil
from collections.abc import Mapping
from typing import BinaryIO, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from deepsky.errors import OutputError
from deepsky.imaging.xisf_header import HEADER_OFFSET, LENGTH_OFFSET, new_parser, read_header

__all__ = ["NAMESPACE", "embed"]

NAMESPACE: Final = "Deepsky:"
"""Prefix of the names of deepsky's own properties. All other properties are left unchanged."""

ALIGNMENT: Final = 4096
"""Attachments are moved by multiples of this number of bytes, to preserve their alignment."""

# Matches an XML tag that the parser has already accepted.
_TAG: Final = re.compile(rb"""<(?:"[^"]*"|'[^']*'|[^"'>])*>""")
_POSITION: Final = re.compile(rb"""\slocation\s*=\s*["']attachment:([0-9]{1,18}):""")


def embed(source: BinaryIO, target: BinaryIO, properties: Mapping[str, str | float]) -> None:
    """Copy an XISF file and replace deepsky's properties of the first image.

    All other elements and all attachments, such as pixels, are copied unchanged. If the new header
    does not fit into the padding before the attachments, the attachments are moved.

    Parameters
    ----------
    source, target : binary file
        File to read, and file to which the copy is written.
    properties : mapping of str to str or float
        Values by property name, without the prefix `NAMESPACE`.

    Raises
    ------
    OutputError
        If the file is signed.
    ImageError, ExpatError, ValueError
        If the file is not a valid XISF file.
    """
    scan = _Scan(read_header(source))
    rest = source.tell()
    available, shift = 0, 0
    header = scan.edit(properties, shift)
    if scan.locations:
        first = min(location.position for location in scan.locations)
        if not rest <= first <= source.seek(0, io.SEEK_END):
            raise ValueError
        while len(header) > (available := first + shift - HEADER_OFFSET):
            shift += ALIGNMENT
            header = scan.edit(properties, shift)
        rest = first
    source.seek(0)
    target.write(source.read(LENGTH_OFFSET) + len(header).to_bytes(4, "little") + bytes(4))
    target.write(header.ljust(available, b"\0"))
    source.seek(rest)
    shutil.copyfileobj(source, target)


class _Location(NamedTuple):
    """Position of an attachment, and start and end of the number that states it in the header."""

    start: int
    end: int
    position: int


class _Scan:
    """Finds the first image, deepsky's properties and the attachments in a header."""

    def __init__(self, header: bytes) -> None:
        self.locations: list[_Location] = []
        self._header = header
        self._path: list[str] = []
        self._image: re.Match[bytes] | None = None
        self._is_inside = False
        self._property: re.Match[bytes] | None = None
        self._own: list[tuple[int, int]] = []
        self._parser = new_parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.Parse(header, True)

    def edit(self, properties: Mapping[str, str | float], shift: int) -> bytes:
        """Return the header with new properties; increase attachment positions by `shift`."""
        if self._image is None:
            raise ValueError
        end = self._image.end()
        written = b"".join(_element(name, value) for name, value in properties.items())
        if self._image[0].endswith(b"/>"):
            name = self._image[0][1:].split(None, 1)[0]
            edits = [(end - 2, end, b">" + written + b"</" + name + b">")]
        else:
            edits = [(end, end, written)]
        edits += [(start, end, b"") for start, end in self._own]
        edits += [
            (location.start, location.end, b"%d" % (location.position + shift))
            for location in self.locations
            if not any(start <= location.start < end for start, end in self._own)
        ]
        parts, position = [], 0
        for start, end, text in sorted(edits):
            parts += [self._header[position:start], text]
            position = end
        return b"".join([*parts, self._header[position:]])

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(":")[2])
        tag = _TAG.match(self._header, self._parser.CurrentByteIndex)
        if tag is None:
            raise ValueError
        if attributes.get("location", "").startswith("attachment:"):
            self.locations.append(_find_location(tag))
        match self._path:
            case [_, "Signature"]:
                msg = (
                    "The file is signed, and tags would invalidate the signature. Remove the "
                    "signature first."
                )
                raise OutputError(msg)
            case [_, "Image"] if self._image is None and attributes["geometry"].count(":") == 2:
                self._image, self._is_inside = tag, True
            case [_, "Image", "Property"] if self._is_inside:
                self._property = tag if attributes["id"].startswith(NAMESPACE) else None

    def _end(self, _name: str) -> None:
        match self._path:
            case [_, "Image"]:
                self._is_inside = False
            case [_, "Image", "Property"] if self._property:
                start, end = self._property.span()
                if not self._property[0].endswith(b"/>"):
                    end = self._header.index(b">", self._parser.CurrentByteIndex) + 1
                self._own.append((start, end))
                self._property = None
        self._path.pop()


def _find_location(tag: re.Match[bytes]) -> _Location:
    found = _POSITION.search(tag[0])
    if found is None:
        raise ValueError
    return _Location(tag.start() + found.start(1), tag.start() + found.end(1), int(found[1]))


def _element(name: str, value: str | float) -> bytes:
    identity = f"<Property id={quoteattr(NAMESPACE + name)}"
    if isinstance(value, str):
        return f'{identity} type="String">{escape(value)}</Property>'.encode()
    return f'{identity} type="Float64" value="{value!r}"/>'.encode()

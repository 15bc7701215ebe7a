"""Properties of an image in the header of an XISF file (XISF 1.0 specification)."""

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
"""Begins the names of all properties of deepsky's own: no other program's are touched."""

ALIGNMENT: Final = 4096
"""What attachments are moved by, where the header grows into them: programs align them to it."""

# The parser has found it sound; this tells where it ends.
_TAG: Final = re.compile(rb"""<(?:"[^"]*"|'[^']*'|[^"'>])*>""")
_POSITION: Final = re.compile(rb"""\slocation\s*=\s*["']attachment:([0-9]{1,18}):""")


def embed(source: BinaryIO, target: BinaryIO, properties: Mapping[str, str | float]) -> None:
    """Copy an XISF file with properties of its first image in the place of those put there before.

    Elements are kept byte for byte, as are the pixels; what lies between header and attachments
    makes room for the header.

    Parameters
    ----------
    source, target : binary file
    properties : mapping of str to str or float
        Named as XML may name an element.

    Raises
    ------
    OutputError
        If the file is signed.
    ImageError, ExpatError, ValueError
        If it is not built as an XISF file is.
    """
    scan = _Scan(read_header(source))
    rest = source.tell()
    room, shift = 0, 0
    header = scan.edit(properties, shift)
    if scan.places:
        first = min(place.position for place in scan.places)
        if not rest <= first <= source.seek(0, io.SEEK_END):
            raise ValueError
        while len(header) > (room := first + shift - HEADER_OFFSET):
            shift += ALIGNMENT
            header = scan.edit(properties, shift)
        rest = first
    source.seek(0)
    target.write(source.read(LENGTH_OFFSET) + len(header).to_bytes(4, "little") + bytes(4))
    target.write(header.ljust(room, b"\0"))
    source.seek(rest)
    shutil.copyfileobj(source, target)


class _Place(NamedTuple):
    """Where in a header the position of an attachment stands, and which it is."""

    start: int
    end: int
    position: int


class _Scan:
    """Finds where in a header the first image begins, and what else is to be changed."""

    def __init__(self, header: bytes) -> None:
        self.places: list[_Place] = []
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
        """Write the header anew, with attachments that lie further on by some bytes."""
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
            (place.start, place.end, b"%d" % (place.position + shift))
            for place in self.places
            if not any(start <= place.start < end for start, end in self._own)
        ]
        parts, done = [], 0
        for start, end, text in sorted(edits):
            parts += [self._header[done:start], text]
            done = end
        return b"".join([*parts, self._header[done:]])

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(":")[2])
        tag = _TAG.match(self._header, self._parser.CurrentByteIndex)
        if tag is None:
            raise ValueError
        if attributes.get("location", "").startswith("attachment:"):
            self.places.append(_place(tag))
        match self._path:
            case [_, "Signature"]:
                msg = "It is signed, and tags would break the signature; tag a copy without one."
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


def _place(tag: re.Match[bytes]) -> _Place:
    found = _POSITION.search(tag[0])
    if found is None:
        raise ValueError
    return _Place(tag.start() + found.start(1), tag.start() + found.end(1), int(found[1]))


def _element(name: str, value: str | float) -> bytes:
    identity = f"<Property id={quoteattr(NAMESPACE + name)}"
    if isinstance(value, str):
        return f'{identity} type="String">{escape(value)}</Property>'.encode()
    return f'{identity} type="Float64" value="{value!r}"/>'.encode()

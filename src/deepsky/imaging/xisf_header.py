"""Read the XML header of an XISF file, before any of its pixels."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final
from xml.parsers import expat

from deepsky.errors import CorruptImageError
from deepsky.imaging.limits import Limits

__all__ = [
    "HEADER_OFFSET",
    "LENGTH_OFFSET",
    "XisfImage",
    "new_parser",
    "parse_integers",
    "read_header",
    "read_images",
    "required_attribute",
]

LENGTH_OFFSET: Final = 8
HEADER_OFFSET: Final = 16
"""Where in a file the length of the header stands, in 4 bytes, and the header."""

_MAX_HEADER: Final = 2**24  # the headers of large mosaics have about 4 million bytes
_MAX_DEPTH: Final = 32
_WHOLE_NUMBER: Final = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class XisfImage:
    """An ``Image`` element of a header.

    Attributes
    ----------
    attributes : dict of str
        What it says of its image.
    embedded : dict of str
        What its ``Data`` element says, if it holds its pixels itself.
    text : list of str
        The parts of that element's text, in order.
    mosaic : dict of str
        What its ``ColorFilterArray`` element says, if its colours lie side by side.
    """

    attributes: dict[str, str]
    embedded: dict[str, str] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    mosaic: dict[str, str] = field(default_factory=dict)


def read_images(stream: BinaryIO, limits: Limits) -> list[XisfImage]:
    """Read the header of a monolithic XISF file.

    Parameters
    ----------
    stream : binary file
        The whole file.
    limits : Limits
        ``max_frames`` bounds the number of images.

    Returns
    -------
    list of XisfImage
        The images, in the order of the header, without thumbnails, which stand inside of images.

    Raises
    ------
    CorruptImageError
        If the header is cut off, is no XML, or declares a document type.
    TooManyFramesError
        If there are more images than allowed.

    References
    ----------
    XISF 1.0 specification, monolithic files and section 11 (core elements):
    https://pixinsight.com/doc/docs/XISF-1.0-spec/XISF-1.0-spec.html.
    """
    scan = _Scan(limits)
    parser = new_parser()
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.add_text
    try:
        parser.Parse(read_header(stream), True)
    except expat.ExpatError as error:
        msg = f"The header of the XISF file is damaged ({error}); copy or download it again."
        raise CorruptImageError(msg) from error
    return scan.images


def new_parser() -> expat.XMLParserType:
    """Make a parser of headers, without handlers of elements.

    It raises `CorruptImageError` where a document type is declared: no XISF file has need of one,
    and entities could make a small header grow without end.
    """
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def read_header(stream: BinaryIO) -> bytes:
    """Read the XML of a header, without what fills it up.

    Raises
    ------
    CorruptImageError
        If it is cut off, or longer than any.
    """
    stream.seek(LENGTH_OFFSET)
    length = int.from_bytes(stream.read(4), "little")
    if length > _MAX_HEADER:
        msg = f"The XISF header claims to have {length:,} bytes; copy or download the file again."
        raise CorruptImageError(msg)
    stream.seek(HEADER_OFFSET)
    header = stream.read(length)
    if len(header) < length:
        msg = "The header of the XISF file is cut off; copy or download it again."
        raise CorruptImageError(msg)
    return header.rstrip(b"\0")


def required_attribute(attributes: Mapping[str, str], name: str) -> str:
    """Give an attribute that an element must have.

    Raises
    ------
    CorruptImageError
        If it is not there.
    """
    if name not in attributes:
        msg = f"The XISF header gives an image no {name}; export the image again."
        raise CorruptImageError(msg)
    return attributes[name]


def parse_integers(text: str, name: str, separator: str = ":") -> list[int]:
    """Read the whole numbers of an attribute, of which none is negative.

    Raises
    ------
    CorruptImageError
        If it holds anything else.
    """
    parts = text.split(separator)
    if not all(map(_WHOLE_NUMBER.fullmatch, parts)):
        msg = (
            f"The XISF header gives {name} = {text[:40]!r} instead of whole numbers; "
            "export the image again."
        )
        raise CorruptImageError(msg)
    return [int(part) for part in parts]


class _Scan:
    """Collects images while a header is parsed."""

    def __init__(self, limits: Limits) -> None:
        self.images: list[XisfImage] = []
        self._limits = limits
        self._path: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Go into an element."""
        self._path.append(name.rpartition(":")[2])
        match self._path:
            case [_, "Image"]:
                self.images.append(XisfImage(attributes))
                self._limits.check_frames(len(self.images))
            case [_, "Image", "Data"]:
                self.images[-1].embedded.update(attributes)
            case [_, "Image", "ColorFilterArray"]:
                self.images[-1].mosaic.update(attributes)
            case _ if len(self._path) > _MAX_DEPTH:
                msg = "The elements of the XISF header lie too deep; export the image again."
                raise CorruptImageError(msg)

    def end(self, _name: str) -> None:
        """Leave an element."""
        self._path.pop()

    def add_text(self, text: str) -> None:
        """Keep the text of embedded pixels."""
        match self._path:
            case [_, "Image", "Data"]:
                self.images[-1].text.append(text)


def _refuse_document_type(*_declared: object) -> None:
    msg = "The XISF header declares a document type, as no XISF file does; export the image again."
    raise CorruptImageError(msg)

"""Read the XML header of an XISF file."""

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
"""Byte offset of the 4-byte integer that contains the length of the header."""

HEADER_OFFSET: Final = 16
"""Byte offset of the XML header."""

_MAX_HEADER: Final = 2**24  # in bytes; some files have headers of about 4 million bytes
_MAX_DEPTH: Final = 32
_MAX_PROPERTY: Final = 256  # length of the text of a property that is kept
_INTEGER: Final = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class XisfImage:
    """An ``Image`` element of an XISF header.

    Attributes
    ----------
    attributes : dict of str
        Attributes of the element.
    embedded : dict of str
        Attributes of the ``Data`` child element, which contains embedded pixels; empty if there
        is no such element.
    text : list of str
        Text of the ``Data`` element, in consecutive parts.
    mosaic : dict of str
        Attributes of the ``ColorFilterArray`` child element; empty if there is no such element.
    keywords : dict of str
        Values of the ``FITSKeyword`` child elements by name, in FITS notation.
    properties : dict of str
        Values of the ``Property`` child elements by identifier, if they are short strings.
    locations : dict of str
        Locations of the values of ``Property`` child elements by identifier, for vectors and
        matrices.
    display_function : dict of str
        Attributes of the ``DisplayFunction`` child element; empty if there is no such element.
    """

    attributes: dict[str, str]
    embedded: dict[str, str] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    mosaic: dict[str, str] = field(default_factory=dict)
    keywords: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    locations: dict[str, str] = field(default_factory=dict)
    display_function: dict[str, str] = field(default_factory=dict)


def read_images(stream: BinaryIO, limits: Limits) -> list[XisfImage]:
    """Read the ``Image`` elements in the header of a monolithic XISF file.

    Parameters
    ----------
    stream : binary file
        The complete file.
    limits : Limits
        ``max_frames`` limits the number of images.

    Returns
    -------
    list of XisfImage
        The ``Image`` elements in header order, excluding thumbnails.

    Raises
    ------
    CorruptImageError
        If the header is truncated, is not valid XML, or declares a document type.
    TooManyFramesError
        If there are more images than ``max_frames``.

    References
    ----------
    XISF 1.0 specification, section 11 (core elements) and the section on monolithic files:
    https://pixinsight.com/doc/docs/XISF-1.0-spec/XISF-1.0-spec.html.
    """
    collector = _ImageCollector(limits)
    parser = new_parser()
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.add_text
    try:
        parser.Parse(read_header(stream), True)
    except expat.ExpatError as error:
        msg = "The header of the XISF file is damaged; copy or download the file again."
        raise CorruptImageError(msg) from error
    return collector.images


def new_parser() -> expat.XMLParserType:
    """Create an XML parser for XISF headers, without element handlers.

    The parser raises `CorruptImageError` if the header declares a document type. Valid XISF
    headers declare none, and the entities of a document type could expand to any size.

    Returns
    -------
    xml.parsers.expat.XMLParserType
    """
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _reject_document_type
    return parser


def read_header(stream: BinaryIO) -> bytes:
    """Read the XML document in the header of an XISF file, without padding.

    Parameters
    ----------
    stream : binary file
        The complete file.

    Returns
    -------
    bytes
        The XML document.

    Raises
    ------
    CorruptImageError
        If the header is truncated, or longer than 16 MiB.
    """
    stream.seek(LENGTH_OFFSET)
    length = int.from_bytes(stream.read(4), "little")
    if length > _MAX_HEADER:
        msg = f"The XISF header is too long ({length:,} bytes); copy or download the file again."
        raise CorruptImageError(msg)
    stream.seek(HEADER_OFFSET)
    header = stream.read(length)
    if len(header) < length:
        msg = "The header of the XISF file is truncated; copy or download the file again."
        raise CorruptImageError(msg)
    return header.rstrip(b"\0")


def required_attribute(attributes: Mapping[str, str], name: str) -> str:
    """Return a required attribute of an element.

    Parameters
    ----------
    attributes : mapping of str
        Attributes of the element.
    name : str
        Name of the attribute.

    Returns
    -------
    str

    Raises
    ------
    CorruptImageError
        If the attribute is missing.
    """
    if name not in attributes:
        msg = f"The XISF header has an image without the attribute {name}; export the image again."
        raise CorruptImageError(msg)
    return attributes[name]


def parse_integers(text: str, name: str, separator: str = ":") -> list[int]:
    """Parse the non-negative integers in an attribute.

    Parameters
    ----------
    text : str
        Value of the attribute.
    name : str
        Name of the attribute, for the error message.
    separator : str
        Separator between the integers.

    Returns
    -------
    list of int

    Raises
    ------
    CorruptImageError
        If the value is not a list of non-negative integers.

    Examples
    --------
    >>> parse_integers("6000:4000:3", "geometry")
    [6000, 4000, 3]
    """
    parts = text.split(separator)
    if not all(map(_INTEGER.fullmatch, parts)):
        msg = (
            f"The XISF header has {name} = {text[:40]!r} instead of integers; "
            "export the image again."
        )
        raise CorruptImageError(msg)
    return [int(part) for part in parts]


class _ImageCollector:
    """Handler for XML events that collects the ``Image`` elements of a header."""

    def __init__(self, limits: Limits) -> None:
        self.images: list[XisfImage] = []
        self._limits = limits
        self._path: list[str] = []
        self._property = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element.

        Parameters
        ----------
        name : str
            Name of the element.
        attributes : dict of str
            Attributes of the element.
        """
        self._path.append(name.rpartition(":")[2])
        match self._path:
            case [_, "Image"]:
                self.images.append(XisfImage(attributes))
                self._limits.check_frames(len(self.images))
            case [_, "Image", "Data"]:
                self.images[-1].embedded.update(attributes)
            case [_, "Image", "ColorFilterArray"]:
                self.images[-1].mosaic.update(attributes)
            case [_, "Image", "DisplayFunction"]:
                self.images[-1].display_function.update(attributes)
            case [_, "Image", "FITSKeyword"]:
                keyword = attributes.get("name", "").strip().upper()
                self.images[-1].keywords.setdefault(keyword, attributes.get("value", ""))
            case [_, "Image", "Property"]:
                self._property = attributes.get("id", "")
                self.images[-1].properties[self._property] = attributes.get("value", "")
                if "location" in attributes:
                    self.images[-1].locations[self._property] = attributes["location"]
            case _ if len(self._path) > _MAX_DEPTH:
                msg = (
                    "The elements of the XISF header are nested too deeply; export the image again."
                )
                raise CorruptImageError(msg)

    def end(self, _name: str) -> None:
        """Handle the end of an element."""
        self._path.pop()

    def add_text(self, text: str) -> None:
        """Collect the text of an embedded data block (encoded pixels) or of a property.

        Parameters
        ----------
        text : str
            Part of the text of the current element.
        """
        match self._path:
            case [_, "Image", "Data"]:
                self.images[-1].text.append(text)
            case [_, "Image", "Property"] if len(text) < _MAX_PROPERTY:
                self.images[-1].properties[self._property] = text.strip()


def _reject_document_type(*_declared: object) -> None:
    msg = "The XISF header declares a document type, which is not allowed; export the image again."
    raise CorruptImageError(msg)

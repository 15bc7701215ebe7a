"""Read properties in XMP documents."""

from typing import Final
from xml.parsers import expat

__all__ = ["AVM", "DUBLIN_CORE", "EXIF", "read_properties"]

AVM: Final = "http://www.communicatingastronomy.org/avm/1.0/"
DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/"
EXIF: Final = "http://ns.adobe.com/exif/1.0/"

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DESCRIPTION: Final = f"{_RDF}Description"
_ITEM: Final = f"{_RDF}li"
_NAMESPACES: Final = (AVM, DUBLIN_CORE, EXIF)
_MAX_BYTES: Final = 2**20
_MAX_DEPTH: Final = 64
_MAX_VALUES: Final = 100  # per property
_MAX_LENGTH: Final = 1024  # of a value


def read_properties(document: bytes) -> dict[str, list[str]]:
    """Read the properties of AVM, Dublin Core and Exif in an XMP document.

    Parameters
    ----------
    document : bytes
        The XMP document.

    Returns
    -------
    dict
        Values by namespace and name; a property that is not a list has one value. Empty if the
        document has more than 1 MiB. Of a damaged document, the properties before the damage.

    Raises
    ------
    ValueError
        If the document declares a document type, whose entities could expand to any size, or is
        nested too deeply.

    References
    ----------
    ISO 16684-1 (XMP), section 7.
    """
    collector = _Collector()
    if len(document) > _MAX_BYTES:
        return {}
    parser = expat.ParserCreate(namespace_separator="")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _reject_document_type
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.add_text
    try:
        parser.Parse(document.strip(b"\0 \r\n\t"), True)
    except expat.ExpatError:
        return collector.properties
    return collector.properties


class _Collector:
    """Handler for XML events that collects properties."""

    def __init__(self) -> None:
        self.properties: dict[str, list[str]] = {}
        self._path: list[str] = []
        self._text = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self._text = ""
        if len(self._path) > _MAX_DEPTH:
            msg = "The XMP document is nested too deeply."
            raise ValueError(msg)
        if name == _DESCRIPTION:
            for key, value in attributes.items():
                self._add(key, value)

    def add_text(self, text: str) -> None:
        self._text += text[: _MAX_LENGTH - len(self._text)]

    def end(self, name: str) -> None:
        self._path.pop()
        if name == _ITEM and len(self._path) > 1:
            self._add(self._path[-2], self._text)
        elif self._path and self._path[-1] == _DESCRIPTION and self._text.strip():
            self._add(name, self._text)
        self._text = ""

    def _add(self, name: str, value: str) -> None:
        if name.startswith(_NAMESPACES):
            values = self.properties.setdefault(name, [])
            if len(values) < _MAX_VALUES:
                values.append(value[:_MAX_LENGTH].strip())


def _reject_document_type(*_declared: object) -> None:
    msg = "The XMP document declares a document type."
    raise ValueError(msg)

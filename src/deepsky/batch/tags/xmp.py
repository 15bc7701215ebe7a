"""Write deepsky's keywords and properties into an XMP packet (ISO 16684-1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from xml.dom import minidom  # unlike ElementTree, minidom preserves namespace prefixes
from xml.dom.minidom import Document, Element, Node
from xml.parsers.expat import ExpatError

from deepsky.errors import OutputError

__all__ = ["NAMESPACE", "update_packet"]

NAMESPACE: Final = "urn:deepsky:1.0/"
OWN_KEYWORD: Final = "deepsky:"
DC: Final = "http://purl.org/dc/elements/1.1/"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XMLNS: Final = "http://www.w3.org/2000/xmlns/"

BEGIN: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
END: Final = '<?xpacket end="w"?>'
EMPTY: Final = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"/></x:xmpmeta>'

# minidom does not escape tabs and line breaks in attributes, and parsers would read them as spaces.
# They are therefore replaced with characters that XML cannot contain (\1, \2 and \3), and these are
# replaced with character references in the serialized text.
_HIDDEN: Final = str.maketrans("\t\n\r", "\1\2\3")
_ESCAPED: Final = str.maketrans({"\1": "&#9;", "\2": "&#10;", "\3": "&#13;"})


def update_packet(
    packet: bytes | None, keywords: Sequence[str], properties: Mapping[str, str]
) -> bytes:
    """Replace deepsky's keywords and properties in an XMP packet.

    Parameters
    ----------
    packet : bytes or None
        Existing packet of the file, or None if the file has none.
    keywords : sequence of str
        New keywords for ``dc:subject``. Each starts with ``deepsky:``. Other programs display
        them as keywords or tags. Existing keywords that start with ``deepsky:`` are removed.
    properties : mapping of str to str
        New properties in deepsky's namespace. Existing properties in this namespace are removed.

    Returns
    -------
    bytes
        New packet, encoded in UTF-8.

    Raises
    ------
    OutputError
        If the existing packet is damaged.
    """
    document = _parse(packet)
    try:
        rdf = _rdf(document)
        descriptions = [node for node in _elements(rdf) if _is(node, RDF, "Description")]
        about = descriptions[0].getAttributeNS(RDF, "about") if descriptions else ""
        others = [item for node in descriptions for item in _take_keywords(document, node)]
        for description in descriptions:
            _remove_own(description)
            if _is_bare(description):
                rdf.removeChild(description)
        items = [*others, *(_item(document, keyword) for keyword in keywords)]
        rdf.appendChild(_describe(document, about, items, properties))
        return f"{BEGIN}{_serialize(document)}{END}".encode()
    finally:
        document.unlink()


def _parse(packet: bytes | None) -> Document:
    text = EMPTY.encode() if packet is None else packet.strip(b"\0 \t\r\n")
    # XMP needs no DOCTYPE, and the entities that it declares could expand without limit.
    if b"<!DOCTYPE" in text:
        raise _damaged()
    try:
        return minidom.parseString(text)  # noqa: S318
    except (ExpatError, ValueError, LookupError) as error:
        raise _damaged() from error


def _rdf(document: Document) -> Element:
    found = document.getElementsByTagNameNS(RDF, "RDF")
    if not found:
        raise _damaged()
    return found[0]


def _damaged() -> OutputError:
    return OutputError("The XMP metadata of the file are damaged. Save the image without them.")


def _take_keywords(document: Document, description: Element) -> Iterator[Element]:
    """Remove all keywords from a description, and yield those that were not added by deepsky."""
    if description.hasAttributeNS(DC, "subject"):
        yield from _others([_item(document, description.getAttributeNS(DC, "subject"))])
        description.removeAttributeNS(DC, "subject")
    for subject in [node for node in _elements(description) if _is(node, DC, "subject")]:
        items = list(subject.getElementsByTagNameNS(RDF, "li"))
        yield from _others(items or [_item(document, _text(subject))])
        description.removeChild(subject)


def _others(items: Iterable[Element]) -> Iterator[Element]:
    return (item for item in items if not _text(item).startswith(OWN_KEYWORD))


def _remove_own(description: Element) -> None:
    for attribute in list(description.attributes.values()):
        if attribute.namespaceURI == NAMESPACE or attribute.value == NAMESPACE:
            description.removeAttributeNode(attribute)
    for node in _elements(description):
        if node.namespaceURI == NAMESPACE:
            description.removeChild(node)


def _is_bare(description: Element) -> bool:
    """Return whether an RDF description has no properties."""
    attributes = [
        attribute
        for attribute in description.attributes.values()
        if attribute.namespaceURI not in (RDF, XMLNS)
    ]
    return not attributes and not _elements(description)


def _describe(
    document: Document, about: str, items: Iterable[Element], properties: Mapping[str, str]
) -> Element:
    description = document.createElementNS(RDF, "rdf:Description")
    for prefix, namespace in (("rdf", RDF), ("dc", DC), ("deepsky", NAMESPACE)):
        description.setAttributeNS(XMLNS, f"xmlns:{prefix}", namespace)
    description.setAttributeNS(RDF, "rdf:about", about)
    for name, value in properties.items():
        description.setAttributeNS(NAMESPACE, f"deepsky:{name}", value)
    subject = description.appendChild(document.createElementNS(DC, "dc:subject"))
    bag = subject.appendChild(document.createElementNS(RDF, "rdf:Bag"))
    for item in items:
        bag.appendChild(item)
    return description


def _item(document: Document, text: str) -> Element:
    item = document.createElementNS(RDF, "rdf:li")
    item.appendChild(document.createTextNode(text))
    return item


def _serialize(document: Document) -> str:
    for element in document.getElementsByTagName("*"):
        for attribute in element.attributes.values():
            attribute.value = attribute.value.translate(_HIDDEN)
    nodes = (n for n in document.childNodes if n.nodeType != Node.PROCESSING_INSTRUCTION_NODE)
    return "".join(node.toxml() for node in nodes).translate(_ESCAPED)


def _elements(node: Element) -> list[Element]:
    return [child for child in node.childNodes if isinstance(child, Element)]


def _is(node: Element, namespace: str, name: str) -> bool:
    return (node.namespaceURI, node.localName) == (namespace, name)


def _text(node: Element) -> str:
    return "".join(child.data for child in node.childNodes if child.nodeType == Node.TEXT_NODE)

"""Merge deepsky's keywords and properties into an XMP document (ISO 16684-1)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from deepsky.errors import OutputError

__all__ = ["NAMESPACE", "merge"]

NAMESPACE: Final = "urn:deepsky:1.0/"
ROOT: Final = "deepsky"
"""First part of deepsky's own keywords, such as ``deepsky:galaxy``."""

MAX_BYTES: Final = 5_000_000
"""Maximum size of an existing document, in bytes."""

MAX_ELEMENTS: Final = 100_000
"""Maximum number of elements in an existing document."""

MAX_DEPTH: Final = 100
"""Maximum number of nested elements."""

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EMPTY: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{_RDF}">
 </rdf:RDF>
</x:xmpmeta>
""".encode()

# These expressions match tags and attributes that the parser has already accepted.
_TAG: Final = re.compile(rb"""<(?:"[^"]*"|'[^']*'|[^"'>])*>""")
_ATTRIBUTE: Final = re.compile(rb"""\s+([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_SPACE: Final = {b" ", b"\t", b"\r", b"\n"}
_SEPARATOR: Final = "\n"
"""Character between namespace, local name and prefix in the parser's names."""


class _List(NamedTuple):
    """A list of keywords in XMP: its qualified name, and the notation of hierarchical keywords."""

    namespace: str
    prefix: str
    name: str
    separator: str
    is_required: bool


_LISTS: Final = (
    _List("http://purl.org/dc/elements/1.1/", "dc", "subject", ":", is_required=True),
    _List("http://ns.adobe.com/lightroom/1.0/", "lr", "hierarchicalSubject", "|", is_required=True),
    # If this list exists, digiKam ignores the other lists.
    _List("http://www.digikam.org/ns/1.0/", "digiKam", "TagsList", "/", is_required=False),
)
_BY_NAME: Final = {(each.namespace, each.name): each for each in _LISTS}


def merge(document: bytes | None, keywords: Sequence[str], properties: Mapping[str, str]) -> bytes:
    """Replace deepsky's keywords and properties in an XMP document.

    The keywords are added to the lists ``dc:subject`` (as ``deepsky:galaxy``),
    ``lr:hierarchicalSubject`` (as ``deepsky|galaxy``) and, if it exists, ``digiKam:TagsList`` (as
    ``deepsky/galaxy``). Everything else remains unchanged byte for byte.

    Parameters
    ----------
    document : bytes or None
        Existing document, encoded in UTF-8, or None to create a document.
    keywords : sequence of str
        New keywords, without ``deepsky:``. Existing keywords that start with ``deepsky`` and a
        separator are removed.
    properties : mapping of str to str
        New properties in deepsky's namespace. Existing properties in this namespace are removed.

    Returns
    -------
    bytes
        New document, encoded in UTF-8.

    Raises
    ------
    OutputError
        If the existing document is not a well-formed XMP document in UTF-8, or is too large.
    """
    old = _Scan(_EMPTY if document is None else document)
    new = old.edit(keywords, properties)
    added = _Scan(new).lists
    wanted = {each for each in _LISTS if each.is_required}
    if not all(_own(each, keywords) <= set(added[each].own) for each in wanted):
        msg = "its lists of keywords are invalid"
        raise _malformed(msg)
    return new


def _own(each: _List, keywords: Sequence[str]) -> set[str]:
    return {f"{ROOT}{each.separator}{keyword}" for keyword in keywords}


def _malformed(reason: object) -> OutputError:
    return OutputError(
        f"The sidecar is not a valid XMP document ({reason}). Repair or remove it, then tag the "
        "image again."
    )


class _Edit(NamedTuple):
    """Replacement of the bytes from `start` to `end`; also an insertion if they are equal."""

    start: int
    end: int
    text: bytes = b""


@dataclass(slots=True)
class _Element:
    """Element that is being parsed."""

    name: tuple[str, ...]
    start: int
    tag: bytes
    texts: list[str] = field(default_factory=list)
    content: int = 0
    """Number of attributes and children that are not deepsky's."""

    removed: int = 0
    """Number of deepsky's attributes and children, which are removed."""

    @property
    def text(self) -> str:
        return "".join(self.texts)


@dataclass(slots=True)
class _Found:
    """A list of keywords in the document."""

    own: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    insertion: _Edit | None = None
    """Where keywords are inserted, with the closing tag to write if the list is self-closing."""

    item: bytes = b"rdf:li"
    opening: bytes = b""


class _Scan:
    """Finds the lists of keywords and deepsky's properties in an XMP document.

    Parameters
    ----------
    document : bytes

    Raises
    ------
    OutputError
        If the document is malformed.
    """

    def __init__(self, document: bytes) -> None:
        self.lists = {each: _Found() for each in _LISTS}
        self._document = document
        self._edits: list[_Edit] = []
        self._open: list[_Element] = []
        self._elements = 0
        self._rdf_depth = 0
        self._end_of_rdf: _Edit | None = None
        self._rdf_name = b""
        self._about = ""
        self._parser = parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add_text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.XmlDeclHandler = self._check_encoding
        try:
            self._check_size()
            document.decode()
            parser.Parse(document, True)
            self._check_end()
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise _malformed(error) from error

    def edit(self, keywords: Sequence[str], properties: Mapping[str, str]) -> bytes:
        """Return the document with new keywords and properties."""
        edits, missing = list(self._edits), b""
        subject = self.lists[_LISTS[0]]
        for each, found in self.lists.items():
            own = sorted(_own(each, keywords), key=lambda k: keywords.index(k[len(ROOT) + 1 :]))
            if found.others and found.insertion:
                edits.append(_insert(found, own))
            elif each.is_required or found.others or found.own:
                # Programs that read hierarchical keywords ignore the others.
                missing += _list(each, [*filter(str.strip, found.others or subject.others), *own])
        end = self._end_of_rdf
        assert end is not None  # noqa: S101
        written = self._describe(missing) if missing else b""
        written += self._describe(b"", properties) if properties else b""
        edits.append(end._replace(text=_opened(end, self._rdf_name, written)))
        return _apply(self._document, edits)

    def _describe(self, content: bytes, properties: Mapping[str, str] | None = None) -> bytes:
        """Return a description element with properties as attributes, or lists as content."""
        attributes = f' xmlns:rdf="{_RDF}" rdf:about={quoteattr(self._about)}'
        if properties is not None:
            attributes += f' xmlns:deepsky="{NAMESPACE}"'
            attributes += "".join(
                f"\n    deepsky:{k}={quoteattr(v)}" for k, v in properties.items()
            )
            return f"\n  <rdf:Description{attributes}/>".encode()
        return f"\n  <rdf:Description{attributes}>".encode() + content + b"\n  </rdf:Description>"

    def _start(self, raw_name: str, attributes: list[str]) -> None:
        index = self._parser.CurrentByteIndex
        tag = _TAG.match(self._document, index)
        self._elements += 1
        if tag is None or self._elements > MAX_ELEMENTS or len(self._open) >= MAX_DEPTH:
            msg = "it has too many elements, or they are nested too deeply"
            raise ValueError(msg)
        element = _Element(_split(raw_name), index, tag[0])
        self._open.append(element)
        if element.name[:2] == (_RDF, "RDF") and not self._rdf_depth:
            if self._end_of_rdf is not None:
                msg = "it contains several rdf:RDF elements"
                raise ValueError(msg)
            self._rdf_depth = len(self._open)
        if self._depth == 1:
            self._remove_attributes(
                element, dict(zip(attributes[::2], attributes[1::2], strict=True))
            )

    def _end(self, _name: str) -> None:
        depth, element = self._depth, self._open.pop()
        start, end = element.start, self._end_position(element)
        match depth, element.name[:2]:
            case 0, (namespace, "RDF") if namespace == _RDF and self._rdf_depth:
                self._rdf_depth = 0
                self._rdf_name = _raw_name(element.tag)
                self._end_of_rdf = self._insertion(element)
            case 1, _ if element.removed and not element.content:
                self._remove(start, end)
            case 2, (namespace, name):
                parent = self._open[-1]
                if namespace == NAMESPACE or self._is_replaced(
                    _BY_NAME.get((namespace, name)), element
                ):
                    parent.removed += 1
                    self._remove(start, end)
                else:
                    parent.content += 1
            case 3, (namespace, _) if namespace == _RDF and (found := self._current_list(-1)):
                found.insertion, found.opening = self._insertion(element), _raw_name(element.tag)
                prefix, colon, _ = found.opening.rpartition(b":")
                found.item = prefix + colon + b"li"
            case 4, (namespace, "li") if namespace == _RDF and (found := self._current_list(-2)):
                if self._is_own(element.text):
                    found.own.append(element.text)
                    self._remove(start, end)
                else:
                    found.others.append(element.text)

    @property
    def _depth(self) -> int:
        """Depth of the innermost element below ``rdf:RDF``; negative outside of it."""
        return len(self._open) - self._rdf_depth if self._rdf_depth else -1

    def _add_text(self, text: str) -> None:
        if self._depth >= 2:
            self._open[-1].texts.append(text)

    def _check_size(self) -> None:
        if len(self._document) > MAX_BYTES:
            msg = f"it has more than {MAX_BYTES:,} bytes"
            raise ValueError(msg)
        if b"\0" in self._document:  # XML contains no null characters, so this may be UTF-16
            self._check_encoding("1.0", "unknown", 0)

    def _check_end(self) -> None:
        if self._end_of_rdf is None:
            msg = "it contains no rdf:RDF element"
            raise ValueError(msg)

    @staticmethod
    def _refuse_doctype(*_: object) -> None:
        # XMP needs no DOCTYPE, and the entities that it declares could expand without limit.
        msg = "it contains a DOCTYPE"
        raise ValueError(msg)

    @staticmethod
    def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii"):
            msg = "its encoding is not UTF-8"
            raise ValueError(msg)

    def _remove_attributes(self, element: _Element, attributes: Mapping[str, str]) -> None:
        """Remove deepsky's properties, and keyword lists in the notation of a simple property."""
        matches = _ATTRIBUTE.finditer(element.tag, 1 + len(_raw_name(element.tag)))
        spans = {
            found[1]: _Edit(element.start + found.start(), element.start + found.end())
            for found in matches
        }
        for raw_name, value in attributes.items():
            namespace, name, *prefix = _split(raw_name)
            if (namespace, name) == (_RDF, "about"):
                self._about = self._about or value
            each = _BY_NAME.get((namespace, name))
            if namespace == NAMESPACE or each:
                if each:
                    self._add_simple(each, value)
                self._edits.append(spans[":".join([*prefix, name]).encode()])
                element.removed += 1
            elif namespace != _RDF:
                element.content += 1

    def _is_replaced(self, each: _List | None, element: _Element) -> bool:
        """Return whether a list without others' keywords, or a simple property, is replaced."""
        if each is None:
            return False
        found = self.lists[each]
        if found.insertion is None:
            if element.text.strip():
                self._add_simple(each, element.text)
            return True
        return not found.others

    def _add_simple(self, each: _List, value: str) -> None:
        (self.lists[each].own if self._is_own(value) else self.lists[each].others).append(value)

    def _current_list(self, position: int) -> _Found | None:
        namespace, name = self._open[position].name[:2]
        each = _BY_NAME.get((namespace, name))
        return self.lists[each] if each else None

    @staticmethod
    def _is_own(text: str) -> bool:
        return text.startswith(tuple(f"{ROOT}{each.separator}" for each in _LISTS))

    def _insertion(self, element: _Element) -> _Edit:
        """Return an edit that inserts content at the end of an element."""
        if element.tag.endswith(b"/>"):
            end = element.start + len(element.tag)
            return _Edit(end - 2, end)
        position = self._trim(self._parser.CurrentByteIndex)
        return _Edit(position, position)

    def _end_position(self, element: _Element) -> int:
        if element.tag.endswith(b"/>"):
            return element.start + len(element.tag)
        return self._document.index(b">", self._parser.CurrentByteIndex) + 1

    def _remove(self, start: int, end: int) -> None:
        self._edits.append(_Edit(self._trim(start), end))

    def _trim(self, position: int) -> int:
        """Return the position before the white space that precedes a position."""
        while self._document[position - 1 : position] in _SPACE:
            position -= 1
        return position


def _split(name: str) -> tuple[str, ...]:
    """Split a name of the parser into namespace, local name and prefix."""
    parts = name.split(_SEPARATOR)
    return ("", *parts) if len(parts) == 1 else tuple(parts)


def _raw_name(tag: bytes) -> bytes:
    return tag[1:].rstrip(b">").rstrip(b"/").split(None, 1)[0]


def _list(each: _List, keywords: Sequence[str]) -> bytes:
    name = f"{each.prefix}:{each.name}"
    kind = "Bag" if each.is_required else "Seq"
    items = "".join(f"\n     <rdf:li>{escape(keyword)}</rdf:li>" for keyword in keywords)
    return (
        f'\n   <{name} xmlns:{each.prefix}="{each.namespace}">\n    <rdf:{kind}>{items}'
        f"\n    </rdf:{kind}>\n   </{name}>"
    ).encode()


def _insert(found: _Found, keywords: Sequence[str]) -> _Edit:
    assert found.insertion is not None  # noqa: S101
    item = found.item.decode()
    items = "".join(f"\n     <{item}>{escape(keyword)}</{item}>" for keyword in keywords)
    return found.insertion._replace(text=_opened(found.insertion, found.opening, items.encode()))


def _opened(insertion: _Edit, name: bytes, content: bytes) -> bytes:
    """Return content to insert, with a closing tag if the element was self-closing."""
    is_self_closing = insertion.end > insertion.start
    return b">" + content + b"\n</" + name + b">" if is_self_closing else content


def _apply(document: bytes, edits: Sequence[_Edit]) -> bytes:
    """Apply edits; edits inside a removed element are omitted."""
    parts, position = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= position:
            parts += [document[position : edit.start], edit.text]
            position = edit.end
    return b"".join([*parts, document[position:]])

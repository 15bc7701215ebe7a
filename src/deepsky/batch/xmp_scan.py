"""Find keywords, AVM and deepsky's properties in an XMP document (ISO 16684-1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.parsers import expat

from deepsky.imaging.astrometry.xmp import AVM

__all__ = [
    "KEYWORD_LISTS",
    "MAX_BYTES",
    "NAMESPACE",
    "RDF",
    "ROOT",
    "Added",
    "Edit",
    "FoundList",
    "Insertion",
    "KeywordList",
    "Scan",
]

NAMESPACE: Final = "urn:deepsky:1.0/"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ROOT: Final = "deepsky"
"""First part of the keywords that deepsky writes, such as ``deepsky:galaxy``."""

MAX_BYTES: Final = 5_000_000
"""Maximum size of an existing document, in bytes."""

MAX_ELEMENTS: Final = 100_000
"""Maximum number of elements in an existing document."""

MAX_DEPTH: Final = 100
"""Maximum number of nested elements."""

# These expressions match tags and attributes that the parser has already accepted.
_TAG: Final = re.compile(rb"""<(?:"[^"]*"|'[^']*'|[^"'>])*>""")
_ATTRIBUTE: Final = re.compile(rb"""\s+([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_SPACE: Final = {b" ", b"\t", b"\r", b"\n"}
_SEPARATOR: Final = "\n"
"""Character between namespace, local name and prefix in the parser's names."""


class KeywordList(NamedTuple):
    """A list of keywords in XMP: its qualified name, and the notation of hierarchical keywords."""

    namespace: str
    prefix: str
    name: str
    separator: str
    is_required: bool


KEYWORD_LISTS: Final = (
    KeywordList("http://purl.org/dc/elements/1.1/", "dc", "subject", ":", is_required=True),
    KeywordList(
        "http://ns.adobe.com/lightroom/1.0/", "lr", "hierarchicalSubject", "|", is_required=True
    ),
    # If this list exists, digiKam ignores the other lists.
    KeywordList("http://www.digikam.org/ns/1.0/", "digiKam", "TagsList", "/", is_required=False),
)
_BY_NAME: Final = {(each.namespace, each.name): each for each in KEYWORD_LISTS}
_CONTAINERS: Final = {(RDF, "Bag"), (RDF, "Seq"), (RDF, "Alt")}


class Added(NamedTuple):
    """What deepsky added to a document, other than properties.

    Attributes
    ----------
    words : frozenset of str
        Labels and verdicts, without ``deepsky:``.
    keywords : frozenset of str
        Names of objects.
    avm : frozenset of str
        Names of AVM properties.
    """

    words: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    avm: frozenset[str] = frozenset()


class Edit(NamedTuple):
    """Replacement of the bytes from `start` to `end`; an insertion if they are equal."""

    start: int
    end: int
    text: bytes = b""


class Insertion(NamedTuple):
    """Place at the end of the content of an element.

    Attributes
    ----------
    start, end : int
        Position; if the element has no end tag, `start` and `end` enclose ``/>``.
    name : bytes
        Name of the element, with its prefix.
    """

    start: int
    end: int
    name: bytes

    def edit(self, content: bytes) -> Edit:
        """Return an edit that inserts content.

        Parameters
        ----------
        content : bytes

        Returns
        -------
        Edit
        """
        if self.end > self.start:
            content = b">" + content + b"\n</" + self.name + b">"
        return Edit(self.start, self.end, content)


@dataclass(slots=True)
class _Element:
    """Element that is being parsed."""

    name: tuple[str, ...]
    start: int
    tag: bytes
    has_attributes: bool
    texts: list[str] = field(default_factory=list)
    insertion: Insertion | None = None
    """In a list of keywords, the place for further keywords."""

    content: int = 0
    """Number of attributes, children and comments that are not deepsky's."""

    removed: int = 0
    """Number of deepsky's attributes and children, which are removed."""

    @property
    def text(self) -> str:
        return "".join(self.texts)


@dataclass(slots=True)
class FoundList:
    """A list of keywords in the document.

    Attributes
    ----------
    own, others : list of str
        Keywords of deepsky, and of other programs and people.
    moved : list of str
        Those of `others` that are removed, because they are not in a list but in a simple
        property, and must be written again.
    insertion : Insertion or None
        Place for further keywords; None if no list remains.
    """

    own: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    insertion: Insertion | None = None


class Scan:
    """Finds the lists of keywords and deepsky's properties in an XMP document.

    Parameters
    ----------
    document : bytes
    added : Added
        Keywords and AVM properties that are removed, because deepsky added them.

    Attributes
    ----------
    lists : dict of KeywordList to FoundList
    removals : list of Edit
        Edits that remove deepsky's keywords and properties, and those of `added`.
    properties : dict of str to str
        Values of deepsky's properties.
    has_avm : bool
        Whether the document contains other AVM properties than those of `added`.
    rdf : Insertion
        Place at the end of the ``rdf:RDF`` element.
    about : str
        Identifier of the described resource (``rdf:about``); often empty.

    Raises
    ------
    ValueError, ExpatError, LookupError
        If the document is malformed, too large or not encoded in UTF-8, or if the form of its
        keywords is unknown.
    """

    def __init__(self, document: bytes, added: Added = Added()) -> None:  # noqa: B008 (immutable)
        self.lists = {each: FoundList() for each in KEYWORD_LISTS}
        self.removals: list[Edit] = []
        self.properties: dict[str, str] = {}
        self.has_avm = False
        self.about = ""
        self._added = added
        self._own = {f"{ROOT}{e.separator}{word}" for e in KEYWORD_LISTS for word in added.words}
        self._document = document
        self._open: list[_Element] = []
        self._elements = 0
        self._rdf: Insertion | None = None
        self._rdf_depth = 0
        self._parser = parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add_text
        parser.CommentHandler = parser.ProcessingInstructionHandler = self._keep
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.XmlDeclHandler = self._check_encoding
        self._check_content()
        parser.Parse(document, True)
        self.rdf = self._find_rdf()

    def _start(self, raw_name: str, attributes: list[str]) -> None:
        index = self._parser.CurrentByteIndex
        tag = _TAG.match(self._document, index)
        self._elements += 1
        if tag is None or self._elements > MAX_ELEMENTS or len(self._open) >= MAX_DEPTH:
            msg = "it has too many elements, or they are nested too deeply"
            raise ValueError(msg)
        element = _Element(_split(raw_name), index, tag[0], bool(attributes))
        self._open.append(element)
        if element.name[:2] == (RDF, "RDF") and not self._rdf_depth:
            if self._rdf is not None:
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
            case 0, (namespace, "RDF") if namespace == RDF and self._rdf_depth:
                self._rdf_depth = 0
                self._rdf = self._insertion(element)
            case 1, _ if element.removed and not element.content:
                self._remove(start, end)
            case 2, (namespace, name):
                each = _BY_NAME.get((namespace, name))
                if self._is_own(namespace, name, element.text) or (
                    each and self._is_removed(each, element)
                ):
                    self._open[-1].removed += 1
                    self._remove(start, end)
                else:
                    self._open[-1].content += 1
            case 3, name if self._current_list(-1):
                parent = self._open[-1]
                if name not in _CONTAINERS or element.has_attributes or parent.insertion:
                    raise _unknown_form(parent)
                parent.insertion = self._insertion(element)
                parent.texts += element.texts
                parent.content += element.content
            case 4, name if found := self._current_list(-2):
                if name != (RDF, "li"):
                    raise _unknown_form(self._open[-2])
                if self._is_own_keyword(element.text):
                    found.own.append(element.text)
                    self._remove(start, end)
                else:
                    found.others.append(element.text)
                    self._open[-1].content += 1

    def _is_own(self, namespace: str, name: str, value: str) -> bool:
        """Return whether a property was written by deepsky, and remember its value."""
        if namespace == NAMESPACE:
            self.properties[name] = value
        elif namespace == AVM and name not in self._added.avm:
            self.has_avm = True
        return namespace == NAMESPACE or (namespace == AVM and name in self._added.avm)

    def _is_own_keyword(self, value: str) -> bool:
        return value in self._own or value in self._added.keywords

    @property
    def _depth(self) -> int:
        """Depth of the innermost element below ``rdf:RDF``; negative outside of it."""
        return len(self._open) - self._rdf_depth if self._rdf_depth else -1

    def _add_text(self, text: str) -> None:
        if self._depth >= 2:
            self._open[-1].texts.append(text)

    def _keep(self, *_: object) -> None:
        """Keep the element that contains a comment or a processing instruction."""
        if self._open:
            self._open[-1].content += 1

    def _check_content(self) -> None:
        if len(self._document) > MAX_BYTES:
            msg = f"it has more than {MAX_BYTES:,} bytes"
            raise ValueError(msg)
        if b"\0" in self._document:  # XML contains no null characters, so this may be UTF-16
            self._check_encoding("1.0", "unknown", 0)
        try:
            self._document.decode()
        except UnicodeDecodeError:
            self._check_encoding("1.0", "unknown", 0)

    def _find_rdf(self) -> Insertion:
        if self._rdf is None:
            msg = "it contains no rdf:RDF element"
            raise ValueError(msg)
        return self._rdf

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
            found[1]: Edit(element.start + found.start(), element.start + found.end())
            for found in matches
        }
        for raw_name, value in attributes.items():
            namespace, name, *prefix = _split(raw_name)
            if (namespace, name) == (RDF, "about"):
                self.about = self.about or value
            each = _BY_NAME.get((namespace, name))
            if self._is_own(namespace, name, value) or each:
                if each:
                    self._add_simple(each, value)
                self.removals.append(spans[":".join([*prefix, name]).encode()])
                element.removed += 1
            elif namespace != RDF:
                element.content += 1

    def _is_removed(self, each: KeywordList, element: _Element) -> bool:
        """Return whether a list without others' content, or a simple property, is removed."""
        is_simple = element.insertion is None
        if element.has_attributes or (element.content if is_simple else element.text.strip()):
            raise _unknown_form(element)
        if is_simple and element.text.strip():
            self._add_simple(each, element.text)
        elif element.content:
            self.lists[each].insertion = element.insertion
            return False
        return True

    def _add_simple(self, each: KeywordList, value: str) -> None:
        found = self.lists[each]
        if self._is_own_keyword(value):
            found.own.append(value)
        else:
            found.others.append(value)
            found.moved.append(value)

    def _current_list(self, position: int) -> FoundList | None:
        namespace, name = self._open[position].name[:2]
        each = _BY_NAME.get((namespace, name))
        return self.lists[each] if each else None

    def _insertion(self, element: _Element) -> Insertion:
        if element.tag.endswith(b"/>"):
            end = element.start + len(element.tag)
            return Insertion(end - 2, end, _raw_name(element.tag))
        position = self._trim(self._parser.CurrentByteIndex)
        return Insertion(position, position, _raw_name(element.tag))

    def _end_position(self, element: _Element) -> int:
        if element.tag.endswith(b"/>"):
            return element.start + len(element.tag)
        return self._document.index(b">", self._parser.CurrentByteIndex) + 1

    def _remove(self, start: int, end: int) -> None:
        self.removals.append(Edit(self._trim(start), end))

    def _trim(self, position: int) -> int:
        """Return the position before the white space that precedes a position."""
        while self._document[position - 1 : position] in _SPACE:
            position -= 1
        return position


def _split(name: str) -> tuple[str, ...]:
    """Split a name of the parser into namespace, local name and prefix."""
    parts = name.split(_SEPARATOR)
    return ("", *parts) if len(parts) == 1 else tuple(parts)


def _unknown_form(element: _Element) -> ValueError:
    name = _raw_name(element.tag).decode()
    return ValueError(f"the form of its keywords ({name}) is unknown")


def _raw_name(tag: bytes) -> bytes:
    return tag[1:].rstrip(b">").rstrip(b"/").split(None, 1)[0]

"""Merge deepsky's keywords and properties into an XMP document (ISO 16684-1)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape, quoteattr

from deepsky.batch.xmp_scan import (
    KEYWORD_LISTS,
    NAMESPACE,
    RDF,
    ROOT,
    Edit,
    Insertion,
    KeywordList,
    Scan,
)
from deepsky.errors import OutputError
from deepsky.taxonomy import LABELS, VERDICTS

__all__ = ["NAMESPACE", "merge"]

_PROBABILITY: Final = re.compile(r":probability_([\w-]+)")
"""Name of a property, which ends with a label of the model."""

_EMPTY: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{RDF}">
 </rdf:RDF>
</x:xmpmeta>
""".encode()


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
        New keywords, without ``deepsky:``: labels and verdicts. Existing keywords of deepsky are
        removed.
    properties : mapping of str to str
        New properties in deepsky's namespace. Existing properties in this namespace are removed.

    Returns
    -------
    bytes
        New document, encoded in UTF-8.

    Raises
    ------
    OutputError
        If the existing document is not a well-formed XMP document in UTF-8, is too large, or
        contains keywords in an unknown form.
    """
    old = _EMPTY if document is None else document
    try:
        own = _words(old, keywords)
        scan = Scan(old, own)
        new = _apply(old, [*scan.removals, *_additions(scan, keywords, properties)])
        _check(Scan(new, own), keywords)
    except (ExpatError, ValueError, LookupError) as error:
        msg = (
            f"The sidecar is not a valid XMP document, or cannot be changed safely ({error}). "
            "Repair it or move it away, then tag the image again."
        )
        raise OutputError(msg) from error
    return new


def _words(document: bytes, keywords: Sequence[str]) -> set[str]:
    """Return all words that deepsky writes as keywords, and those of the model used earlier."""
    earlier = _PROBABILITY.findall(document.decode(errors="replace"))
    return {*LABELS, *VERDICTS, *keywords, *earlier}


def _check(scan: Scan, keywords: Sequence[str]) -> None:
    """Check that the new document contains the keywords."""
    for each, found in scan.lists.items():
        if each.is_required and not set(_own(each, keywords)) <= set(found.own):
            msg = "its lists of keywords are invalid"
            raise ValueError(msg)


def _additions(
    scan: Scan, keywords: Sequence[str], properties: Mapping[str, str]
) -> Iterator[Edit]:
    """Yield edits that add keywords to the existing lists, and missing lists and properties."""
    subject, missing = scan.lists[KEYWORD_LISTS[0]], b""
    for each, found in scan.lists.items():
        if found.insertion:
            yield _insert(found.insertion, [*found.moved, *_own(each, keywords)])
        elif each.is_required or found.others or found.own:
            # Programs that read hierarchical keywords ignore the others.
            others = filter(str.strip, found.moved or subject.others)
            missing += _format_list(each, [*others, *_own(each, keywords)])
    attributes = f' xmlns:rdf="{RDF}" rdf:about={quoteattr(scan.about)}'
    written = b""
    if missing:
        start, end = f"\n  <rdf:Description{attributes}>", "\n  </rdf:Description>"
        written += start.encode() + missing + end.encode()
    if properties:
        attributes += f' xmlns:deepsky="{NAMESPACE}"'
        attributes += "".join(f"\n    deepsky:{k}={quoteattr(v)}" for k, v in properties.items())
        written += f"\n  <rdf:Description{attributes}/>".encode()
    yield scan.rdf.edit(written)


def _own(each: KeywordList, keywords: Sequence[str]) -> list[str]:
    return [f"{ROOT}{each.separator}{keyword}" for keyword in keywords]


def _format_list(each: KeywordList, keywords: Sequence[str]) -> bytes:
    name = f"{each.prefix}:{each.name}"
    kind = "Bag" if each.is_required else "Seq"
    items = "".join(f"\n     <rdf:li>{escape(keyword)}</rdf:li>" for keyword in keywords)
    return (
        f'\n   <{name} xmlns:{each.prefix}="{each.namespace}">\n    <rdf:{kind}>{items}'
        f"\n    </rdf:{kind}>\n   </{name}>"
    ).encode()


def _insert(place: Insertion, keywords: Sequence[str]) -> Edit:
    prefix, colon, _ = place.name.decode().rpartition(":")
    item = f"{prefix}{colon}li"
    items = "".join(f"\n     <{item}>{escape(keyword)}</{item}>" for keyword in keywords)
    return place.edit(items.encode())


def _apply(document: bytes, edits: Sequence[Edit]) -> bytes:
    """Apply edits; edits inside a removed element are omitted."""
    parts, position = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= position:
            parts += [document[position : edit.start], edit.text]
            position = edit.end
    return b"".join([*parts, document[position:]])

"""Merge deepsky's keywords, properties and AVM into an XMP document (ISO 16684-1)."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape, quoteattr

from deepsky.annotation.avm import Avm, format_avm
from deepsky.batch.xmp_scan import (
    KEYWORD_LISTS,
    NAMESPACE,
    RDF,
    ROOT,
    Added,
    Edit,
    Insertion,
    KeywordList,
    Scan,
)
from deepsky.errors import OutputError
from deepsky.imaging.astrometry.xmp import AVM
from deepsky.taxonomy import LABELS, VERDICTS

__all__ = ["NAMESPACE", "merge"]

_PROBABILITY: Final = "probability_"
"""Start of the names of properties that end with a label of the model."""

_EMPTY: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{RDF}">
 </rdf:RDF>
</x:xmpmeta>
""".encode()


_ADDED_KEYWORDS: Final = "added_keywords"
_ADDED_AVM: Final = "added_avm"
_SEPARATOR: Final = "; "
"""Separator of the values of the two properties that list what deepsky added."""

_NO_AVM: Final[Avm] = MappingProxyType({})


def merge(
    document: bytes | None,
    keywords: Sequence[str],
    properties: Mapping[str, str],
    names: Sequence[str] = (),
    avm: Avm = _NO_AVM,
) -> bytes:
    """Replace deepsky's keywords and properties in an XMP document.

    The keywords are added to the lists ``dc:subject`` (as ``deepsky:galaxy``),
    ``lr:hierarchicalSubject`` (as ``deepsky|galaxy``) and, if it exists, ``digiKam:TagsList`` (as
    ``deepsky/galaxy``). Names of objects are added to the same lists, unless they are keywords
    already. AVM properties are added, unless the document contains AVM of another program. The
    properties ``added_keywords`` and ``added_avm`` list what was added, so that it can be replaced
    later. Everything else remains unchanged byte for byte.

    Parameters
    ----------
    document : bytes or None
        Existing document, encoded in UTF-8, or None to create a document.
    keywords : sequence of str
        New keywords, without ``deepsky:``: labels and verdicts. Existing keywords of deepsky are
        removed.
    properties : mapping of str to str
        New properties in deepsky's namespace. Existing properties in this namespace are removed.
    names : sequence of str
        Names of the object, without semicolons.
    avm : mapping
        AVM properties; see `deepsky.annotation.avm`.

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
        scan = Scan(old, _read_added(Scan(old), keywords))
        others = {other for found in scan.lists.values() for other in found.others}
        names = [name for name in names if name not in others]
        avm = _NO_AVM if scan.has_avm else avm
        added = {_ADDED_KEYWORDS: names, _ADDED_AVM: avm}
        properties = {**properties, **{k: _SEPARATOR.join(v) for k, v in added.items() if v}}
        new = _apply(old, [*scan.removals, *_additions(scan, keywords, properties, names, avm)])
        _check(Scan(new, Added(frozenset(keywords), frozenset(names))), keywords, names)
    except (ExpatError, ValueError, LookupError) as error:
        msg = (
            f"The sidecar is not a valid XMP document, or cannot be changed safely ({error}). "
            "Repair it or move it away, then tag the image again."
        )
        raise OutputError(msg) from error
    return new


def _read_added(scan: Scan, keywords: Sequence[str]) -> Added:
    """Return what an earlier run, possibly with another model, has added to a document."""
    labels = [name.removeprefix(_PROBABILITY) for name in scan.properties if _PROBABILITY in name]
    values = (scan.properties.get(name, "") for name in (_ADDED_KEYWORDS, _ADDED_AVM))
    names, avm = (frozenset(filter(None, value.split(_SEPARATOR))) for value in values)
    return Added(frozenset([*LABELS, *VERDICTS, *labels, *keywords]), names, avm)


def _check(scan: Scan, keywords: Sequence[str], names: Sequence[str]) -> None:
    """Check that the new document contains the keywords."""
    for each, found in scan.lists.items():
        if each.is_required and not {*_own(each, keywords), *names} <= set(found.own):
            msg = "its lists of keywords are invalid"
            raise ValueError(msg)


def _additions(
    scan: Scan,
    keywords: Sequence[str],
    properties: Mapping[str, str],
    names: Sequence[str],
    avm: Avm,
) -> Iterator[Edit]:
    """Yield edits that add keywords to the existing lists, and missing lists and properties."""
    subject, missing = scan.lists[KEYWORD_LISTS[0]], b""
    for each, found in scan.lists.items():
        if found.insertion:
            yield _insert(found.insertion, [*found.moved, *_own(each, keywords), *names])
        elif each.is_required or found.others or found.own:
            # Programs that read hierarchical keywords ignore the others.
            others = filter(str.strip, found.moved or subject.others)
            missing += _format_list(each, [*others, *_own(each, keywords), *names])
    attributes = f' xmlns:rdf="{RDF}" rdf:about={quoteattr(scan.about)}'
    written = b""
    if missing:
        start, end = f"\n  <rdf:Description{attributes}>", "\n  </rdf:Description>"
        written += start.encode() + missing + end.encode()
    if avm:
        start = f'\n  <rdf:Description{attributes} xmlns:avm="{AVM}">'
        written += f"{start}{format_avm(avm)}\n  </rdf:Description>".encode()
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

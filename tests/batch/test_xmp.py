"""Tests for merging keywords and properties into XMP documents."""

from xml.etree import ElementTree as ET

import pytest

from deepsky.annotation.avm import Avm
from deepsky.batch.xmp import NAMESPACE, merge
from deepsky.batch.xmp_scan import MAX_BYTES
from deepsky.errors import OutputError

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}subject"
LR = "{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject"
DIGIKAM = "{http://www.digikam.org/ns/1.0/}TagsList"
KEYWORDS = ["galaxy", "confident"]
PROPERTIES = {"label": "galaxy", "novelty": "0.1"}

DARKTABLE = """<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
    xmlns:darktable="http://darktable.sf.net/"
   xmp:Rating="3"
   darktable:xmp_version="5">
   <!-- München -->
   <dc:subject>
    <rdf:Bag>
     <rdf:li>Messier</rdf:li>
     <rdf:li>stars</rdf:li>
    </rdf:Bag>
   </dc:subject>
   <lr:hierarchicalSubject>
    <rdf:Bag>
     <rdf:li>places|Messier</rdf:li>
     <rdf:li>stars</rdf:li>
    </rdf:Bag>
   </lr:hierarchicalSubject>
   <darktable:history>
    <rdf:Seq>
     <rdf:li
      darktable:operation="exposure"
      darktable:params="gz02eJxjYGBgkGAAgRNODESDBnsIHll8ANNSGQM="/>
    </rdf:Seq>
   </darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""


def document(content: str, rdf: str = "rdf") -> bytes:
    """Return an XMP document with the given content of the RDF element."""
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><{rdf}:RDF xmlns:{rdf}="{RDF[1:-1]}" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:mine="{NAMESPACE}" '
        f'xmlns:digiKam="http://www.digikam.org/ns/1.0/">{content}</{rdf}:RDF></x:xmpmeta>'
    ).encode()


def keywords_of(content: bytes, name: str = DC) -> list[str]:
    root = ET.fromstring(content)
    assert len(root.findall(f".//{name}")) <= 1
    return [str(item.text) for item in root.iterfind(f".//{name}/*/{RDF}li")]


def properties_of(content: bytes) -> dict[str, str]:
    own = f"{{{NAMESPACE}}}"
    return {
        name.removeprefix(own): value
        for node in ET.fromstring(content).iter(f"{RDF}Description")
        for name, value in node.attrib.items()
        if name.startswith(own)
    }


def test_new_document_contains_keywords_and_properties() -> None:
    new = merge(None, KEYWORDS, PROPERTIES)

    assert keywords_of(new) == ["deepsky:galaxy", "deepsky:confident"]
    assert keywords_of(new, LR) == ["deepsky|galaxy", "deepsky|confident"]
    assert keywords_of(new, DIGIKAM) == []
    assert properties_of(new) == PROPERTIES
    assert merge(new, KEYWORDS, PROPERTIES) == new
    assert keywords_of(merge(new, ["other", "unsure"], {})) == ["deepsky:other", "deepsky:unsure"]
    assert merge(merge(new, ["other", "unsure"], {}), KEYWORDS, PROPERTIES) == new


def test_content_of_other_programs_is_unchanged_byte_for_byte() -> None:
    old = DARKTABLE.encode()
    new = merge(old, KEYWORDS, PROPERTIES)

    assert keywords_of(new) == ["Messier", "stars", "deepsky:galaxy", "deepsky:confident"]
    assert keywords_of(new, LR)[:2] == ["places|Messier", "stars"]
    assert keywords_of(new, LR)[2:] == ["deepsky|galaxy", "deepsky|confident"]
    assert properties_of(new) == PROPERTIES
    added = new.splitlines()
    for line in old.splitlines():  # all lines are present, in the same order
        added = added[added.index(line) + 1 :]
    assert merge(new, KEYWORDS, PROPERTIES) == new
    assert merge(merge(new, ["nebula", "unsure"], {}), KEYWORDS, PROPERTIES) == new


def test_hierarchical_keywords_include_the_other_keywords() -> None:
    """Programs that find hierarchical keywords ignore the plain keywords."""
    old = document(
        "<rdf:Description rdf:about='uuid:1'><dc:subject><rdf:Bag><rdf:li>a &amp; b</rdf:li>"
        "</rdf:Bag></dc:subject></rdf:Description>"
    )
    new = merge(old, KEYWORDS, {})

    assert keywords_of(new, LR) == ["a & b", "deepsky|galaxy", "deepsky|confident"]
    abouts = {node.get(f"{RDF}about") for node in ET.fromstring(new).iter(f"{RDF}Description")}
    assert abouts == {"uuid:1"}
    assert merge(new, KEYWORDS, {}) == new


def test_list_that_digikam_prefers_is_extended() -> None:
    old = document(
        "<rdf:Description><digiKam:TagsList><rdf:Seq><rdf:li>sky/M51</rdf:li></rdf:Seq>"
        "</digiKam:TagsList></rdf:Description>"
    )

    assert keywords_of(merge(old, KEYWORDS, {}), DIGIKAM) == [
        "sky/M51",
        "deepsky/galaxy",
        "deepsky/confident",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "<rdf:Description dc:subject='stars'/>",
        "<rdf:Description dc:subject = \"stars\" rdf:about='>'></rdf:Description>",
        "<rdf:Description><dc:subject>stars</dc:subject></rdf:Description>",
        "<rdf:Description><dc:subject><rdf:Seq><rdf:li>stars</rdf:li></rdf:Seq></dc:subject>"
        "</rdf:Description>",
        "<rdf:Description dc:title=' dc:subject=\"x\"' dc:subject='stars'/>",
        "<rdf:Description><dc:subject><rdf:Bag><rdf:li>stars</rdf:li><rdf:li>deepsky:unsure</rdf:li>"
        "</rdf:Bag></dc:subject></rdf:Description>",
    ],
)
def test_keywords_in_all_notations_are_kept(content: str) -> None:
    for name in ("rdf", "r"):
        new = merge(document(content.replace("rdf:", f"{name}:"), name), KEYWORDS, {})

        assert keywords_of(new) == ["stars", "deepsky:galaxy", "deepsky:confident"]
        assert (b' dc:subject="x"' in new) == ("dc:title" in content)
        again = merge(new, ["other"], {})
        assert keywords_of(again) == ["stars", "deepsky:other"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<rdf:Description/>",
        "<rdf:Description><dc:subject/></rdf:Description>",
        "<rdf:Description><dc:subject><rdf:Bag/></dc:subject></rdf:Description>",
        "<rdf:Description><dc:subject><rdf:Bag><rdf:li>deepsky:unsure</rdf:li></rdf:Bag></dc:subject>"
        "</rdf:Description>",
        "<rdf:Description mine:label='old' mine:other='x'/>",
        "<rdf:Description><mine:label>old</mine:label><mine:deep><rdf:Bag/></mine:deep>"
        "</rdf:Description>",
    ],
)
def test_earlier_tags_are_replaced(content: str) -> None:
    new = merge(document(content), KEYWORDS, PROPERTIES)

    assert b"old" not in new
    assert keywords_of(new) == ["deepsky:galaxy", "deepsky:confident"]
    assert properties_of(new) == PROPERTIES
    assert merge(new, KEYWORDS, PROPERTIES) == new


@pytest.mark.parametrize(
    ("name", "keyword"),
    [
        ("dc:subject", "deepsky:my targets"),
        ("dc:subject", "deepsky"),
        ("dc:subject", "deepsky/2024"),
        ("digiKam:TagsList", "deepsky/galaxy/M51"),
    ],
)
def test_other_keywords_that_begin_with_deepsky_are_kept(name: str, keyword: str) -> None:
    listed = f"<rdf:Bag><rdf:li>{keyword}</rdf:li><rdf:li>deepsky:nebula</rdf:li></rdf:Bag>"
    old = document(f"<rdf:Description><{name}>{listed}</{name}></rdf:Description>")

    new = merge(old, KEYWORDS, {})

    found = keywords_of(new, DC if name == "dc:subject" else DIGIKAM)
    assert keyword in found
    assert "deepsky:nebula" not in found


@pytest.mark.parametrize(
    "content",
    [
        "<dc:subject><rdf:Bag><rdf:_1>stars</rdf:_1></rdf:Bag></dc:subject>",
        "<dc:subject><rdf:Bag rdf:_1='stars'/></dc:subject>",
        "<dc:subject><rdf:Bag/><rdf:Bag><rdf:li>stars</rdf:li></rdf:Bag></dc:subject>",
        "<dc:subject>stars<rdf:Bag/></dc:subject>",
        "<dc:subject>stars<!-- note --></dc:subject>",
        "<dc:subject rdf:resource='stars'/>",
        "<dc:subject rdf:parseType='Resource'><rdf:value>stars</rdf:value></dc:subject>",
        "<dc:subject><rdf:Description rdf:value='stars'/></dc:subject>",
    ],
)
def test_keywords_in_an_unknown_form_are_refused(content: str) -> None:
    with pytest.raises(OutputError, match=r"the form of its keywords \(dc:subject\) is unknown"):
        merge(document(f"<rdf:Description>{content}</rdf:Description>"), KEYWORDS, {})


def test_simple_keyword_is_added_to_a_list() -> None:
    one = "<rdf:Description><dc:subject><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:subject>"
    for first in ("deepsky:nebula", "comet"):
        old = document(
            f"{one.format(first)}</rdf:Description><rdf:Description dc:subject='stars'/>"
        )

        found = keywords_of(merge(old, KEYWORDS, {}))

        others = ["comet", "stars"] if first == "comet" else ["stars"]
        assert found == [*others, "deepsky:galaxy", "deepsky:confident"]


def test_comments_and_processing_instructions_are_kept() -> None:
    listed = "<rdf:Bag><!-- 1 --><rdf:li>deepsky:nebula</rdf:li><?two?></rdf:Bag><!-- 3 -->"
    old = document(
        f"<rdf:Description mine:a='b'><dc:subject>{listed}</dc:subject></rdf:Description>"
        "<rdf:Description mine:c='d'><!-- 4 --></rdf:Description>"
    )

    new = merge(old, KEYWORDS, {})

    assert keywords_of(new) == ["deepsky:galaxy", "deepsky:confident"]
    assert all(each in new for each in (b"<!-- 1 -->", b"<?two?>", b"<!-- 3 -->", b"<!-- 4 -->"))


def test_rdf_element_without_content() -> None:
    old = document("").replace(b"></rdf:RDF>", b"/>")

    assert keywords_of(merge(old, KEYWORDS, {})) == ["deepsky:galaxy", "deepsky:confident"]


def test_byte_order_mark_is_kept() -> None:
    new = merge(b"\xef\xbb\xbf" + DARKTABLE.encode(), KEYWORDS, PROPERTIES)

    assert new == b"\xef\xbb\xbf" + merge(DARKTABLE.encode(), KEYWORDS, PROPERTIES)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"notes",
        b"<x:xmp",
        b"<a/>",
        DARKTABLE.encode()[:-30],
        DARKTABLE.encode("utf-16"),
        DARKTABLE.encode("utf-16-le"),
        DARKTABLE.encode("latin-1"),
        DARKTABLE.replace("UTF-8", "ISO-8859-1").encode(),
        document("") + document(""),
        document("").replace(b"<x:", b'<!DOCTYPE x [<!ENTITY a "aa">]><x:', 1),
        document("<a>" * 5_000 + "</a>" * 5_000),
        document("<a/>" * 200_000),
        document("").replace(b"</x:xmpmeta>", b" " * MAX_BYTES + b"</x:xmpmeta>"),
        document("").replace(b"</x:xmpmeta>", document("") + b"</x:xmpmeta>"),
    ],
)
def test_malformed_documents_are_refused(content: bytes) -> None:
    with pytest.raises(OutputError, match="not a valid XMP document"):
        merge(content, KEYWORDS, PROPERTIES)


def test_damaged_documents_are_refused_or_remain_valid() -> None:
    whole = merge(DARKTABLE.encode(), KEYWORDS, PROPERTIES)
    for size in range(0, len(whole), 7):
        for damaged in (whole[:size], whole[:size] + whole[size + 1 :]):
            try:
                new = merge(damaged, ["other"], {"label": "other"})
            except OutputError:
                continue
            assert "deepsky:other" in keywords_of(new)


NAMES = ["M 31", "Andromeda Galaxy"]
AVM: Avm = {"Subject.Name": ("M 31",), "Spatial.Scale": ("-0.1", "0.1"), "Spatial.Quality": "Full"}
SUBJECT_NAME = "{http://www.communicatingastronomy.org/avm/1.0/}Subject.Name"


@pytest.mark.parametrize("old", [None, DARKTABLE.encode()])
def test_names_are_keywords_and_are_replaced(old: bytes | None) -> None:
    tagged = merge(old, KEYWORDS, PROPERTIES, NAMES)
    corrected = merge(tagged, KEYWORDS, PROPERTIES, ["M 110"])
    removed = merge(corrected, KEYWORDS, PROPERTIES)

    assert keywords_of(tagged)[-2:] == NAMES
    assert keywords_of(tagged, LR)[-2:] == NAMES
    assert keywords_of(corrected)[-1] == "M 110"
    assert not {"M 31", "Andromeda Galaxy"} & set(keywords_of(corrected))
    assert removed == merge(old, KEYWORDS, PROPERTIES)
    assert merge(tagged, KEYWORDS, PROPERTIES, NAMES) == tagged


def test_own_keyword_of_a_person_is_kept_and_not_repeated() -> None:
    old = DARKTABLE.replace("<rdf:li>Messier</rdf:li>", "<rdf:li>M 31</rdf:li>").encode()

    tagged = merge(old, KEYWORDS, PROPERTIES, NAMES)

    assert keywords_of(tagged).count("M 31") == 1
    assert "M 31" in keywords_of(merge(tagged, KEYWORDS, PROPERTIES, ["M 110"]))


def test_avm_is_added_and_replaced() -> None:
    tagged = merge(DARKTABLE.encode(), KEYWORDS, PROPERTIES, NAMES, AVM)
    changed = merge(tagged, KEYWORDS, PROPERTIES, NAMES, {"Subject.Name": ("M 110",)})

    [name] = ET.fromstring(tagged).iter(SUBJECT_NAME)
    assert [item.text for item in name.iter(f"{RDF}li")] == ["M 31"]
    assert b"avm:Spatial.Scale" in tagged
    assert b"avm:Spatial.Scale" not in changed
    assert changed.count(b"<avm:Subject.Name>") == 1
    assert merge(changed, KEYWORDS, PROPERTIES) == merge(DARKTABLE.encode(), KEYWORDS, PROPERTIES)


def test_avm_of_another_program_is_not_changed() -> None:
    old = DARKTABLE.replace(
        'xmp:Rating="3"',
        'xmlns:avm="http://www.communicatingastronomy.org/avm/1.0/" avm:Spatial.Quality="Position"',
    ).encode()

    tagged = merge(old, KEYWORDS, PROPERTIES, NAMES, AVM)

    assert b'avm:Spatial.Quality="Position"' in tagged
    assert b"<avm:" not in tagged
    assert merge(tagged, KEYWORDS, PROPERTIES, NAMES, AVM) == tagged

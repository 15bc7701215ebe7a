"""Tests for tags in XISF files."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

import numpy as np
import pytest

from deepsky.batch.output_paths import common_folder
from deepsky.batch.tagger import Tagger
from deepsky.batch.tags import xisf as tags
from deepsky.errors import CorruptImageError, OutputError
from deepsky.imaging import read_image
from tests.batch.outcomes import make_outcome
from tests.imaging.xisf_writer import ATTACHED_AT, as_file, image_element, xisf

NAMES = "{http://www.pixinsight.com/xisf}"
TAGS: dict[str, str | float] = {"label": "galaxy", "probability_galaxy": 0.97}
PIXELS = np.random.default_rng(5).integers(0, 65536, (31, 45), dtype=np.uint16)

OTHERS = (
    '\n <FITSKeyword name="OBJECT" value="\'M 51\'" comment="a > b"/>\r\n'
    '<Property id="Observation:Object:Name" type="String">Wirbel &amp; Käse</Property>'
    "<!-- <Image geometry='1:1:1'> -->"
)


def embed(content: bytes, properties: dict[str, str | float] | None = None) -> bytes:
    target = io.BytesIO()
    tags.embed(io.BytesIO(content), target, TAGS if properties is None else properties)
    return target.getvalue()


def header_of(content: bytes) -> bytes:
    return content[16 : 16 + int.from_bytes(content[8:12], "little")]


def properties_of(content: bytes, image: int = 0) -> dict[str, tuple[str, str]]:
    """Return the type and value of each property of an image in an XISF file."""
    root = ET.fromstring(header_of(content))
    found = root.findall(f"{NAMES}Image")[image].findall(f"{NAMES}Property")
    return {p.attrib["id"]: (p.attrib["type"], p.get("value") or p.text or "") for p in found}


def read(content: bytes, folder: Path) -> np.ndarray:
    path = folder / "read.xisf"
    path.write_bytes(content)
    return read_image(path).pixels


def attached(element: str, pixels: bytes = PIXELS.tobytes()) -> bytes:
    return as_file(element, pixels)


def image(inside: str = "", at: int = ATTACHED_AT, **changed: str) -> str:
    attributes = {
        "geometry": "45:31:1",
        "sampleFormat": "UInt16",
        "location": f"attachment:{at}:{PIXELS.nbytes}",
    }
    return image_element(attributes | changed, inside=inside)


def test_tagger_writes_the_record_and_keeps_pixels(tmp_path: Path) -> None:
    path = tmp_path / "m51.xisf"
    path.write_bytes(xisf(PIXELS, compression="zlib+sh"))

    Tagger(tmp_path / "tagged", common_folder([str(path)]))(
        make_outcome(path, format="XISF", label="star_cluster", verdict="unsure")
    )

    tagged = tmp_path / "tagged" / "m51.xisf"
    found = properties_of(tagged.read_bytes())
    assert found["Deepsky:label"] == ("String", "star_cluster")
    assert found["Deepsky:verdict"] == ("String", "unsure")
    assert found["Deepsky:probability_star_cluster"] == ("Float64", "0.97")
    assert found["Deepsky:model"] == ("String", "efficientnet")
    np.testing.assert_array_equal(read_image(tagged).pixels, read_image(path).pixels)


def test_all_other_bytes_are_kept(tmp_path: Path) -> None:
    before = attached(image(OTHERS))

    after = embed(before)

    assert properties_of(after) == {
        "Deepsky:label": ("String", "galaxy"),
        "Deepsky:probability_galaxy": ("Float64", "0.97"),
        "Observation:Object:Name": ("String", "Wirbel & Käse"),
    }
    own = re.compile(rb'<Property id="Deepsky:[^>]*(?:/>|>[^<]*</Property>)')
    assert own.sub(b"", header_of(after)) == header_of(before)
    assert after[ATTACHED_AT:] == before[ATTACHED_AT:]
    np.testing.assert_array_equal(read(after, tmp_path), read(before, tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        attached(image(OTHERS)),
        attached(image().replace("></Image>", " />")),
        xisf(PIXELS, embedded="base64"),
    ],
    ids=["elements", "none", "embedded"],
)
def test_new_tags_replace_earlier_ones(content: bytes, tmp_path: Path) -> None:
    once = embed(content)
    assert embed(once) == once

    other = embed(once, {"label": "<nebula> & more", "novelty": 1e-7})
    found = properties_of(other)
    assert found["Deepsky:label"] == ("String", "<nebula> & more")
    assert float(found["Deepsky:novelty"][1]) == 1e-7
    assert "Deepsky:probability_galaxy" not in found

    assert embed(other) == once
    np.testing.assert_array_equal(read(once, tmp_path), read(content, tmp_path))


def test_own_tags_reformatted_by_another_program_are_replaced() -> None:
    spread = (
        "<Property\n id = 'Deepsky:label'\n type='String' >a<b/>c</Property >"
        '<Property id="Deepsky:novelty" type="Float64" value="1"  />'
    )
    after = embed(attached(image(OTHERS + spread)))
    assert list(properties_of(after)) == [
        "Deepsky:label",
        "Deepsky:probability_galaxy",
        "Observation:Object:Name",
    ]
    assert header_of(after).count(b"Deepsky:") == 2


def test_own_property_in_an_attachment_is_replaced() -> None:
    end = ATTACHED_AT + PIXELS.nbytes
    own = f'<Property id="Deepsky:label" type="String" location="attachment:{end}:6"/>'

    after = embed(attached(image(own), PIXELS.tobytes() + b"galaxy"))

    assert list(properties_of(after)) == ["Deepsky:label", "Deepsky:probability_galaxy"]
    assert header_of(after).count(b"attachment:") == 1
    assert b"</Property></Image>" in header_of(after).replace(b' value="0.97"/>', b"></Property>")


def test_attachments_are_moved_if_the_header_overlaps_them(tmp_path: Path) -> None:
    profile = bytes(range(200))
    end = ATTACHED_AT + PIXELS.nbytes
    icc = f'<ICCProfile location="attachment:{end}:{len(profile)}"/>'
    room = ATTACHED_AT - 16 - len(header_of(attached(image(icc))))
    before = attached(image(icc + " " * (room - 50)), PIXELS.tobytes() + profile)
    pixels = read(before, tmp_path)

    after = embed(before)

    assert len(after) == len(before) + 4096
    locations = re.findall(rb"attachment:(\d+):(\d+)", header_of(after))
    contents = [after[int(start) :][: int(length)] for start, length in locations]
    assert contents == [PIXELS.tobytes(), profile]
    np.testing.assert_array_equal(read(after, tmp_path), pixels)
    assert embed(after) == after


def test_first_readable_image_is_tagged() -> None:
    spectrum = image_element({"geometry": "45:1", "sampleFormat": "UInt16"})
    inner = (
        '<Thumbnail geometry="2:2:1"><Property id="Deepsky:no" type="Int8" value="1"/></Thumbnail>'
    )
    after = embed(attached(spectrum + image(inner) + image()))
    assert [len(properties_of(after, number)) for number in range(3)] == [0, 2, 0]
    assert b"Deepsky:no" in after


def test_namespace_prefixes_are_kept() -> None:
    element = (
        '<p:Image xmlns:p="http://www.pixinsight.com/xisf" geometry="45:31:1" location="embedded"/>'
    )
    after = header_of(embed(as_file(element)))
    assert b'location="embedded"><Property id="Deepsky:label"' in after
    assert b"</p:Image>" in after


def test_signed_file_is_refused() -> None:
    with pytest.raises(OutputError, match="signed"):
        embed(attached(image() + '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (as_file("<Image"), ExpatError),
        (as_file(""), ValueError),
        (as_file("<Image/>"), KeyError),
        (attached(image(at=100)), ValueError),
        (attached(image(at=10**17)), ValueError),
        (attached(image(location="attachment:many:2")), ValueError),
        (as_file(image(), before="<!DOCTYPE xisf>"), CorruptImageError),
        (attached(image())[:200], CorruptImageError),
    ],
)
def test_invalid_files_are_refused_and_unchanged(
    content: bytes, error: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(error):
        embed(content)

    path = tmp_path / "m51.xisf"
    path.write_bytes(content)
    with pytest.raises(OutputError, match="is malformed"):
        Tagger(None, common_folder([str(path)]))(make_outcome(path, format="XISF"))
    assert path.read_bytes() == content

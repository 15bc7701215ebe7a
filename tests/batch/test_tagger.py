"""Tests for tags in image metadata, which are read with Pillow, tifffile and astropy."""

import gzip
import os
import struct
import warnings
import zlib
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import tifffile
from astropy.io import fits
from PIL import Image, ImageSequence, PngImagePlugin

from deepsky.batch.outcome import Outcome
from deepsky.batch.output_paths import common_folder
from deepsky.batch.tagger import Tagger
from deepsky.batch.tags.xmp import NAMESPACE
from deepsky.errors import OutputError
from deepsky.imaging import read_image
from deepsky.taxonomy import LABELS
from tests.batch.outcomes import make_failure, make_outcome

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
OWN = f"{{{NAMESPACE}}}"
KEYWORDS = ["deepsky:galaxy", "deepsky:confident"]

GIF_XMP = b"!\xff\x0bXMP DataXMP"
GIF_TRAILER = b"\x01" + bytes(reversed(range(256))) + b"\0"

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Another program">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:1" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="München"
    photoshop:Instructions="one&#10;two &quot;three&quot; &lt;">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">M 51 &amp; NGC 5195</rdf:li></rdf:Alt></dc:title>
   <dc:subject><rdf:Bag><rdf:li>stars</rdf:li><rdf:li>Weltraum</rdf:li></rdf:Bag></dc:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>""".encode()


def example_image(mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(3).integers(0, 256, (31, 45, 4), dtype=np.uint8)
    return Image.fromarray(pixels, "RGBA").convert(mode)


def exif() -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F], tags[0x0112] = "A camera", 6
    return tags


def write_jpeg(image: Image.Image, path: Path, packet: bytes | None) -> None:
    image.save(path, "JPEG", exif=exif(), comment=b"kept", **({"xmp": packet} if packet else {}))


def write_png(image: Image.Image, path: Path, packet: bytes | None) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "somebody")
    if packet:
        info.add_itxt("XML:com.adobe.xmp", packet.decode(), zip=True)
    image.save(path, "PNG", pnginfo=info, exif=exif())


def write_webp(image: Image.Image, path: Path, packet: bytes | None) -> None:
    image.save(path, "WEBP", lossless=True, **({"xmp": packet, "exif": exif()} if packet else {}))


def write_tiff(image: Image.Image, path: Path, packet: bytes | None) -> None:
    image.save(path, "TIFF", tiffinfo={271: "A camera", **({700: packet} if packet else {})})


def write_gif(image: Image.Image, path: Path, packet: bytes | None) -> None:
    """Write an animated GIF. XMP is added as raw bytes, because Pillow cannot write it."""
    image.save(path, "GIF", save_all=True, append_images=[image.rotate(180)], loop=3, comment=b"!")
    if packet:
        head, mark, tail = path.read_bytes().partition(b"!\xff\x0bNETSCAPE")
        path.write_bytes(head + GIF_XMP + packet + GIF_TRAILER + mark + tail)


WRITERS = {
    "JPEG": write_jpeg,
    "PNG": write_png,
    "WEBP": write_webp,
    "TIFF": write_tiff,
    "GIF": write_gif,
}


def make(folder: Path, image_format: str, packet: bytes | None = None, mode: str = "RGB") -> Path:
    path = folder / f"image.{image_format.lower()}"
    WRITERS[image_format](example_image(mode), path, packet)
    return path


def tag(path: Path, folder: Path | None = None, **fields: Any) -> Path:
    """Tag a file in place or as a copy, and return the path of the tagged file."""
    fields = {"format": fields.get("format") or read_image(path).format, **fields}
    Tagger(folder, common_folder([str(path)]))(make_outcome(path, **fields))
    return folder / path.name if folder else path


def packet_of(path: Path) -> bytes:
    if path.suffix == ".gif":
        [_, rest] = path.read_bytes().split(GIF_XMP)
        return rest.partition(GIF_TRAILER)[0]
    with Image.open(path) as image:
        image.load()
        found = image.info.get("xmp") or image.getexif().get(700)
    assert isinstance(found, bytes)
    return found


def frames_of(path: Path) -> list[tuple[bytes, object]]:
    with Image.open(path) as image:
        return [
            (frame.convert("RGBA").tobytes(), frame.info.get("duration"))
            for frame in ImageSequence.Iterator(image)
        ]


def xmp_of(path: Path) -> ET.Element:
    return ET.fromstring(packet_of(path))


def keywords_of(path: Path) -> list[str | None]:
    [subject] = xmp_of(path).iter(f"{DC}subject")
    return [item.text for item in subject.iter(f"{RDF}li")]


def properties_of(path: Path) -> dict[str, str]:
    return {
        name.removeprefix(OWN): value
        for description in xmp_of(path).iter(f"{RDF}Description")
        for name, value in description.attrib.items()
        if name.startswith(OWN)
    }


@pytest.mark.parametrize("packet", [None, PACKET])
@pytest.mark.parametrize("image_format", WRITERS)
def test_record_is_written_and_pixels_are_unchanged(
    tmp_path: Path, image_format: str, packet: bytes | None
) -> None:
    path = make(tmp_path, image_format, packet)
    before = path.read_bytes()

    tagged = tag(path, tmp_path / "tagged", label="star_cluster", verdict="unsure")

    others = ["stars", "Weltraum"] if packet else []
    assert keywords_of(tagged) == [*others, "deepsky:star_cluster", "deepsky:unsure"]
    properties = properties_of(tagged)
    assert properties["probability_star_cluster"] == "0.97"
    assert properties["model"] == "efficientnet"
    assert properties["prediction_set"] == "star_cluster"
    np.testing.assert_array_equal(read_image(tagged).pixels, read_image(path).pixels)
    assert path.read_bytes() == before


@pytest.mark.parametrize("image_format", [each for each in WRITERS if each != "GIF"])
def test_existing_metadata_are_unchanged(tmp_path: Path, image_format: str) -> None:
    path = make(tmp_path, image_format, PACKET)
    with Image.open(path) as image:
        image.load()
        before = {k: v for k, v in image.info.items() if "xmp" not in k}
        camera = image.getexif().get(0x010F)

    tag(path)

    with Image.open(path) as image:
        image.load()
        assert {k: v for k, v in image.info.items() if "xmp" not in k} == before
        assert image.getexif().get(0x010F) == camera == "A camera"
    [existing, own] = xmp_of(path).iter(f"{RDF}Description")
    assert existing.attrib[f"{PHOTOSHOP}City"] == "München"
    assert existing.attrib[f"{PHOTOSHOP}Instructions"] == 'one\ntwo "three" <'
    assert existing.attrib[f"{RDF}about"] == own.attrib[f"{RDF}about"] == "uuid:1"
    assert [title.text for title in existing.iter(f"{RDF}li")] == ["M 51 & NGC 5195"]


@pytest.mark.parametrize("packet", [None, PACKET])
@pytest.mark.parametrize("image_format", WRITERS)
def test_tags_replace_earlier_tags(tmp_path: Path, image_format: str, packet: bytes | None) -> None:
    once = tag(make(tmp_path, image_format, packet), tmp_path / "once")
    content = once.read_bytes()

    tag(once)
    assert once.read_bytes() == content

    tag(once, label="nebula", verdict="unsure")
    assert keywords_of(once)[-2:] == ["deepsky:nebula", "deepsky:unsure"]
    assert len(keywords_of(once)) == (4 if packet else 2)
    assert properties_of(once)["label"] == "nebula"

    tag(once)
    assert once.read_bytes() == content


@pytest.mark.parametrize("image_format", WRITERS)
def test_tagging_in_place_keeps_permissions_and_times(tmp_path: Path, image_format: str) -> None:
    path = make(tmp_path, image_format)
    path.chmod(0o640)
    os.utime(path, ns=(5_000_000_000, 7_000_000_001))

    tag(path)

    assert keywords_of(path) == KEYWORDS
    status = path.stat()
    assert (status.st_mode & 0o777, status.st_mtime_ns) == (0o640, 7_000_000_001)
    assert list(tmp_path.iterdir()) == [path]


def test_tagging_in_place_keeps_the_owner_if_permitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path, "PNG")
    status = path.stat()
    given: list[tuple[int, int]] = []

    def chown(_path: Path, user: int, group: int) -> None:
        given.append((user, group))
        raise PermissionError

    monkeypatch.setattr(os, "chown", chown)
    tag(path, tmp_path / "tagged")
    assert given == []
    tag(path)

    assert given == [(status.st_uid, status.st_gid)]
    assert keywords_of(path) == KEYWORDS


def test_tagging_in_place_writes_to_the_target_of_a_link(tmp_path: Path) -> None:
    path = make(tmp_path, "PNG")
    link = tmp_path / "link.png"
    link.symlink_to(path.name)

    tag(link)

    assert link.is_symlink()
    assert keywords_of(path) == KEYWORDS


def test_copies_are_in_the_same_subfolders_as_the_images(tmp_path: Path) -> None:
    (tmp_path / "images" / "2024").mkdir(parents=True)
    path = make(tmp_path / "images" / "2024", "PNG")

    Tagger(tmp_path / "tagged", common_folder([str(tmp_path / "images")]))(
        make_outcome(path, format="PNG")
    )

    assert keywords_of(tmp_path / "tagged" / "2024" / path.name) == KEYWORDS


@pytest.mark.parametrize("image_format", [*WRITERS, "FITS"])
def test_copy_replaces_an_earlier_copy_but_no_other_file(tmp_path: Path, image_format: str) -> None:
    path, copies = tmp_path / "m51", tmp_path / "copies"
    other = tmp_path / "m31"
    if image_format == "FITS":
        fits.PrimaryHDU(np.eye(9)).writeto(path)
        fits.PrimaryHDU(np.ones((9, 9))).writeto(other)
    else:
        WRITERS[image_format](example_image(), path, PACKET)
        WRITERS[image_format](example_image().rotate(180), other, PACKET)
    tag(path, copies, label="nebula", model="a model with a long name " * 9)

    copy = tag(path, copies).read_bytes()
    assert copy == tag(path, copies).read_bytes()

    for content in (b"mine", other.read_bytes()):
        (copies / "m51").write_bytes(content)
        with pytest.raises(OutputError, match="is not a copy of the image"):
            tag(path, copies)
        assert (copies / "m51").read_bytes() == content


def test_copy_never_replaces_the_image(tmp_path: Path) -> None:
    path = make(tmp_path, "PNG")
    before = path.read_bytes()

    with pytest.raises(OutputError, match="overwrite the image"):
        tag(path, tmp_path)

    assert path.read_bytes() == before


def test_archive_member_can_only_be_tagged_as_a_copy(tmp_path: Path) -> None:
    path = make(tmp_path, "PNG")
    content = path.read_bytes()
    path.unlink()
    outcome = make_outcome(tmp_path / "a.zip" / "m51.png", content, format="PNG")

    Tagger(tmp_path / "tagged", common_folder([str(tmp_path)]))(outcome)

    assert keywords_of(tmp_path / "tagged" / "a.zip" / "m51.png") == KEYWORDS
    with pytest.raises(OutputError, match="copies"):
        Tagger(None, ())(outcome)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("lossless", [True, False])
def test_simple_webp_keeps_size_and_alpha(tmp_path: Path, mode: str, lossless: bool) -> None:
    path = tmp_path / "image.webp"
    example_image(mode).save(path, lossless=lossless)
    with Image.open(path) as image:
        before = np.asarray(image), image.mode

    tag(path)

    with Image.open(path) as image:
        assert image.mode == before[1] == mode
        np.testing.assert_array_equal(np.asarray(image), before[0])
    assert keywords_of(path) == KEYWORDS


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("bigtiff", [False, True])
def test_all_pages_of_a_tiff_are_unchanged(
    tmp_path: Path, byteorder: Literal["<", ">"], bigtiff: bool
) -> None:
    path = tmp_path / "pages.tif"
    pages = np.random.default_rng(1).integers(0, 65536, (3, 20, 30), dtype=np.uint16)
    tifffile.imwrite(
        path,
        pages,
        byteorder=byteorder,
        bigtiff=bigtiff,
        compression="zlib",
        photometric="minisblack",
    )

    tag(path, format="TIFF")
    size = path.stat().st_size
    tag(path, format="TIFF", label="other", verdict="unsure")

    np.testing.assert_array_equal(tifffile.imread(path), pages)
    with tifffile.TiffFile(path) as file:
        packet = file.pages[0].tags[700].value  # type: ignore[union-attr]
        assert file.is_bigtiff == bigtiff
    assert b"deepsky:other" in packet
    assert path.stat().st_size == size, "the packet has room enough"


@pytest.mark.parametrize("packet", [None, PACKET])
def test_frames_and_other_blocks_of_a_gif_are_unchanged(
    tmp_path: Path, packet: bytes | None
) -> None:
    without = make(tmp_path, "GIF").read_bytes() + b"what follows"
    path = make(tmp_path, "GIF", packet)
    path.write_bytes(path.read_bytes() + b"what follows")
    before = frames_of(path)

    tag(path)

    assert len(before) == 2
    assert frames_of(path) == before
    written = GIF_XMP + packet_of(path) + GIF_TRAILER
    assert path.read_bytes().replace(written, b"") == without
    with Image.open(path) as image:
        assert image.info["loop"] == 3
        assert image.info["comment"] == b"!"


def test_gif87a_becomes_gif89a(tmp_path: Path) -> None:
    path = tmp_path / "old.gif"
    example_image("P").save(path, "GIF")
    content = path.read_bytes()
    assert content.startswith(b"GIF87a")

    tag(path)

    written = GIF_XMP + packet_of(path) + GIF_TRAILER
    assert path.read_bytes().replace(written, b"") == b"GIF89a" + content[6:]
    assert keywords_of(path) == KEYWORDS


@pytest.mark.parametrize(
    ("old", "new"),
    [(GIF_TRAILER, GIF_TRAILER[1:]), (GIF_XMP, b"\0" + GIF_XMP), (GIF_XMP, GIF_XMP + b"<")],
)
def test_malformed_gif_is_left_unchanged(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = make(tmp_path, "GIF", PACKET)
    path.write_bytes(path.read_bytes().replace(old, new))
    before = path.read_bytes()

    with pytest.raises(OutputError):
        tag(path, format="GIF")

    assert path.read_bytes() == before


def test_trailing_data_and_extended_xmp_of_a_jpeg_are_unchanged(tmp_path: Path) -> None:
    path = make(tmp_path, "JPEG", PACKET)
    more = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 40 + b"more"
    segment = b"\xff\xff\xe1" + (2 + len(more)).to_bytes(2) + more
    content = path.read_bytes()
    path.write_bytes(content[:2] + segment + content[2:] + b"a film of the same moment")

    tag(path)

    assert path.read_bytes().endswith(b"a film of the same moment")
    assert segment.lstrip(b"\xff") in path.read_bytes()
    assert keywords_of(path) == ["stars", "Weltraum", *KEYWORDS]


def test_keywords_in_all_xmp_notations_are_kept(tmp_path: Path) -> None:
    for keywords in (
        b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:subject="stars"/>',
        b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b"<dc:subject>stars</dc:subject></rdf:Description>",
    ):
        packet = (
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            + keywords
            + b"</rdf:RDF>"
        )
        path = make(tmp_path, "PNG", packet)

        tag(path)

        assert keywords_of(path) == ["stars", *KEYWORDS]


ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b"&b;</x:xmpmeta>"
)


@pytest.mark.parametrize("image_format", WRITERS)
@pytest.mark.parametrize("packet", [b"<x:xmp", b"<a/>", ENTITIES])
def test_file_with_damaged_metadata_is_left_unchanged(
    tmp_path: Path, image_format: str, packet: bytes
) -> None:
    path = make(tmp_path, image_format, packet)
    before = path.read_bytes()

    with pytest.raises(OutputError, match="XMP"):
        tag(path)

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("size", [2**40, 2**62, 2**64 - 1])
def test_file_with_huge_metadata_length_is_left_unchanged(tmp_path: Path, size: int) -> None:
    path, pixels = tmp_path / "big.tif", np.zeros((9, 8), np.uint16)
    tags = [(700, "B", len(PACKET), PACKET, True)]
    tifffile.imwrite(path, pixels, bigtiff=True, byteorder="<", extratags=tags)
    entry = struct.pack("<HHQ", 700, 1, len(PACKET))
    damaged = path.read_bytes().replace(entry, struct.pack("<HHQ", 700, 1, size))
    path.write_bytes(damaged)

    with pytest.raises(OutputError, match="is malformed"):
        tag(path, format="TIFF")

    assert path.read_bytes() == damaged


def test_file_with_deeply_nested_xmp_is_left_unchanged(tmp_path: Path) -> None:
    deep = b"<a>" * 5_000 + b"</a>" * 5_000
    path = make(tmp_path, "JPEG", PACKET.replace(b"<rdf:Bag>", b"<rdf:Bag>" + deep))

    with pytest.raises(OutputError, match="is malformed"):
        tag(path)


def test_jpeg_without_room_for_tags_is_left_unchanged(tmp_path: Path) -> None:
    path = make(tmp_path, "JPEG", PACKET.replace(b"stars", b"s" * 64_300))
    before = path.read_bytes()

    with pytest.raises(OutputError, match="leave no room for tags"):
        tag(path)

    assert path.read_bytes() == before


def test_decompression_bomb_in_metadata_is_not_unpacked(tmp_path: Path) -> None:
    path = make(tmp_path, "PNG")
    text = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(50_000_000))
    chunk = len(text).to_bytes(4) + b"iTXt" + text + zlib.crc32(b"iTXt" + text).to_bytes(4)
    content = path.read_bytes()
    path.write_bytes(content[:33] + chunk + content[33:])

    with pytest.raises(OutputError, match="is malformed"):
        tag(path, format="PNG")


@pytest.mark.parametrize("image_format", ["BMP"])
def test_formats_that_cannot_be_tagged_are_refused(tmp_path: Path, image_format: str) -> None:
    path = tmp_path / "image"
    example_image().save(path, image_format)
    before = path.read_bytes()

    with pytest.raises(OutputError, match=image_format):
        tag(path)

    assert path.read_bytes() == before


@pytest.mark.parametrize("image_format", WRITERS)
def test_truncated_files_are_left_unchanged(tmp_path: Path, image_format: str) -> None:
    whole = make(tmp_path, image_format, PACKET).read_bytes()
    path = tmp_path / "cut"
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        try:
            tag(path, format=image_format)
        except OutputError:
            assert path.read_bytes() == whole[:size]


def test_full_disk_leaves_the_image_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path, "PNG")
    before = path.read_bytes()

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="space"):
        tag(path)

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_unreadable_image_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    path.touch()
    outcome = make_outcome(path)

    Tagger(tmp_path / "tagged", ())(Outcome(outcome.source, make_failure(str(path)), content=path))

    assert not (tmp_path / "tagged").exists()


def write_fits(path: Path, *, checksum: bool = False, keyword: str = "a value") -> None:
    data = np.random.default_rng(2).integers(0, 60000, (16, 24), dtype=np.uint16)
    primary = fits.PrimaryHDU(data)
    primary.header["OBJECT"] = (keyword, "what was looked at")
    primary.header["HIERARCH ESO TEL ALT"] = 71.5
    primary.header.add_history("calibrated")
    units = fits.HDUList([primary, fits.ImageHDU(data[:4], name="EXTRA")])
    units.writeto(path, checksum=checksum, overwrite=True)


def test_fits_cards_are_added_and_the_rest_is_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "m51.fits"
    write_fits(path)
    before = path.read_bytes()
    pixels = read_image(path).pixels

    tag(path)

    with fits.open(path) as units:
        units.verify("exception")
        header = units[0].header
        cards = [str(card) for card in header.cards if "DEEPSKY" not in card.keyword]
        assert header["DEEPSKY LABEL"] == "galaxy"
        assert header["DEEPSKY PROBABILITY STAR_CLUSTER"] == 0.01
        assert header.comments["DEEPSKY PROBABILITY GALAXY"] == "calibrated"
        start = units[0].fileinfo()["datLoc"]
    old_cards = [before[n : n + 80].decode() for n in range(0, before.index(b"END   "), 80)]
    assert cards == old_cards
    assert path.read_bytes()[start:] == before[2880:]
    np.testing.assert_array_equal(read_image(path).pixels, pixels)


def test_fits_cards_accept_any_model_name(tmp_path: Path) -> None:
    path = tmp_path / "m51.fits"
    write_fits(path)
    image = make(tmp_path, "PNG")

    for each in (path, image):
        tag(each, model="\x07Ünser 'Modell' " + "x" * 60, prediction_set=list(LABELS))

    header = fits.getheader(path)
    assert header["DEEPSKY PREDICTION SET"] == "galaxy nebula star_cluster other"
    assert header["DEEPSKY MODEL"].startswith(r"\x07?nser 'Modell' xxx")
    assert header.comments["DEEPSKY VERSION"] == "of deepsky"
    assert properties_of(image)["model"].startswith(r"\x07Ünser 'Modell' xxx")


def test_fits_cards_replace_earlier_cards(tmp_path: Path) -> None:
    path = tmp_path / "m51.fits"
    write_fits(path)
    tag(path)
    once = path.read_bytes()

    tag(path, label="nebula")
    assert fits.getheader(path)["DEEPSKY LABEL"] == "nebula"
    assert len(fits.getheader(path)["DEEPSKY*"]) == len(fits.Header.fromstring(once)["DEEPSKY*"])

    tag(path)
    assert path.read_bytes() == once


def test_fits_checksums_are_updated(tmp_path: Path) -> None:
    path = tmp_path / "m51.fits"
    for number in range(30):
        write_fits(path, checksum=True, keyword="x" * number)

        tag(path, novelty=number / 7)

        with fits.open(path, checksum=True) as units:  # astropy warns about wrong checksums
            assert "CHECKSUM" in units[0].header


def test_wrong_fits_checksum_stays_wrong(tmp_path: Path) -> None:
    path = tmp_path / "m51.fits"
    write_fits(path, checksum=True)
    content = bytearray(path.read_bytes())
    content[2880] ^= 1
    path.write_bytes(content)

    tag(path)

    with warnings.catch_warnings(record=True, action="always") as caught:
        fits.open(path, checksum=True).close()
    assert [str(one.message).split()[0] for one in caught] == ["Checksum", "Datasum"]


def test_gzipped_fits_stays_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "m51.fits"
    write_fits(path, checksum=True)
    packed = tmp_path / "m51.fits.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    pixels = read_image(packed).pixels

    tag(path)
    tag(packed)
    once = packed.read_bytes()
    tag(packed)

    assert gzip.decompress(once) == path.read_bytes()
    assert packed.read_bytes() == once
    np.testing.assert_array_equal(read_image(packed).pixels, pixels)


def test_fits_without_end_card_is_left_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "m51.fits"
    write_fits(path)
    cut = path.read_bytes()[:1000]
    path.write_bytes(cut)

    with pytest.raises(OutputError, match="is malformed"):
        tag(path, format="FITS")

    assert path.read_bytes() == cut

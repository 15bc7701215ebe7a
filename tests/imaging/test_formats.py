"""Formats are recognised by content, and other files are named with advice."""

import gzip
import json
import runpy
import struct
from pathlib import Path

import pytest

from deepsky.errors import UnsupportedFormatError
from deepsky.imaging.formats import FORMATS, HEAD_BYTES, SIGNATURES, SUFFIXES, detect_format

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"II*\0\x10\0\0\0CR\x02\0", "CR2"),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "CR3"),
        (b"II\x1a\0\0\0HEAPCCDR", "CRW"),
        (b"FUJIFILMCCD-RAW 0201", "RAF"),
        (b"IIRO\x08\0\0\0", "ORF"),
        (b"IIRS\x08\0\0\0", "ORF"),
        (b"MMOR\0\0\0\x08", "ORF"),
        (b"IIU\0\x18\0\0\0", "RW2"),
        (b"\0MRM\0\0\0\0", "MRW"),
        (b"FOVb\0\0\2\0", "X3F"),
        (b"II*\0\x08\0\0\0IIII", "IIQ"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heix", "HEIC"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "AVIF"),
        (b"\0\0\0\x18ftypavis\0\0\0\0avifavis", "AVIF"),
        (b"\xff\x0a\xfa\x1f", "JXL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JXL"),
        (b"LUCAM-RECORDER" + bytes(164), "SER"),
        (b"8BPS\0\1", "PSD"),
    ],
)
def test_formats_are_detected_by_content(head: bytes, name: str) -> None:
    assert detect_format(head) == name


@pytest.mark.parametrize(
    ("head", "described", "advice"),
    [
        (b"PK\x03\x04" + bytes(40), "a ZIP archive", "extract"),
        (b"Rar!\x1a\x07\1\0", "a RAR archive", "extract"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "a 7z archive", "extract"),
        (bytes(257) + b"ustar\0", "a tar archive", "extract"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document", "export"),
        (b"gimp xcf v011\0", "a GIMP image", "export"),
        (b"\0\xffKA\x0b\0", "an Affinity document", "export"),
        (b"#ASDF 1.0.0\n#ASDF_STANDARD", "an ASDF file", "save"),
        (b"\x89HDF\r\n\x1a\n\0", "an HDF5 file", "save"),
        (b"\x76\x2f\x31\x01\x02\0\0\0", "an OpenEXR image", "save"),
        (bytes(128) + b"DICM", "a DICOM image", "save"),
        (b"P6\n640 480\n255\n", "a portable anymap", "save"),
        (b"\0\0\0\x18ftypisom\0\0\2\0isomiso2", "an MP4 video", "frame"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a QuickTime (MOV) video", "frame"),
        (b"RIFF\0\0\0\0AVI LIST", "an AVI video", "frame"),
        (b"\0\0\2\0" + bytes(8) + b"\x10\0\x10\0\x18\0", "a Targa image", "save"),
        (b"ST-7 Compressed Image\n", "an SBIG image", "save"),
        (b"\0\x05\x16\x07\0\2\0\0Mac OS X", "metadata that macOS stores", "file itself"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0", "a Matroska or WebM video", "frame"),
        (b"<!DOCTYPE html><html><title>404", "a web page", "download"),
        (b"\n\n  <html><head>", "a web page", "download"),
        (b"\xef\xbb\xbf<!doctype HTML>", "a web page", "download"),
        (b"\xff\xfe" + "<html><body>Not found".encode("utf-16-le"), "a web page", "download"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">', "an SVG", "export"),
        (b'<svg width="3"/>', "an SVG", "export"),
        (b'<x:xmpmeta xmlns:x="adobe:ns:meta/">', "an XMP sidecar", "image that it describes"),
        (
            b'<?xpacket begin="\xef\xbb\xbf"?><x:xmpmeta>',
            "an XMP sidecar",
            "image that it describes",
        ),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied', "an XML document", "download"),
        (b'{"error": "not found"}', "a JSON document", "download"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:", "a Git LFS", "git lfs pull"),
        (b"Notes on Messier 51\n", "a text file", "download"),
        ("Beobachtungsnotizen für M 51\r\n".encode("latin-1"), "a text file", "download"),
        ("M 31 の観測メモ。".encode(), "a text file", "download"),
        (b"BMW of the moon, and other tales", "a text file", "download"),
        (b"\xff", "in an unknown format", "save"),
        (b"\0" * 100, "in an unknown format", "save"),
        (bytes(range(256)), "in an unknown format", "save"),
    ],
)
def test_other_files_are_named_with_advice(head: bytes, described: str, advice: str) -> None:
    with pytest.raises(UnsupportedFormatError) as caught:
        detect_format(head)

    message = str(caught.value)
    assert message.startswith(f"The file is {described}")
    assert advice in message.split(", which deepsky cannot read; ")[1]
    assert message.endswith(".")


def test_web_page_uses_the_same_suffixes_and_signatures() -> None:
    content = json.loads((ROOT / "web" / "src" / "api" / "formats.json").read_text("utf-8"))
    signatures = [(item["offset"], bytes.fromhex(item["hex"])) for item in content["signatures"]]

    message = "run `npm run generate-api` in web/"
    assert content["suffixes"] == list(SUFFIXES), message
    assert signatures == list(SIGNATURES), message


def test_images_in_all_formats_contain_a_signature() -> None:
    save_images = runpy.run_path(str(ROOT / "benchmarks" / "mutations.py"))["save_images"]
    files = save_images([next((ROOT / "samples").glob("*.jpg"))])

    for file in files:
        head = file.content[:HEAD_BYTES]
        found = any(head[offset:].startswith(content) for offset, content in SIGNATURES)
        assert found, file.suffix


def test_names_and_suffixes_are_unique() -> None:
    assert len({item.name for item in FORMATS}) == len(FORMATS)
    assert len(set(SUFFIXES)) == len(SUFFIXES)


def test_brands_beyond_the_first_box_are_ignored() -> None:
    head = struct.pack(">L4s4s4s", 16, b"ftyp", b"isom", bytes(4)) + b"heicheic" * 20

    with pytest.raises(UnsupportedFormatError, match="MP4"):
        detect_format(head)


def test_random_bytes_are_never_called_text() -> None:
    packed = gzip.compress(bytes(range(256)) * 40)[2:]

    with pytest.raises(UnsupportedFormatError, match="unknown format"):
        detect_format(packed[:HEAD_BYTES])

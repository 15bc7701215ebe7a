"""Run ``deepsky classify`` on a folder of 200 broken files.

The benchmark passes if the command writes one error record per file, prints no traceback and uses
less than 1 GiB of memory. Run ``python benchmarks/broken_files.py`` to write the files, classify
them and print a report.
"""

import bz2
import gzip
import io
import json
import lzma
import random
import resource
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from astropy.io import fits
from PIL import Image

__all__ = ["too_large_files", "write_broken_files"]

Named = tuple[str, bytes]


def write_broken_files(folder: Path, count: int = 200, seed: int = 2) -> list[Path]:
    """Write files that cannot be read as images. The same seed produces the same files.

    Parameters
    ----------
    folder : Path
        Folder for the files. It is created if necessary.
    count : int
        Number of files. Each of the first 100 or so files is broken in a different way; all
        others are truncated images.
    seed : int
        Seed for the random contents.

    Returns
    -------
    list of Path
        Paths of the files, in the order in which they were written.
    """
    chance = random.Random(seed)
    paths = []
    for number, (name, content) in zip(range(count), _broken(chance), strict=False):
        path = folder / f"{number:03d} {name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return paths


def _broken(chance: random.Random) -> Iterator[Named]:
    valid = dict(_valid_images(chance))
    yield from _other_content(chance)
    yield from too_large_files()
    yield from _damaged_fits()
    yield from _odd_names(valid["png"])
    while True:
        for suffix, content in valid.items():
            yield f"cut off.{suffix}", content[: chance.randrange(20, len(content) * 3 // 4)]


def _valid_images(chance: random.Random) -> Iterator[Named]:
    """Yield small intact images in every format."""
    noise = np.frombuffer(chance.randbytes(60 * 80 * 3), np.uint8).reshape(60, 80, 3)
    image = Image.fromarray(noise)
    for suffix, image_format in [
        ("jpg", "JPEG"),
        ("png", "PNG"),
        ("gif", "GIF"),
        ("bmp", "BMP"),
        ("webp", "WEBP"),
    ]:
        yield suffix, _encode(image, image_format)
    yield "tif", _encode(image, "TIFF")
    yield "xisf", _xisf("80:60:1", noise[..., 0].tobytes())
    packed = zlib.compress(noise[..., 0].tobytes())
    yield "zlib.xisf", _xisf("80:60:1", packed, compression=f"zlib:{80 * 60}")
    yield "deflate.tif", _encode(image, "TIFF", "tiff_adobe_deflate")
    counts = noise[..., 0].astype(np.int16)
    yield "fits", _fits(fits.PrimaryHDU(counts))
    yield "fits.gz", gzip.compress(_fits(fits.PrimaryHDU(counts)), mtime=0)
    yield "fits.bz2", bz2.compress(_fits(fits.PrimaryHDU(counts)))
    yield "fits.xz", lzma.compress(_fits(fits.PrimaryHDU(counts)))
    for compression in ("RICE_1", "GZIP_1", "HCOMPRESS_1"):
        packed = fits.CompImageHDU(counts, compression_type=compression)
        yield f"{compression}.fits.fz", _fits(fits.PrimaryHDU(), packed)


def _other_content(chance: random.Random) -> Iterator[Named]:
    """Yield empty files and files that are not images."""
    for suffix in ("jpg", "png", "gif", "bmp", "webp", "tif", "fits", "fits.gz", "fits.fz", ""):
        yield f"empty.{suffix}", b""
        yield f"text.{suffix}", b"Observing notes: seeing poor, dew on the corrector.\n"
        yield f"random.{suffix}", b"\0" + chance.randbytes(5_000)
        yield f"page not found.{suffix}", b"<!DOCTYPE html><title>404</title>"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(zipfile.ZipInfo("M31.jpg"), b"not even an image")
    yield "archive.jpg", archive.getvalue()
    yield "document.png", b"%PDF-1.7\n"
    yield "project.xisf", b"XISF0100" + bytes(100)
    yield "phone.heic", b"\0\0\0\x18ftypheic" + bytes(100)
    yield "drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    yield "zeros.jpg", bytes(10_000)
    yield "one byte.png", b"\x89"
    for suffix, signature in [
        ("jpg", b"\xff\xd8\xff"),
        ("png", b"\x89PNG\r\n\x1a\n"),
        ("gif", b"GIF89a"),
        ("bmp", b"BM" + bytes(12) + b"\x28"),
        ("webp", b"RIFF\0\0\0\0WEBP"),
        ("tif", b"II*\0"),
        ("tif", b"MM\0+"),
        ("fits", b"SIMPLE  ="),
        ("xisf", b"XISF0100"),
        ("gz", b"\x1f\x8b"),
    ]:
        yield f"signature only.{suffix}", signature
        yield f"signature and noise.{suffix}", signature + chance.randbytes(3_000)


def too_large_files() -> Iterator[Named]:
    """Yield small files whose decoded content would not fit in memory.

    Yields
    ------
    name : str
        Name of the file.
    content : bytes
        Content of the file.
    """
    yield "32000 by 32000.png", _one_bit_png(32_000)
    yield (
        "65500 by 65500.jpg",
        (
            b"\xff\xd8\xff\xc0\0\x11\x08"
            + struct.pack(">HH", 65_500, 65_500)
            + b"\x03\x01\x11\0\x02\x11\1\x03\x11\1\xff\xda\0\x0c\x03\1\0\2\x11\3\x11\0\x3f\0"
        ),
    )
    yield (
        "65535 by 65535.gif",
        b"GIF89a"
        + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0)
        + (b"," + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\2\0;"),
    )
    yield (
        "100000 by 100000.bmp",
        b"BM"
        + struct.pack("<LLLLllHHLLllLL", 54, 0, 54, 40, 100_000, 100_000, 1, 24, 0, 0, 0, 0, 0, 0),
    )
    yield "1000000 by 1000000.tif", _tiff(1_000_000, 1_000_000, pages=1)
    yield "2000 pages.tif", _tiff(8, 8, pages=2_000)
    yield "pages in a circle.tif", _tiff(8, 8, pages=3, circle=True)
    yield "million images in a page.tif", _tiff(8, 8, pages=1, depth=1_000_000)
    yield "100 MB of Exif.png", _png_with_exif(100_000_000)
    yield "2000 frames.gif", _many_frames(2_000)
    yield "no end.fits.bz2", bz2.compress(b"SIMPLE  =" + b" " * 100_000_000)
    yield "no end.fits.xz", lzma.compress(b"SIMPLE  =" + b" " * 100_000_000)
    yield "zeros.fits.gz", gzip.compress(bytes(100_000_000), mtime=0)
    yield "no end.fits.gz", gzip.compress(b"SIMPLE  =" + b" " * 100_000_000, mtime=0)
    yield "terabytes.fits", _header(BITPIX=-64, NAXIS=2, NAXIS1=1_000_000, NAXIS2=1_000_000)
    yield (
        "terabytes.fits.gz",
        gzip.compress(_header(BITPIX=-64, NAXIS=2, NAXIS1=1_000_000, NAXIS2=1_000_000), mtime=0),
    )
    cube = _header(BITPIX=-64, NAXIS=3, NAXIS1=2_000, NAXIS2=2_000, NAXIS3=1_000)
    yield "gigabytes of planes.fits.gz", gzip.compress(cube + bytes(100_000_000), mtime=0)
    yield "terabytes.xisf", _xisf("1000000:1000000:1", bytes(48))
    bomb = zlib.compress(bytes(100_000_000))
    yield "zeros.xisf", _xisf("8:6:1", bomb, compression="zlib:48")
    yield "million channels.xisf", _xisf("9:9:1000000", bytes(81))
    yield "million images.xisf", _xisf_header(b"<xisf>" + b"<Image/>" * 1_000_000)
    yield "million elements.xisf", _xisf_header(b"<a>" * 1_000_000)
    yield "million laughs.xisf", _xisf_header(_laughs())
    yield "million planes.fits", _header(BITPIX=8, NAXIS=3, NAXIS1=9, NAXIS2=9, NAXIS3=10**6)


def _damaged_fits() -> Iterator[Named]:
    """Yield FITS files that violate the FITS standard or contain no image."""
    yield "header only.fits", _fits(fits.PrimaryHDU())
    table = fits.BinTableHDU(np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]))
    yield "table.fits", _fits(fits.PrimaryHDU(), table)
    yield "spectrum.fits", _fits(fits.PrimaryHDU(np.arange(50.0)))
    yield "all blank.fits", _fits(fits.PrimaryHDU(np.full((30, 40), np.nan)))
    yield "too short.fits", _header(BITPIX=16, NAXIS=2, NAXIS1=3_000, NAXIS2=2_000) + bytes(2_880)
    yield "negative.fits", _header(BITPIX=16, NAXIS=2, NAXIS1=-40, NAXIS2=30)
    yield "no length.fits", _header(BITPIX=16, NAXIS=2, NAXIS1=40)
    yield "text as length.fits", _header(BITPIX=16, NAXIS=2, NAXIS1="wide", NAXIS2=30)
    yield "17 bits.fits", _header(BITPIX=17, NAXIS=2, NAXIS1=40, NAXIS2=30) + bytes(5_760)
    yield "no end.fits", b"SIMPLE  =                    T".ljust(80) + b" " * 100_000


def _odd_names(png: bytes) -> Iterator[Named]:
    """Yield copies of a truncated image with file names that programs often mishandle."""
    for name in (
        "NGC 7000 Nordamerika-Nebel ü.png",
        "仙女座星系.png",
        "M42 🌌.png",
        "%2e%2e.png",
        "quote'\"quote.png",
        "line\nbreak.png",
        "$(HOME).png",
        "[red]M 1[/red].png",
        "{}.png",
        "a" * 200 + ".png",
        "no suffix",
        "CAPITALS.PNG",
        "two.fits.png",
        "folder.jpg/inside.png",
    ):
        yield name, png[:200]


def _encode(image: Image.Image, image_format: str, compression: str | None = None) -> bytes:
    stream = io.BytesIO()
    image.save(stream, image_format, **({"compression": compression} if compression else {}))
    return stream.getvalue()


def _fits(*units: fits.PrimaryHDU) -> bytes:
    stream = io.BytesIO()
    fits.HDUList(list(units)).writeto(stream)
    return stream.getvalue()


def _header(**cards: object) -> bytes:
    text: str = fits.Header([("SIMPLE", True), *cards.items()]).tostring()
    return text.encode()


def _xisf(geometry: str, pixels: bytes, **attributes: str) -> bytes:
    """Return an XISF file with an 8-bit image; the declared geometry may contradict the pixels."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    element = (
        f'<xisf><Image geometry="{geometry}" sampleFormat="UInt8" '
        f'location="attachment:4096:{len(pixels)}"{written}/></xisf>'
    )
    return _xisf_header(element.encode()).ljust(4096, b"\0") + pixels


def _xisf_header(header: bytes) -> bytes:
    return b"XISF0100" + struct.pack("<LL", len(header), 0) + header


def _laughs() -> bytes:
    """Return a "billion laughs" attack: XML with entities that expand to a billion words."""
    entities = b"".join(
        b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 10 if i else b"laugh") for i in range(10)
    )
    return b"<!DOCTYPE xisf [" + entities + b"]><xisf>&e9;</xisf>"


def _one_bit_png(side: int) -> bytes:
    rows = bytes(1 + (side + 7) // 8) * side
    return _png(side, (b"IDAT", zlib.compress(rows)))


def _png_with_exif(length: int) -> bytes:
    text = b"Raw profile type exif\0\0" + zlib.compress(bytes(length))
    return _png(8, (b"zTXt", text), (b"IDAT", zlib.compress(bytes(16))))


def _png(side: int, *content: tuple[bytes, bytes]) -> bytes:
    """Return a PNG file that has one bit per pixel and contains the given chunks."""
    chunks = [
        (b"IHDR", struct.pack(">LLBBBBB", side, side, 1, 0, 0, 0, 0)),
        *content,
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _tiff(width: int, height: int, pages: int, *, circle: bool = False, depth: int = 1) -> bytes:
    """Return an 8-bit greyscale TIFF file. All pages refer to the same 64 bytes of pixels."""
    tags = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (278, height)]
    tags += [(279, 64), (32997, depth)]
    start, size = 8 + 64, 2 + 12 * len(tags) + 4
    parts = [struct.pack("<2sHL", b"II", 42, start), bytes(64)]
    for page in range(1, pages + 1):
        following = start + page * size if page < pages else start * circle
        entries = b"".join(struct.pack("<HHLL", tag, 4, 1, value) for tag, value in tags)
        parts.append(struct.pack("<H", len(tags)) + entries + struct.pack("<L", following))
    return b"".join(parts)


def _many_frames(count: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (2, 2)).save(stream, "GIF")
    content = stream.getvalue()
    frame = content[content.index(b",") : -1]
    return content[:-1] + frame * (count - 1) + b";"


def main() -> int:
    """Classify the broken files, print a report, and return 0 if the benchmark passed, else 1."""
    with tempfile.TemporaryDirectory() as name:
        paths = write_broken_files(Path(name))
        program = str(Path(sys.executable).with_name("deepsky"))
        command = [program, "classify", name, "--format", "json"]
        done = subprocess.run(command, capture_output=True, text=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    records = json.loads(done.stdout or "[]")
    codes = Counter(record["error"]["code"] if record["error"] else "read" for record in records)
    print(f"exit status {done.returncode} (1 expected)")
    print(f"{len(records)} records for {len(paths)} files: {dict(codes.most_common())}")
    print(f"traceback on stderr: {'Traceback' in done.stderr}")
    print(f"peak memory {peak:.0f} MiB (below 1024 expected)")
    passed = done.returncode == 1 and len(records) == len(paths) and "read" not in codes
    return 0 if passed and "Traceback" not in done.stderr and peak < 1024 else 1


if __name__ == "__main__":
    sys.exit(main())

"""Read images with damaged and hostile metadata: WCS, names and hints in all formats.

Run ``python -m benchmarks.hostile_headers --count 10000``. Cards, properties and bytes of valid
files are replaced at random, by extreme values among others. Every image must be read, or rejected
with an `ImageError`, without warnings and in bounded time, and its WCS must give a plausible
`SkyPosition` or none. The script prints the longest time and ends with an error at the first file
that is handled incorrectly; a crash of a library ends it, too.
"""

import argparse
import base64
import faulthandler
import io
import random
import re
import struct
import time
import warnings
from collections.abc import Callable
from typing import Final

import numpy as np
import tifffile
from PIL import Image

from deepsky.errors import ImageError
from deepsky.imaging import read_image
from deepsky.imaging.limits import Limits
from deepsky.sky.position import SkyPosition

LIMITS: Final = Limits(max_bytes=4_000_000, max_pixels=250_000, max_frames=50)
WIDTH, HEIGHT = 24, 16
PIXELS: Final = np.arange(WIDTH * HEIGHT, dtype=np.uint8).reshape(HEIGHT, WIDTH)

NUMBERS: Final = (
    *("0", "-0.0", "1", "-1", "2", "9", "90", "-90", "180", "360", "1e-300", "1E308", "-1e308"),
    *("nan", "inf", "-inf", "9" * 60, "1e999", "0.1D3", "''", "'1'", "T", "", "/", "1e-16", "1e9"),
)
CODES: Final = (
    *("TAN", "TPV", "SIN", "ZPN", "CAR", "AIT", "COP", "COE", "BON", "TSC", "SZP", "AZP", "QSC"),
    *("HPX", "TNX", "TAB", "LOG", "NCP"),
)
TYPES: Final = tuple(
    f"'{axis}{code}{suffix}'"
    for axis in ("RA---", "DEC--", "GLON-", "GLAT-", "ELON-", "xLON-", "FREQ-")
    for code in [
        "TAN",
        "TPV",
        "SIN",
        "ZPN",
        "CAR",
        "AIT",
        "COP",
        "COE",
        "BON",
        "TSC",
        "SZP",
        "AZP",
        "QSC",
        "HPX",
        "TNX",
        "TAB",
        "LOG",
        "NCP",
    ]
    for suffix in ("", "-SIP", "-TAB")
)
WCS_KEYWORDS: Final = (
    *("CTYPE1", "CTYPE2", "CTYPE3", "CRVAL1", "CRVAL2", "CRPIX1", "CRPIX2", "CDELT1", "CDELT2"),
    *("CROTA1", "CROTA2", "CD1_1", "CD1_2", "CD2_1", "CD2_2", "CD3_3", "PC1_1", "PC1_2", "PC2_1"),
    *("PC001001", "PV1_0", "PV1_1", "PV1_2", "PV1_3", "PV1_5", "PV2_0", "PV2_1", "PV2_2", "PV2_3"),
    *("PV2_20", "PV2_39", "PV2_99", "LONPOLE", "LATPOLE", "EQUINOX", "EPOCH", "WCSAXES", "A_ORDER"),
    *("B_ORDER", "AP_ORDER", "BP_ORDER", "A_0_2", "A_2_0", "B_1_1", "AP_1_0", "BP_9_9", "CNAME1"),
    *("CPDIS1", "DP1", "D2IMDIS1", "PS1_0", "PS2_1", "CUNIT1", "CUNIT2", "RADESYS", "RADECSYS"),
    *("RA", "DEC", "OBJCTRA", "OBJCTDEC", "FOCALLEN", "XPIXSZ", "OBJECT", "DATE-OBS", "MJD-OBS"),
)
TEXTS: Final = ("'FK4'", "'FK5'", "'GALACTIC'", "'deg'", "'arcsec'", "'m'", "'LOOKUP'", "'x.fits'")


def base_cards() -> dict[str, str]:
    """Return the cards of a valid WCS with distortion."""
    return {
        "CTYPE1": "'RA---TAN-SIP'",
        "CTYPE2": "'DEC--TAN-SIP'",
        "CRVAL1": "83.8",
        "CRVAL2": "-5.4",
        "CRPIX1": "12",
        "CRPIX2": "8",
        "CD1_1": "-1e-3",
        "CD2_2": "1e-3",
        "A_ORDER": "2",
        "B_ORDER": "2",
        "A_2_0": "1e-5",
        "B_0_2": "1e-5",
        "OBJECT": "'M 42'",
    }


def random_cards(chance: random.Random) -> dict[str, str]:
    """Return cards of which some are missing, added or have other values."""
    cards = base_cards()
    if chance.random() < 0.5:
        code = chance.choice(TYPES)[6:]
        cards |= {"CTYPE1": f"'RA---{code}", "CTYPE2": f"'DEC--{code}"}
    for _ in range(chance.randint(1, 8)):
        keyword = chance.choice(WCS_KEYWORDS)
        match chance.randrange(8):
            case 0:
                cards.pop(keyword, None)
            case 1 if keyword.startswith("CTYPE"):
                cards[keyword] = chance.choice(TYPES)
            case 1:
                cards[keyword] = chance.choice(TEXTS)
            case 2:
                cards[keyword] = repr(10 ** chance.uniform(-20, 20) * chance.choice((1, -1)))
            case 3:
                cards[keyword] = repr("".join(map(chr, chance.choices(range(256), k=12))))
            case _:
                cards[keyword] = chance.choice(NUMBERS)
    return cards


def fits_file(cards: dict[str, str], chance: random.Random) -> bytes:
    """Return a FITS file with the cards."""
    axes = {"NAXIS": "2", "NAXIS1": str(WIDTH), "NAXIS2": str(HEIGHT)}
    lines = {"SIMPLE": "T", "BITPIX": "8"} | axes | cards
    text = "".join(f"{key:8}= {value}"[:80].ljust(80) for key, value in lines.items())
    header = damage(text.encode("latin-1", "replace"), chance, start=80 * 5) + b"END".ljust(80)
    return header + b" " * (-len(header) % 2880) + PIXELS.tobytes().ljust(2880, b"\0")


def xisf_file(cards: dict[str, str], chance: random.Random) -> bytes:
    """Return an XISF file with keywords and an astrometric solution."""
    keywords = "".join(
        f'<FITSKeyword name="{key}" value="{escape(value)}" comment=""/>'
        for key, value in cards.items()
    )
    vectors = ""
    names = ("ReferenceCelestialCoordinates", "ReferenceImageCoordinates", "LinearTransformation")
    for name, count in zip((*names[:2], names[2] + "Matrix"), (2, 2, 4), strict=True):
        values = [
            chance.choice((0.0, 1e-3, -1e-3, 12.5, 1e300, float("nan"))) for _ in range(count)
        ]
        data = base64.b64encode(struct.pack(f"<{count}d", *values)).decode()
        place = chance.choice(("inline:base64", "inline:hex", f"attachment:9:{8 * count}", "x"))
        vectors += (
            f'<Property id="PCL:AstrometricSolution:{name}" location="{place}">{data}</Property>'
        )
    inside = damage((keywords + chance.choice((vectors, ""))).encode(), chance)
    start = 4096 if len(inside) < 3500 else 65536
    header = (
        b'<xisf version="1.0"><Image '
        b'geometry="%d:%d:1" sampleFormat="UInt8" colorSpace="Gray" location="attachment:%d:%d">'
        % (WIDTH, HEIGHT, start, PIXELS.size)
    )
    header += inside + b"</Image></xisf>"
    file = b"XISF0100" + struct.pack("<LL", len(header), 0) + header
    return file.ljust(start, b"\0") + PIXELS.tobytes()


def avm_document(chance: random.Random) -> bytes:
    """Return an XMP document with AVM."""
    names = ("ReferenceValue", "ReferencePixel", "ReferenceDimension", "Scale", "CDMatrix")
    counts = (2, 2, 2, 2, 4)
    valid = ("83.8 -5.4", "12 8", f"{WIDTH} {HEIGHT}", "-1e-3 1e-3", "-1e-3 0 0 1e-3")
    properties = ""
    for name, count, value in zip(names, counts, valid, strict=True):
        values = value.split()
        if chance.random() < 0.3:
            values = [escape(chance.choice(NUMBERS)) for _ in range(count)]
        items = "".join(f"<rdf:li>{item}</rdf:li>" for item in values)
        if chance.random() < 0.9:
            properties += f"<avm:Spatial.{name}><rdf:Seq>{items}</rdf:Seq></avm:Spatial.{name}>"
    for name, choices in {
        "Rotation": NUMBERS,
        "CoordinateFrame": ("ICRS", "FK4", "GAL", "ECL", "?"),
        "CoordsystemProjection": ("TAN", "CAR", "ZPN", "COP", "TAB", ""),
        "Equinox": ("J2000", "B1950", "1e9", "nan"),
    }.items():
        if chance.random() < 0.5:
            value = escape(chance.choice(choices))
            properties += f"<avm:Spatial.{name}>{value}</avm:Spatial.{name}>"
    document = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:avm="http://www.communicatingastronomy.org/avm/1.0/">'
        f"{properties}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    return damage(document.encode(), chance)


def jpeg_file(_cards: dict[str, str], chance: random.Random) -> bytes:
    """Return a JPEG with AVM."""
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = chance.randrange(10)
    Image.fromarray(PIXELS).save(stream, "JPEG", xmp=avm_document(chance), exif=exif)
    return stream.getvalue()


def tiff_file(cards: dict[str, str], chance: random.Random) -> bytes:
    """Return a TIFF with AVM and the text of a FITS header."""
    stream = io.BytesIO()
    text = "\n".join(f"{key:8}= {value}" for key, value in ({"SIMPLE": "T"} | cards).items())
    document = avm_document(chance) or b" "
    tifffile.imwrite(
        stream,
        PIXELS,
        description=re.sub("[^ -~\n]", "?", text),
        extratags=[(700, 1, len(document), document, True)],
        metadata=None,
    )
    return stream.getvalue()


def escape(text: str) -> str:
    """Return a text as the value of an XML attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def damage(content: bytes, chance: random.Random, start: int = 0) -> bytes:
    """Return bytes of which some are replaced, removed or repeated in a third of the cases."""
    changed = bytearray(content)
    for _ in range(chance.choice((0, 0, 0, 0, 1, 4))):
        if len(changed) <= start:
            break
        place = chance.randrange(start, len(changed))
        match chance.randrange(3):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                del changed[place : place + chance.randint(1, 20)]
            case _:
                changed[place:place] = changed[place : place + chance.randint(1, 200)]
    return bytes(changed)


WRITERS: Final[tuple[Callable[[dict[str, str], random.Random], bytes], ...]] = (
    fits_file,
    fits_file,
    xisf_file,
    jpeg_file,
    tiff_file,
)


def check(content: bytes) -> str:
    """Read a file, and return the result in a word."""
    try:
        image = read_image(content, limits=LIMITS)
    except ImageError:
        return "rejected"
    metadata = image.metadata
    assert len(metadata.object_names) <= 20
    assert all(len(name) <= 255 and name.isprintable() for name in metadata.object_names)
    if metadata.wcs_header is None:
        return "no WCS"
    assert len(metadata.wcs_header) < 80 * 1000
    assert metadata.wcs_header.isascii()
    position = SkyPosition.from_header(metadata.wcs_header, image.width, image.height, "header")
    if position is None:
        return "implausible"
    assert 0 <= position.ra <= 360, position
    assert -90 <= position.dec <= 90, position
    assert 0 < position.pixel_scale * max(image.width, image.height) < 180 * 3600, position
    return "placed"


def main() -> None:
    """Read the given number of files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    faulthandler.enable()
    warnings.simplefilter("error")
    results: dict[str, int] = {}
    slowest = 0.0
    for number in range(options.seed, options.seed + options.count):
        chance = random.Random(number)
        content = chance.choice(WRITERS)(random_cards(chance), chance)
        start = time.perf_counter()
        faulthandler.dump_traceback_later(30, exit=True)
        try:
            result = check(content)
        except BaseException:
            print(f"Number {number} failed.")
            raise
        faulthandler.cancel_dump_traceback_later()
        if number > options.seed:  # the first file includes the time to import the libraries
            slowest = max(slowest, time.perf_counter() - start)
        results[result] = results.get(result, 0) + 1
    print(f"{options.count:,} files: {results}; longest time {slowest:.3f} s")


if __name__ == "__main__":
    main()

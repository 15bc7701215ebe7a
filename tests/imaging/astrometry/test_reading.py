"""A star at a known place must be where the WCS of the image says, for files of all formats."""

import base64
import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import tifffile
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from deepsky.imaging import ReaderPool, read_image
from deepsky.imaging.image_data import ImageData
from deepsky.imaging.processes.tasks import ReadImage
from deepsky.sky.position import SkyPosition
from tests.imaging.xisf_writer import ATTACHED_AT, as_file, image_element

WIDTH, HEIGHT = 90, 60
STAR = SkyCoord(150.02, 20.013, unit="deg")


def header(**changed: Any) -> fits.Header:
    cards = {
        "CTYPE1": "RA---TAN",
        "CTYPE2": "DEC--TAN",
        "CRVAL1": 150.0,
        "CRVAL2": 20.0,
        "CRPIX1": 40.0,
        "CRPIX2": 25.0,
        "CD1_1": -8e-4,
        "CD1_2": 3e-4,
        "CD2_1": 2.5e-4,
        "CD2_2": 9e-4,
        "RADESYS": "ICRS",
        "OBJECT": "NGC 7000",
    }
    return fits.Header(list((cards | changed).items()))


def sky(wcs: WCS) -> NDArray[np.uint8]:
    """Return pixels in FITS order with a star at `STAR`."""
    x, y = wcs.celestial.world_to_pixel(STAR)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    star = 200 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 4)
    pixels: NDArray[np.uint8] = (20 + star).astype(np.uint8)
    return pixels


def check(image: ImageData, source: str = "header") -> SkyPosition:
    """Check that the brightest spot of an image is where its WCS says that the star is."""
    assert image.metadata.wcs_header is not None
    assert image.metadata.wcs_source == source
    position = SkyPosition.from_header(image.metadata.wcs_header, image.width, image.height, source)
    assert position is not None
    expected = position.wcs.world_to_pixel(STAR)
    light = image.pixels.sum(axis=2, dtype=float)
    light = np.clip(light - np.median(light) - 0.3 * np.ptp(light), 0, None)
    rows, columns = np.indices(light.shape)
    found = (light * columns).sum() / light.sum(), (light * rows).sum() / light.sum()
    scale = light.shape[1] / image.width
    np.testing.assert_allclose((np.array(expected) + 0.5) * scale - 0.5, found, atol=0.3)
    return position


def written(*units: Any) -> bytes:
    stream = BytesIO()
    fits.HDUList(list(units)).writeto(stream)
    return stream.getvalue()


def primary(values: Any = None, cards: fits.Header | None = None) -> Any:
    return fits.PrimaryHDU(values, cards)


PIXELS = sky(WCS(header()))
SIP_CARDS = {
    "CTYPE1": "RA---TAN-SIP",
    "CTYPE2": "DEC--TAN-SIP",
    "A_ORDER": 2,
    "B_ORDER": 2,
    "A_2_0": 1e-3,
    "A_0_2": 2e-3,
    "B_1_1": -3e-3,
    "B_0_2": 2e-3,
    "A_1_1": 1e-3,
}
GALACTIC = {"CTYPE1": "GLON-TAN", "CTYPE2": "GLAT-TAN", "CRVAL1": STAR.galactic.l.deg + 0.01}
GALACTIC |= {"CRVAL2": STAR.galactic.b.deg}


def compressed(values: Any) -> bytes:
    return written(primary(), fits.CompImageHDU(values.astype(np.int16), header()))


def cube_with_first_axis_colour() -> bytes:
    names = {"CTYPE", "CRVAL", "CRPIX"}
    cards = fits.Header()
    for key, value in header().items():
        if key[:5] in names:
            cards[f"{key[:5]}{int(key[5]) + 1}"] = value
        elif key.startswith("CD"):
            cards[f"CD{int(key[2]) + 1}_{int(key[4]) + 1}"] = value
    cards["CD1_1"] = 1.0
    return written(primary(np.stack([PIXELS] * 3, axis=-1), cards))


FITS: dict[str, Callable[[], bytes]] = {
    "bottom up": lambda: written(primary(PIXELS, header())),
    "top down": lambda: written(primary(PIXELS, header(ROWORDER="TOP-DOWN"))),
    "extension": lambda: written(primary(), fits.ImageHDU(PIXELS, header())),
    "primary header": lambda: written(primary(None, header()), fits.ImageHDU(PIXELS)),
    "other extension": lambda: written(primary(PIXELS), fits.ImageHDU(PIXELS * 0, header())),
    "cube": lambda: written(
        primary(np.stack([PIXELS] * 4), header(CTYPE3="FREQ", CRVAL3=1e9, CDELT3=1e6, CRPIX3=1))
    ),
    "colour": lambda: written(primary(np.stack([PIXELS] * 3), header())),
    "colour first": cube_with_first_axis_colour,
    "compressed": lambda: compressed(PIXELS),
    "SIP": lambda: written(primary(sky(WCS(header(**SIP_CARDS))), header(**SIP_CARDS))),
    "galactic": lambda: written(primary(sky(WCS(header(**GALACTIC))), header(**GALACTIC))),
}


@pytest.mark.parametrize("name", FITS)
def test_fits(name: str) -> None:
    image = read_image(FITS[name]())
    check(image)


def read_at_full_size(read: ReadImage) -> ImageData:
    return read()


def test_reader_process_returns_metadata() -> None:
    with ReaderPool(1) as pool:
        image = pool.read(FITS["bottom up"](), read_at_full_size)
    check(image)
    assert image.metadata.object_names == ("NGC 7000",)
    assert image.info.metadata == image.metadata


def xisf(inside: str, attachment: bytes = b"", **attributes: str) -> bytes:
    shown = np.ascontiguousarray(PIXELS[::-1])
    geometry = {"geometry": f"{WIDTH}:{HEIGHT}:1", "sampleFormat": "UInt8", "colorSpace": "Gray"}
    place = {"location": f"attachment:{ATTACHED_AT}:{shown.nbytes}"}
    element = image_element(geometry | place | attributes, inside=inside)
    return as_file(element, shown.tobytes() + attachment)


def vector(name: str, values: list[float], start: int | None = None) -> str:
    data = struct.pack(f"<{len(values)}d", *values)
    name = f"PCL:AstrometricSolution:{name}"
    if start is None:
        text = base64.b64encode(data).decode()
        return f'<Property id="{name}" type="F64Vector" location="inline:base64">{text}</Property>'
    return f'<Property id="{name}" type="F64Vector" location="attachment:{start}:{len(data)}"/>'


@pytest.mark.parametrize("orientation", ["0", "90", "-90;flip"])
@pytest.mark.parametrize("attached", [False, True])
def test_xisf_properties(orientation: str, attached: bool) -> None:
    cards = header()
    pixel = [cards["CRPIX1"] - 0.5, HEIGHT + 0.5 - cards["CRPIX2"]]
    matrix = [cards["CD1_1"], -cards["CD1_2"], cards["CD2_1"], -cards["CD2_2"]]
    start = ATTACHED_AT + PIXELS.size
    inside = (
        vector("ReferenceCelestialCoordinates", [150.0, 20.0])
        + vector("ReferenceImageCoordinates", pixel)
        + vector("LinearTransformationMatrix", matrix, start if attached else None)
        + '<Property id="PCL:AstrometricSolution:ProjectionSystem" value="Gnomonic"/>'
        + '<Property id="Observation:Object:Name" type="String">M 31</Property>'
        + '<Property id="Observation:Center:RA" type="Float64" value="150.01"/>'
        + '<Property id="Observation:Center:Dec" type="Float64" value="20.02"/>'
        + '<Property id="Instrument:Telescope:FocalLength" type="Float32" value="0.53"/>'
        + '<Property id="Instrument:Sensor:XPixelSize" type="Float32" value="3.76"/>'
    )
    attachment = struct.pack("<4d", *matrix) if attached else b""
    image = read_image(xisf(inside, attachment, orientation=orientation))
    check(image)
    hints = image.metadata.hints
    assert image.metadata.object_names == ("M 31",)
    assert (hints.ra, hints.dec, hints.focal_length, hints.pixel_size) == (150.01, 20.02, 530, 3.76)


def test_xisf_keywords() -> None:
    keywords = "".join(
        f'<FITSKeyword name="{card.keyword}" value="{_quoted(card.value)}" comment=""/>'
        for card in header().cards
    )
    image = read_image(xisf(keywords))
    check(image)
    assert image.metadata.object_names == ("NGC 7000",)


def _quoted(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def xmp(size: tuple[int, int] = (WIDTH, HEIGHT), quality: str = "Full", inside: str = "") -> bytes:
    scale = size[0] / WIDTH
    x, y = (40 - 0.5) * scale + 0.5, (25 - 0.5) * scale + 0.5

    def items(*values: object) -> str:
        return f"<rdf:Seq>{''.join(f'<rdf:li>{value}</rdf:li>' for value in values)}</rdf:Seq>"

    properties = {
        "ReferenceValue": items(150.0, 20.0),
        "ReferencePixel": items(x, y),
        "ReferenceDimension": items(*size),
        "Scale": items(-9e-4 / scale, 9e-4 / scale),
        "Rotation": "15",
        "CoordsystemProjection": "TAN",
        "CoordinateFrame": "ICRS",
        "Equinox": "J2000",
        "Quality": quality,
    }
    spatial = "".join(f"<avm:Spatial.{n}>{v}</avm:Spatial.{n}>" for n, v in properties.items())
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" '
        'xmlns:avm="http://www.communicatingastronomy.org/avm/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:FocalLength="530/1">{inside}{spatial}'
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">The &quot;Witch Head&quot;</rdf:li>'
        "</rdf:Alt></dc:title><dc:subject><rdf:Bag><rdf:li>IC 2118</rdf:li>"
        "<rdf:li>deepsky:nebula</rdf:li></rdf:Bag></dc:subject>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


AVM_HEADER = header(CDELT1=-9e-4, CDELT2=9e-4, CROTA2=15.0)
for _key in ("CD1_1", "CD1_2", "CD2_1", "CD2_2"):
    del AVM_HEADER[_key]


def picture(suffix: str, orientation: int = 1, document: bytes | None = None) -> bytes:
    shown = Image.fromarray(np.ascontiguousarray(sky(WCS(AVM_HEADER))[::-1])).convert("RGB")
    document = xmp() if document is None else document
    stream = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    match suffix:
        case "png":
            info = PngImagePlugin.PngInfo()
            info.add_itxt("XML:com.adobe.xmp", document.decode())
            shown.save(stream, "PNG", pnginfo=info, exif=exif)
        case "tiff":
            tags: list[Any] = [(700, 1, len(document), document, True)]
            tags.append((274, 3, 1, orientation, True))
            tifffile.imwrite(
                stream, np.asarray(shown), photometric="rgb", extratags=tags, metadata=None
            )
        case _:
            shown.save(stream, suffix, xmp=document, exif=exif, quality=95)
    return stream.getvalue()


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize("suffix", ["jpeg", "png", "tiff", "webp"])
def test_avm(suffix: str, orientation: int) -> None:
    image = read_image(picture(suffix, orientation))
    position = check(image, "avm")
    assert position.mirrored is False
    assert image.metadata.object_names == ('The "Witch Head"', "IC 2118")
    assert image.metadata.hints.focal_length == 530


def test_avm_of_another_size_is_scaled() -> None:
    document = xmp((10 * WIDTH, 10 * HEIGHT))
    check(read_image(picture("jpeg", document=document)), "avm")


def test_avm_of_a_cropped_image_is_only_a_hint() -> None:
    image = read_image(picture("jpeg", document=xmp((10 * WIDTH, 7 * HEIGHT))))
    assert image.metadata.wcs_header is None
    assert (image.metadata.hints.ra, image.metadata.hints.dec) == (150.0, 20.0)


def test_avm_of_quality_position_is_only_a_hint() -> None:
    image = read_image(picture("jpeg", document=xmp(quality="Position")))
    assert image.metadata.wcs_header is None
    assert (image.metadata.hints.ra, image.metadata.hints.dec) == (150.0, 20.0)


def test_position_at_reduced_size_is_that_of_the_full_size() -> None:
    values = np.kron(PIXELS, np.ones((8, 8), np.uint8))
    stream = BytesIO()
    Image.fromarray(values).save(stream, "JPEG", xmp=xmp((8 * WIDTH, 8 * HEIGHT)))
    full, reduced = read_image(stream.getvalue()), read_image(stream.getvalue(), at_least=60)
    assert reduced.pixels.shape[0] < reduced.height
    assert full.metadata == reduced.metadata


def test_fits_header_in_tiff_description() -> None:
    lines = ["SIMPLE  =                    T", *map(str, header().cards), "END"]
    stream = BytesIO()
    tifffile.imwrite(
        stream, np.ascontiguousarray(PIXELS[::-1]), description="\n".join(lines), metadata=None
    )
    image = read_image(stream.getvalue())
    check(image)
    assert image.metadata.object_names == ("NGC 7000",)


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>&b;</x:xmpmeta>"
)


@pytest.mark.parametrize(
    "document", [BOMB, b"<a>" * 1000, b"\xff\xfe\0", xmp()[:700], b"<a/>" * 9, b" " * 2**20 + xmp()]
)
def test_damaged_xmp_does_not_cost_the_image(document: bytes) -> None:
    stream = BytesIO()
    values = np.repeat(PIXELS[..., np.newaxis], 3, axis=2)
    tags = [(700, 1, len(document), document, True)]
    tifffile.imwrite(stream, values, photometric="rgb", extratags=tags, metadata=None)
    image = read_image(stream.getvalue())
    assert image.width == WIDTH
    assert image.metadata.wcs_header is None


@pytest.mark.parametrize(
    "changed",
    [
        {"CRVAL1": "nan"},
        {"CD1_1": 0.0, "CD1_2": 0.0},
        {"CTYPE1": "RA---TAB"},
        {"WCSAXES": 10**9, "A_ORDER": 10**9, "B_ORDER": 10**9, "CD1_1": 1e308},
        {"CUNIT1": "furlong", "RADESYS": "GAPPT", "EQUINOX": -1e30, "LONPOLE": 1e300},
    ],
)
def test_invalid_wcs_does_not_cost_the_image(changed: dict[str, Any]) -> None:
    image = read_image(written(primary(PIXELS, header(**changed))))
    assert image.metadata.object_names == ("NGC 7000",)

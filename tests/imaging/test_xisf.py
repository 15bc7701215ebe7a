import hashlib
import io
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from deepsky.errors import (
    CorruptImageError,
    FileTooLargeError,
    ImageError,
    NoImageDataError,
    TooManyFramesError,
    TooManyPixelsError,
    UnsupportedFormatError,
)
from deepsky.imaging import Limits, read_image
from tests.imaging.mosaic_maker import make_mosaic
from tests.imaging.xisf_writer import ATTACHED_AT, CODECS, as_file, image_element, xisf

TYPES = ["uint8", "uint16", "uint32", "float32", "float64"]


def deep(pattern: NDArray[np.uint8], dtype: str) -> NDArray[Any]:
    """Scale 8-bit values to the full range of the given dtype."""
    scaled = pattern / 255
    return (scaled * np.iinfo(dtype).max if dtype[0] == "u" else scaled).astype(dtype)


def image_xml(**attributes: str | None) -> str:
    """Return the XML element of a small grey image with pixels attached at `ATTACHED_AT`."""
    place = f"attachment:{ATTACHED_AT}:48"
    valid = {"geometry": "8:6:1", "sampleFormat": "UInt8", "location": place}
    return image_element(valid | attributes)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("byte_order", ["little", "big"])
@pytest.mark.parametrize("storage", ["Planar", "Normal"])
def test_every_depth_of_a_finished_image_is_read(
    pattern: NDArray[np.uint8], dtype: str, byte_order: str, storage: str
) -> None:
    content = xisf(deep(pattern, dtype), byte_order=byte_order, storage=storage)

    image = read_image(content)

    assert (image.format, image.stretch) == ("XISF", None)
    assert (image.width, image.height) == (56, 40)
    assert image.sha256 == hashlib.sha256(content).hexdigest()
    np.testing.assert_allclose(image.pixels, pattern, atol=1)


@pytest.mark.parametrize("dtype", TYPES)
def test_grey_images_are_read(grey: NDArray[np.uint8], dtype: str) -> None:
    image = read_image(xisf(deep(grey, dtype)))

    np.testing.assert_allclose(image.pixels, np.dstack([grey] * 3), atol=1)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("shuffled", ["", "+sh"])
@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize("dtype", ["uint16", "float64"])
def test_every_compression_is_read(
    pattern: NDArray[np.uint8], codec: str, shuffled: str, parts: int, dtype: str
) -> None:
    content = xisf(deep(pattern, dtype), compression=codec + shuffled, parts=parts)

    np.testing.assert_allclose(read_image(content).pixels, pattern, atol=1)


def test_compressed_big_endian_pixels_are_read(pattern: NDArray[np.uint8]) -> None:
    content = xisf(
        deep(pattern, "uint32"), compression="lz4+sh", byte_order="big", storage="Normal"
    )

    np.testing.assert_allclose(read_image(content).pixels, pattern, atol=1)


@pytest.mark.parametrize("encoding", ["base64", "hex"])
@pytest.mark.parametrize("compression", ["", "zlib+sh"])
def test_embedded_pixels_are_read(
    pattern: NDArray[np.uint8], encoding: str, compression: str
) -> None:
    content = xisf(deep(pattern, "uint16"), embedded=encoding, compression=compression)

    np.testing.assert_array_equal(read_image(content).pixels, pattern)


def rotate_left(pixels: NDArray[Any]) -> NDArray[Any]:
    return np.rot90(pixels)


def rotate_right(pixels: NDArray[Any]) -> NDArray[Any]:
    return np.rot90(pixels, -1)


def rotate_180(pixels: NDArray[Any]) -> NDArray[Any]:
    return np.rot90(pixels, 2)


@pytest.mark.parametrize(
    ("orientation", "stored"),
    [
        ("0", lambda upright: upright),
        ("flip", np.fliplr),
        ("90", rotate_right),
        ("90;flip", lambda upright: rotate_right(np.fliplr(upright))),
        ("-90", rotate_left),
        ("-90;flip", lambda upright: rotate_left(np.fliplr(upright))),
        ("180", rotate_180),
        ("180;flip", np.flipud),
        ("upwards", lambda upright: upright),
    ],
)
def test_orientation_is_applied(
    pattern: NDArray[np.uint8], orientation: str, stored: Callable[[Any], Any]
) -> None:
    image = read_image(xisf(stored(pattern), orientation=orientation))

    assert (image.width, image.height) == (56, 40)
    np.testing.assert_array_equal(image.pixels, pattern)


def test_linear_data_are_stretched_as_in_other_formats(linear_sky: NDArray[np.float64]) -> None:
    for sky in (linear_sky.astype(np.float32), (linear_sky * 65535).astype(np.uint16)):
        stream = io.BytesIO()
        tifffile.imwrite(stream, sky, photometric="rgb")
        as_tiff, as_xisf = read_image(stream.getvalue()), read_image(xisf(sky))

        assert as_xisf.stretch == as_tiff.stretch == "mtf"
        np.testing.assert_array_equal(as_xisf.pixels, as_tiff.pixels)


@pytest.mark.parametrize(
    ("balances", "stretch"),
    [
        ("0.004:0.004:0.004:0.5", "mtf"),
        ("0.5:0.5:0.5:0.5", None),
        ("0.5:0.5:0.5:0.01", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_image_displayed_with_a_curve_is_linear(
    pattern: NDArray[np.uint8], balances: str, stretch: str | None
) -> None:
    place = {"geometry": "56:40:3", "sampleFormat": "UInt8", "colorSpace": "RGB"}
    pixels = np.moveaxis(pattern, -1, 0).tobytes()
    curve = image_element({"m": balances}, "DisplayFunction")
    element = image_element(
        place | {"location": f"attachment:{ATTACHED_AT}:{len(pixels)}"}, inside=curve
    )

    assert read_image(as_file(element, pixels)).stretch == stretch


@pytest.mark.parametrize(("lowest", "highest"), [(0, 65535), (-1, 1), (100.5, 101)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_floats_are_scaled_from_their_bounds(
    pattern: NDArray[np.uint8], dtype: str, lowest: float, highest: float
) -> None:
    data = (pattern / 255 * (highest - lowest) + lowest).astype(dtype)

    image = read_image(xisf(data, bounds=f"{lowest}:{highest}"))

    assert image.stretch is None
    np.testing.assert_allclose(image.pixels, pattern, atol=1)


def test_floats_without_bounds_are_assumed_to_range_from_0_to_1(pattern: NDArray[np.uint8]) -> None:
    image = read_image(xisf(deep(pattern, "float32"), bounds=None))

    assert image.stretch is None
    np.testing.assert_allclose(image.pixels, pattern, atol=1)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("extra", [1, 2])
@pytest.mark.parametrize("colours", ["Gray", "RGB"])
def test_first_channel_after_the_colours_is_alpha(
    pattern: NDArray[np.uint8], dtype: str, extra: int, colours: str
) -> None:
    opacity = (np.where(np.arange(56) < 28, 0, 255) * np.ones((40, 1))).astype(np.uint8)
    colour_data = pattern if colours == "RGB" else pattern[..., :1]
    layers = np.dstack([colour_data, opacity, *[255 - opacity] * (extra - 1)])

    image = read_image(xisf(deep(layers, dtype), colorSpace=colours))

    assert not image.pixels[:, :28].any()
    shown = np.broadcast_to(colour_data, (40, 56, 3))
    np.testing.assert_allclose(image.pixels[:, 28:], shown[:, 28:], atol=1)


def test_three_channels_without_a_colour_space_are_rgb(pattern: NDArray[np.uint8]) -> None:
    content = xisf(pattern, colorSpace=None)

    np.testing.assert_array_equal(read_image(content).pixels, pattern)


def test_first_two_dimensional_image_is_read(grey: NDArray[np.uint8]) -> None:
    place = {"sampleFormat": "UInt8", "location": f"attachment:{ATTACHED_AT}:{grey.size}"}
    thumbnail = image_element(place | {"geometry": "5:5:1"}, "Thumbnail", "<Data>AA==</Data>")
    elements = [
        "<Property id='a' type='String'>Image</Property>",
        image_element(place | {"geometry": "2240:1"}),
        image_element(place | {"geometry": "56:40:1"}, inside=thumbnail),
        image_element(place | {"geometry": "40:56:1"}),
    ]
    content = as_file("".join(elements), grey.tobytes())

    np.testing.assert_array_equal(read_image(content).pixels[..., 0], grey)


def test_images_are_counted_as_frames() -> None:
    content = as_file(image_xml() * 4, bytes(range(48)))

    assert read_image(content, limits=Limits(max_frames=4)).width == 8
    with pytest.raises(TooManyFramesError):
        read_image(content, limits=Limits(max_frames=3))


@pytest.mark.parametrize("elements", ["", "<Metadata/>", image_xml(geometry="48:1")])
def test_files_without_an_image_raise_no_image_data(elements: str) -> None:
    with pytest.raises(NoImageDataError):
        read_image(as_file(elements, bytes(48)))


def test_too_many_pixels_are_detected_from_the_header(pattern: NDArray[np.uint8]) -> None:
    cut_off = xisf(pattern)[:ATTACHED_AT]

    with pytest.raises(TooManyPixelsError, match="56 by 40"):
        read_image(cut_off, limits=Limits(max_pixels=56 * 40 - 1))
    with pytest.raises(CorruptImageError, match="shorter than its header"):
        read_image(cut_off)


def test_header_with_terabytes_of_pixels_is_rejected() -> None:
    size = 10**12 * 8
    for compression in ({}, {"compression": f"zstd:{size}"}):
        content = as_file(
            image_xml(geometry="1000000:1000000:1", sampleFormat="Float64", **compression),
            bytes(48),
        )
        with pytest.raises(TooManyPixelsError, match="1000000 by 1000000"):
            read_image(content)
        with pytest.raises(FileTooLargeError if compression else CorruptImageError):
            read_image(content, limits=Limits(max_pixels=10**13))


def test_max_bytes_limits_decompression(pattern: NDArray[np.uint8]) -> None:
    content = xisf(pattern, compression="zlib")
    assert len(content) < pattern.size

    assert read_image(content, limits=Limits(max_bytes=pattern.size)).width == 56
    with pytest.raises(FileTooLargeError):
        read_image(content, limits=Limits(max_bytes=pattern.size - 1))


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("divided", [False, True])
def test_decompression_bomb_is_rejected(codec: str, divided: bool) -> None:
    zeros = bytes(50_000_000)
    packed = bytes(CODECS[codec](zeros))
    element = image_xml(
        compression=f"{codec}:48",
        location=f"attachment:{ATTACHED_AT}:{len(packed)}",
        **({"subblocks": f"{len(packed)},48:0,0"} if divided else {}),
    )
    content = as_file(element, packed)
    del zeros

    tracemalloc.start()
    try:
        with pytest.raises(CorruptImageError):
            read_image(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("compression", ["", "zlib", "lz4+sh", "zstd"])
@pytest.mark.parametrize("embedded", ["", "base64"])
def test_truncated_files_are_rejected(
    pattern: NDArray[np.uint8], compression: str, embedded: str
) -> None:
    content = xisf(deep(pattern, "uint16"), compression=compression, embedded=embedded)
    for size in [*range(1, len(content), 97), len(content) - 1]:
        with pytest.raises(ImageError):
            pytest.fail(f"truncated at {size}: {read_image(content[:size])}")


@pytest.mark.parametrize("codec", CODECS)
def test_truncated_compressed_pixels_are_rejected(pattern: NDArray[np.uint8], codec: str) -> None:
    content = xisf(deep(pattern, "uint16"), compression=codec)
    length = len(content) - ATTACHED_AT
    shorter = content.replace(
        b"attachment:%d:%d" % (ATTACHED_AT, length), b"attachment:%d:%d" % (ATTACHED_AT, length - 9)
    )

    with pytest.raises(CorruptImageError):
        read_image(shorter)


@pytest.mark.parametrize(
    "header",
    [b"", b"not XML at all", b"<xisf><Image></xisf>", b"<xisf>\xff\xfe</xisf>", b"<xisf>\0</xisf>"],
)
def test_invalid_xml_is_rejected(header: bytes) -> None:
    file = b"XISF0100" + len(header).to_bytes(4, "little") + bytes(4) + header

    with pytest.raises(CorruptImageError, match="header"):
        read_image(file)


ENTITIES = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{of};" * 10}">' for of, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "declared", [f"<!DOCTYPE xisf [{ENTITIES}]>", '<!DOCTYPE xisf SYSTEM "file:///etc/passwd">']
)
def test_document_types_are_rejected(declared: str) -> None:
    with pytest.raises(CorruptImageError, match="document type"):
        read_image(as_file(f"<Metadata>&i;</Metadata>{image_xml()}", bytes(48), declared))


def test_deeply_nested_elements_are_rejected() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(CorruptImageError, match="too deep"):
            read_image(as_file("<a>" * 1_000_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("length", [2**24 + 1, 2**32 - 1, 5_000, 3])
def test_header_of_wrong_length_is_rejected(length: int) -> None:
    content = as_file(image_xml(), bytes(48))

    with pytest.raises(CorruptImageError, match="header"):
        read_image(content[:8] + length.to_bytes(4, "little") + content[12:])


@pytest.mark.parametrize(
    "changed",
    [
        {"geometry": "0:6:1"},
        {"geometry": "8:0:1"},
        {"geometry": "8:6:0"},
        {"geometry": "8:-6:1"},
        {"geometry": "8:six:1"},
        {"geometry": "8:6.0:1"},
        {"geometry": "8:6:"},
        {"geometry": "4:4:1"},
        {"geometry": "8:7:1"},
        {"geometry": f"8:{'9' * 5000}:1"},
        {"geometry": "8:2:2", "colorSpace": "RGB"},
        {"sampleFormat": "UInt16"},
        {"location": "attachment"},
        {"location": "attachment:4096"},
        {"location": "attachment:4096:48:1"},
        {"location": "attachment:-48:48"},
        {"location": "attachment:4096:49"},
        {"location": "attachment:999999999999999999:999999999999999999"},
        {"location": "embedded"},
        {"compression": "zlib"},
        {"compression": "zlib:"},
        {"compression": "zlib:48"},
        {"compression": "zlib:49"},
        {"compression": "lz4:48"},
        {"compression": "zstd:48"},
        {"compression": "zlib+sh:48"},
        {"compression": "zlib+sh:48:0"},
        {"compression": "zlib+sh:48:17"},
        {"compression": "zlib:48", "subblocks": ""},
        {"compression": "zlib:48", "subblocks": "48"},
        {"compression": "zlib:48", "subblocks": "24,24"},
        {"compression": "zlib:48", "subblocks": "24,24,24:24,24,24"},
        {"compression": "zlib:48", "subblocks": "48,999999999999999999:0,1"},
    ],
    ids=str,
)
def test_inconsistent_headers_are_rejected(changed: dict[str, str]) -> None:
    with pytest.raises(CorruptImageError) as caught:
        read_image(as_file(image_xml(**changed), bytes(48)))

    assert len(str(caught.value)) < 200
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("missing", ["geometry", "sampleFormat", "location"])
def test_missing_attributes_are_rejected(missing: str) -> None:
    with pytest.raises(CorruptImageError, match=missing):
        read_image(as_file(image_xml(**{missing: None}), bytes(48)))


@pytest.mark.parametrize(
    ("attributes", "named"),
    [
        ({"sampleFormat": "UInt64"}, "UInt64"),
        ({"sampleFormat": "Complex32"}, "Complex32"),
        ({"colorSpace": "CIELab", "geometry": "4:4:3"}, "CIELab"),
        ({"pixelStorage": "Tiled"}, "Tiled"),
        ({"byteOrder": "middle"}, "middle"),
        ({"compression": "bzip2:48"}, "bzip2"),
        ({"location": "url(http://example.org/m51.bin)"}, "url"),
        ({"location": "path(@header_dir/m51.xisb)"}, "path"),
        ({"location": "inline:base64"}, "inline"),
        ({"geometry": "2:2:12"}, "12 channels"),
        ({"geometry": "2:2:6", "colorSpace": "RGB"}, "6 channels"),
    ],
    ids=str,
)
def test_error_names_the_unsupported_value(attributes: dict[str, str], named: str) -> None:
    with pytest.raises(UnsupportedFormatError, match=named):
        read_image(as_file(image_xml(**attributes), bytes(48)))


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("sha-1", "sha1"),
        ("sha1", "sha1"),
        ("sha-256", "sha256"),
        ("sha256", "sha256"),
        ("SHA-512", "sha512"),
        ("sha3-256", "sha3_256"),
    ],
)
@pytest.mark.parametrize("compression", ["", "zlib+sh"])
def test_checksums_are_verified(
    grey: NDArray[np.uint8], name: str, algorithm: str, compression: str
) -> None:
    data = deep(grey, "uint16")
    packed = xisf(data, compression=compression)[ATTACHED_AT:]
    digest = hashlib.new(algorithm, packed).hexdigest()
    content = xisf(data, compression=compression, checksum=f"{name}:{digest}")

    assert read_image(content).width == 56
    with pytest.raises(CorruptImageError, match="checksum"):
        read_image(content[:-20] + b"\x55" + content[-19:])


def test_unknown_checksums_are_ignored(grey: NDArray[np.uint8]) -> None:
    assert read_image(xisf(grey, checksum="crc32:0")).width == 56


def test_header_padded_with_zeros_is_read(grey: NDArray[np.uint8]) -> None:
    content = xisf(grey)

    padded = content[:8] + (ATTACHED_AT - 16).to_bytes(4, "little") + content[12:]

    np.testing.assert_array_equal(read_image(padded).pixels[..., 0], grey)


def mosaic_file(linear_sky: NDArray[np.float64], inside: str) -> bytes:
    """Return an XISF file with a raw mosaic (RGGB) and the given elements in its ``Image``."""
    data = (make_mosaic(linear_sky, "RGGB") * 60_000).astype(np.uint16)
    frame = {
        "geometry": f"{data.shape[1]}:{data.shape[0]}:1",
        "sampleFormat": "UInt16",
        "location": f"attachment:{ATTACHED_AT}:{data.nbytes}",
    }
    return as_file(image_element(frame, inside=inside), data.tobytes())


@pytest.mark.parametrize(
    "inside",
    [
        '<ColorFilterArray pattern="RGGB" width="2" height="2"/>',
        """<FITSKeyword name="BAYERPAT" value="'RGGB    '" comment=""/>""",
        """<FITSKeyword name="COLORTYP" value="RGGB"/><FITSKeyword name="" value="x,"/>""",
        """<FITSKeyword name="BAYERPAT" value="'GRBG'"/><FITSKeyword name="XBAYROFF" value="1"/>""",
        '<Property id="PCL:CFASourcePattern" type="String" value="RGGB"/>',
        '<Property id="PCL:CFASourcePattern" type="String">RGGB</Property>',
    ],
)
def test_mosaic_is_demosaicked_wherever_its_pattern_is_stated(
    linear_sky: NDArray[np.float64], inside: str
) -> None:
    image = read_image(mosaic_file(linear_sky, inside))

    red, _, blue = np.moveaxis(image.pixels[80:100, 110:130].astype(int), -1, 0)
    assert image.pixels.shape == (240, 320, 3)
    assert red.mean() > blue.mean() + 20


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<ColorFilterArray/>",
        '<ColorFilterArray pattern="RG" width="2" height="2"/>',
        '<ColorFilterArray pattern="CMYG" width="2" height="2"/>',
        """<FITSKeyword name="BAYERPAT" value="'TRUE'"/>""",
    ],
)
def test_mosaic_of_unknown_order_becomes_grey(linear_sky: NDArray[np.float64], inside: str) -> None:
    pixels = read_image(mosaic_file(linear_sky, inside)).pixels

    assert (np.ptp(pixels, axis=-1) == 0).all()
    sky = pixels[20:60, 260:310, 0]
    assert np.ptp([sky[i::2, j::2].mean() for i in (0, 1) for j in (0, 1)]) < 2


@pytest.mark.parametrize("bounds", ["0", "1:0", "nan:1", "-1e308:1e308", "dark:bright", ""])
def test_invalid_bounds_are_ignored(pattern: NDArray[np.uint8], bounds: str) -> None:
    image = read_image(xisf(deep(pattern, "float32"), bounds=bounds))

    np.testing.assert_allclose(image.pixels, pattern, atol=1)


@pytest.mark.parametrize(
    "first",
    [
        {"id": "rejection_high"},
        {"id": "drizzle_weights"},
        {"imageType": "Mask"},
        {"geometry": "4:3:1", "location": f"attachment:{ATTACHED_AT}:12"},
        {"location": f"attachment:{ATTACHED_AT + 48}:48"},
    ],
    ids=["rejection", "weights", "mask", "thumbnail", "constant"],
)
def test_science_image_is_read(first: dict[str, str]) -> None:
    science = np.arange(48, dtype=np.uint8)
    place = f"attachment:{ATTACHED_AT + 96}:48"
    content = as_file(
        image_xml(**first) + image_xml(location=place),
        science[::-1].tobytes() + bytes(48) + science.tobytes(),
    )

    np.testing.assert_array_equal(read_image(content).pixels[..., 0].ravel(), science)


def test_constant_images_raise_no_image_data() -> None:
    with pytest.raises(NoImageDataError, match="constant"):
        read_image(as_file(image_xml() * 2, bytes(48)))

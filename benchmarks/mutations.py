"""Save images in every format that deepsky can read, and damage the files at random.

`benchmarks.service_faults` uploads the damaged files to the service.
"""

import base64
import bz2
import gzip
import lzma
import random
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import imagecodecs
import numpy as np
import pillow_heif
import tifffile
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from tests.imaging.dng_writer import dng, mosaic_rggb
from tests.imaging.lzw_writer import compress
from tests.imaging.psd_writer import psd
from tests.imaging.ser_writer import ser

__all__ = ["ImageFile", "mutate", "save_images", "save_in_all_formats"]

SIZES: Final = ((17, 23), (64, 48), (150, 110))
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
XISF_SIGNATURE: Final = b"XISF0100"
HEADER: Final = 512
"""Number of bytes at the start of a file in which most formats store sizes and offsets."""

Pixels = NDArray[np.uint8]

_GREYS: Final = np.tile(np.arange(256, dtype=np.uint16) * 257, (3, 1))


@dataclass(frozen=True, slots=True)
class ImageFile:
    """An intact or damaged image file in memory.

    Attributes
    ----------
    suffix : str
        Suffix of the file name, such as ``fits.gz``.
    content : bytes
        Content of the file.
    """

    suffix: str
    content: bytes


def save_images(paths: list[Path]) -> list[ImageFile]:
    """Save each image in three small sizes and in every supported format.

    Parameters
    ----------
    paths : list of Path
        Paths of images that Pillow can read.

    Returns
    -------
    list of ImageFile
        The saved images, all intact.
    """
    found: list[ImageFile] = []
    for path in paths:
        with Image.open(path) as image:
            for size in SIZES:
                small = image.convert("RGB").resize(size, Image.Resampling.BICUBIC)
                found += save_in_all_formats(small)
    return found


def save_in_all_formats(image: Image.Image) -> Iterator[ImageFile]:
    """Save an image in every supported format.

    Parameters
    ----------
    image : Image
        An RGB image.

    Yields
    ------
    ImageFile
        An intact file.
    """
    pixels = np.asarray(image)
    yield from _with_pillow(image)
    yield from _deep(pixels)
    yield from _deep_jpegs(pixels)
    yield from _jpeg2000_files(image)
    yield from _tagged_files(image)
    yield from _tiffs(pixels)
    yield from _tiff_variants(pixels)
    yield from _fits_files(pixels)
    yield from _xisf_files(pixels)
    yield from _heic_files(pixels)
    yield from _avif_files(image)
    yield from _jpeg_xl_files(pixels)
    yield from _camera_raw_files(pixels)
    yield from _ser_files(pixels)
    yield from _psd_files(pixels)


def mutate(files: list[ImageFile], seed: int, number: int) -> ImageFile:
    """Choose one of several files and damage it. Equal arguments produce the same damaged file.

    Parameters
    ----------
    files : list of ImageFile
        Intact files, as returned by `save_images`.
    seed : int
        Seed for the random damage.
    number : int
        Number that determines which file is chosen and how that file is damaged.

    Returns
    -------
    ImageFile
        The damaged file.
    """
    chance = random.Random(f"{seed} {number}")
    file = files[number % len(files)]
    other = chance.choice(files).content
    packed = file.suffix.endswith("gz") and chance.random() < 0.7
    content = bytearray(gzip.decompress(file.content) if packed else file.content)
    for _ in range(chance.choice((1, 1, 2, 3))):
        chance.choice(DAMAGES)(content, chance)
    if chance.random() < 0.1:
        _splice(content, other, chance)
    if content.startswith(PNG_SIGNATURE) and chance.random() < 0.5:
        content = bytearray(_update_png_checksums(bytes(content)))
    damaged = gzip.compress(bytes(content), 1, mtime=0) if packed else bytes(content)
    return ImageFile(file.suffix, damaged)


def _flip_bits(content: bytearray, chance: random.Random) -> None:
    for place in _offsets(content, chance, most=64):
        content[place] ^= 1 << chance.randrange(8)


def _overwrite(content: bytearray, chance: random.Random) -> None:
    for place in _offsets(content, chance, most=16):
        content[place] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, 0x20, 0x39, chance.randrange(256)))


def _cut_off(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content) + 1) :]


def _remove(content: bytearray, chance: random.Random) -> None:
    start, end = _span(content, chance)
    del content[start:end]


def _repeat(content: bytearray, chance: random.Random) -> None:
    start, end = _span(content, chance)
    place = chance.choice((end, chance.randrange(len(content) + 1)))
    content[place:place] = content[start:end]


def _insert(content: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(content) + 1)
    content[place:place] = chance.randbytes(2 ** chance.randrange(12))


def _extreme_number(content: bytearray, chance: random.Random) -> None:
    """Replace a number, such as a size, a count or an offset, with an extreme number."""
    texts, filler = (XML_NUMBER, b"0") if content.startswith(XISF_SIGNATURE) else (CARD, b" ")
    places = [match.span(1) for match in texts.finditer(content)]
    if places and chance.random() < 0.8:
        start, end = chance.choice(places)
        content[start:end] = chance.choice(EXTREME_TEXTS).rjust(end - start, filler)[: end - start]
        return
    width = chance.choice((1, 2, 4, 8))
    if len(content) < width:
        return
    reach = min(len(content), HEADER) - width
    # Damage the start or the end of the file with equal probability, because TIFF files can store
    # sizes at the end.
    place = chance.choice(
        (chance.randint(0, reach), len(content) - width - chance.randint(0, reach))
    )
    most = 256**width
    number = chance.choice((0, 1, 2, most // 2 - 1, most // 2, most - 2, most - 1, most // 256))
    content[place : place + width] = number.to_bytes(width, chance.choice(("big", "little")))


def _splice(content: bytearray, other: bytes, chance: random.Random) -> None:
    """Replace the end of a file with the end of another file, possibly in another format."""
    content[chance.randrange(len(content) + 1) :] = other[chance.randrange(len(other)) :]


DAMAGES: Final[tuple[Callable[[bytearray, random.Random], None], ...]] = (
    _flip_bits,
    _overwrite,
    _cut_off,
    _remove,
    _repeat,
    _insert,
    _extreme_number,
    _extreme_number,
)

CARD: Final = re.compile(rb"(?:BITPIX|NAXIS|PCOUNT|GCOUNT|Z|TFORM|THEAP|B|E)[A-Z0-9]* *= +(\S+)")
XML_NUMBER: Final = re.compile(rb'[":,](\d+)(?=[":,])')
EXTREME_TEXTS: Final = (
    *(b"0", b"-1", b"1", b"2", b"3", b"9", b"999", b"-2147483648", b"2147483647", b"4294967296"),
    *(b"9223372036854775807", b"99999999999999999999", b"1E400", b"-1E-400", b"NaN", b"T", b"'X'"),
)


def _offsets(content: bytearray, chance: random.Random, most: int) -> list[int]:
    """Return random byte offsets. With probability 1/2, all of them are within the header."""
    if not content:
        return []
    reach = chance.choice((len(content), min(len(content), HEADER)))
    return [chance.randrange(reach) for _ in range(chance.randint(1, most))]


def _span(content: bytearray, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + int(2 ** chance.uniform(0, 12)))


def _update_png_checksums(content: bytes) -> bytes:
    """Correct the checksums in a damaged PNG, because decoders reject PNGs with wrong checksums."""
    parts, place = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    while place + 12 <= len(content):
        (length,) = struct.unpack_from(">L", content, place)
        end = place + 8 + length
        if end + 4 > len(content):
            break
        parts += [content[place:end], struct.pack(">L", zlib.crc32(content[place + 4 : end]))]
        place = end + 4
    return b"".join(parts) + content[place:]


def _with_pillow(image: Image.Image) -> Iterator[ImageFile]:
    grey, palette = image.convert("L"), image.quantize(32)
    clear = image.copy()
    clear.putalpha(grey)
    second = image.transpose(Image.Transpose.ROTATE_180)
    exif = Image.Exif()
    exif[0x0112] = 6  # EXIF orientation 6: viewers rotate the image by 90 degrees
    several: dict[str, Any] = {"save_all": True, "append_images": [second, grey.convert("RGB")]}
    kinds: tuple[tuple[Image.Image, str, dict[str, Any]], ...] = (
        (image, "jpg", {"quality": 90}),
        (image, "jpg", {"progressive": True, "restart_marker_blocks": 2, "exif": exif}),
        (grey, "jpg", {}),
        (image.convert("CMYK"), "jpg", {}),
        (image, "png", {}),
        (clear, "png", {}),
        (palette, "png", {"transparency": 3}),
        (image.convert("1"), "png", {}),
        (palette, "gif", {}),
        (image, "gif", several),
        (image, "bmp", {}),
        (palette, "bmp", {}),
        (image.convert("1"), "bmp", {}),
        (image, "webp", {}),
        (clear, "webp", {"lossless": True}),
        (image, "webp", several),
        (image, "tiff", {"compression": "packbits"}),
        (image, "tiff", {"compression": "tiff_lzw", "big_tiff": True}),
        (image, "tiff", {"compression": "jpeg"}),
        (image.convert("YCbCr"), "tiff", {}),
        (image.convert("1"), "tiff", {"compression": "group4"}),
        (image, "tiff", several),
    )
    for image, suffix, options in kinds:
        stream = BytesIO()
        image.save(stream, suffix if suffix != "jpg" else "jpeg", **options)
        yield ImageFile(suffix, stream.getvalue())


def _deep(pixels: Pixels) -> Iterator[ImageFile]:
    deep = pixels.astype(np.uint16) * 257
    yield ImageFile("png", bytes(imagecodecs.png_encode(deep)))
    yield ImageFile("png", bytes(imagecodecs.png_encode(np.ascontiguousarray(deep[..., 0]))))


def _deep_jpegs(pixels: Pixels) -> Iterator[ImageFile]:
    deep = pixels.astype(np.uint16) * 257
    grey = np.ascontiguousarray(deep[..., 0])
    twelve = deep >> 4
    yield ImageFile("jls", bytes(imagecodecs.jpegls_encode(deep)))
    yield ImageFile("jls", bytes(imagecodecs.jpegls_encode(grey)))
    for values, bits, lossless in ((twelve, 12, False), (twelve, 12, True), (grey, 16, True)):
        content = imagecodecs.jpeg8_encode(values, lossless=lossless, bitspersample=bits)
        yield ImageFile("jpg", bytes(content))
    yield ImageFile("jpg", bytes(imagecodecs.jpeg8_encode(pixels, lossless=True)))


def _jpeg2000_files(image: Image.Image) -> Iterator[ImageFile]:
    deep = np.asarray(image).astype(np.uint16) * 257
    yield ImageFile("jp2", bytes(imagecodecs.jpeg2k_encode(deep, codecformat="jp2")))
    yield ImageFile("jp2", bytes(imagecodecs.jpeg2k_encode(deep[..., 0].copy())))
    options: tuple[dict[str, Any], ...] = (
        {},
        {"no_jp2": True, "irreversible": True, "tile_size": (32, 32)},
    )
    for kind, option in zip((image.convert("RGBA"), image), options, strict=True):
        stream = BytesIO()
        kind.save(stream, "JPEG2000", **option)
        yield ImageFile("jp2", stream.getvalue())


def _tagged_files(image: Image.Image) -> Iterator[ImageFile]:
    """Yield images with a colour profile."""
    profile = imagecodecs.cms_profile(
        "rgb", whitepoint=(0.3127, 0.329), primaries=(0.64, 0.33, 0.21, 0.71, 0.15, 0.06), gamma=2.2
    )
    for suffix, image_format in (
        ("jpg", "JPEG"),
        ("png", "PNG"),
        ("tif", "TIFF"),
        ("webp", "WEBP"),
    ):
        stream = BytesIO()
        image.save(stream, image_format, icc_profile=bytes(profile))
        yield ImageFile(suffix, stream.getvalue())


def _tiffs(pixels: Pixels) -> Iterator[ImageFile]:
    deep = pixels.astype(np.uint16) * 257
    unit = pixels.astype(np.float32) / 255
    kinds: tuple[tuple[NDArray[Any], dict[str, Any]], ...] = (
        (pixels, {"photometric": "rgb"}),
        (deep, {"photometric": "rgb", "byteorder": ">"}),
        (deep, {"photometric": "rgb", "compression": "zlib", "predictor": True}),
        (deep, {"photometric": "rgb", "tile": (16, 16), "compression": "lzw"}),
        (unit, {"photometric": "rgb", "compression": "zstd", "bigtiff": True}),
        (np.moveaxis(deep, -1, 0), {"photometric": "rgb", "planarconfig": "separate"}),
        (unit[..., 0], {"photometric": "minisblack", "rowsperstrip": 4}),
        (deep[..., 0].astype(np.int32), {"photometric": "minisblack", "compression": "lzma"}),
        (unit[..., 0].astype(np.float64), {"photometric": "minisblack", "tile": (32, 32)}),
    )
    for values, options in kinds:
        stream = BytesIO()
        tifffile.imwrite(stream, values, **options)
        yield ImageFile("tif", stream.getvalue())


def _tiff_variants(pixels: Pixels) -> Iterator[ImageFile]:
    """Yield TIFF files with several pages, subdirectories, and other colour spaces."""
    deep = pixels.astype(np.uint16) * 257
    planes = np.ascontiguousarray(np.moveaxis(deep, -1, 0))
    inks = np.asarray(Image.fromarray(pixels).convert("CMYK"))
    kinds: tuple[tuple[NDArray[Any], dict[str, Any]], ...] = (
        (deep, {"photometric": "minisblack", "planarconfig": "contig", "metadata": None}),
        (planes, {"imagej": True, "metadata": {"axes": "CYX", "mode": "composite"}}),
        (planes, {"ome": True, "photometric": "minisblack", "metadata": {"axes": "CYX"}}),
        (inks.astype(np.uint16) * 257, {"photometric": "separated"}),
        (pixels[..., 0], {"photometric": "palette", "colormap": _GREYS}),
        (pixels.astype(np.float32), {"photometric": "miniswhite", "planarconfig": "contig"}),
        (pixels, {"photometric": "cielab"}),
    )
    for values, options in kinds:
        stream = BytesIO()
        tifffile.imwrite(stream, values, **options)
        yield ImageFile("tif", stream.getvalue())
    stream = BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        small: dict[str, Any] = {"photometric": "rgb", "subfiletype": 1, "metadata": None}
        writer.write(pixels[::4, ::4], subifds=1, **small)
        writer.write(pixels, photometric="rgb", metadata=None)
    yield ImageFile("tif", stream.getvalue())


def _fits_files(pixels: Pixels) -> Iterator[ImageFile]:
    grey = pixels[..., 0]
    counts = grey.astype(np.int16)
    planes = np.moveaxis(pixels, -1, 0)
    units = {
        "counts": [fits.PrimaryHDU(counts)],
        "unsigned": [fits.PrimaryHDU(grey.astype(np.uint16) * 257)],
        "colour": [fits.PrimaryHDU(planes.astype(np.float32))],
        "doubles": [fits.PrimaryHDU(grey.astype(np.float64))],
        "extension": [fits.PrimaryHDU(), fits.ImageHDU(planes.astype(np.int32))],
    }
    for name, parts in units.items():
        content = _fits(parts)
        yield ImageFile("fits", content)
        if name in {"counts", "colour"}:
            yield ImageFile("fits.gz", gzip.compress(content, mtime=0))
            yield ImageFile("fits.bz2", bz2.compress(content))
            yield ImageFile("fits.xz", lzma.compress(content))
            yield ImageFile("fits.Z", compress(content))
    mosaic = fits.PrimaryHDU(grey.astype(np.uint16) * 257)
    mosaic.header["BAYERPAT"] = "RGGB"
    yield ImageFile("fits", _fits([mosaic]))
    for kind in ("RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1"):
        packed = fits.CompImageHDU(counts, compression_type=kind)
        yield ImageFile("fits.fz", _fits([fits.PrimaryHDU(), packed]))
    packed = fits.CompImageHDU(grey.astype(np.float32), compression_type="RICE_1")
    yield ImageFile("fits.fz", _fits([fits.PrimaryHDU(), packed]))


def _fits(units: list[Any]) -> bytes:
    stream = BytesIO()
    fits.HDUList(units).writeto(stream)
    return stream.getvalue()


def _xisf_files(pixels: Pixels) -> Iterator[ImageFile]:
    deep = pixels.astype(np.uint16) * 257
    planes = np.moveaxis(deep, -1, 0)
    unit = (pixels[..., 0] / 255).astype(np.float32)
    shuffled = _shuffle(planes.tobytes(), 2)
    half = len(shuffled) // 2 + 1
    halves = [bytes(imagecodecs.lz4_encode(part)) for part in (shuffled[:half], shuffled[half:])]
    colour = {"channels": 3, "sampleFormat": "UInt16", "colorSpace": "RGB"}
    grey = {"channels": 1, "sampleFormat": "Float32", "bounds": "0:1", "orientation": "90;flip"}
    sizes = f"{len(halves[0])},{half}:{len(halves[1])},{len(shuffled) - half}"
    kinds: tuple[tuple[bytes, dict[str, object]], ...] = (
        (planes.tobytes(), colour),
        (deep.astype(">u2").tobytes(), colour | {"pixelStorage": "Normal", "byteOrder": "big"}),
        (b"".join(halves), colour | {"compression": f"lz4+sh:{deep.nbytes}:2", "subblocks": sizes}),
        (zlib.compress(planes.tobytes()), colour | {"compression": f"zlib:{deep.nbytes}"}),
        (unit.tobytes(), grey),
        (
            bytes(imagecodecs.zstd_encode(_shuffle(unit.tobytes(), 4))),
            grey | {"compression": f"zstd+sh:{unit.nbytes}:4"},
        ),
    )
    for packed, attributes in kinds:
        yield ImageFile("xisf", _xisf(pixels.shape, packed, attributes))
    text = f'<Data encoding="base64">{base64.b64encode(pixels[..., 0].tobytes()).decode()}</Data>'
    embedded = {"channels": 1, "sampleFormat": "UInt8", "location": "embedded"}
    yield ImageFile("xisf", _xisf(pixels.shape, b"", embedded, text))


def _xisf(
    shape: tuple[int, ...], packed: bytes, attributes: dict[str, object], inside: str = ""
) -> bytes:
    height, width, _ = shape
    place = {
        "geometry": f"{width}:{height}:{attributes['channels']}",
        "location": f"attachment:1024:{len(packed)}",
    }
    written = " ".join(f'{name}="{value}"' for name, value in (place | attributes).items())
    header = (
        '<?xml version="1.0" encoding="UTF-8"?><xisf version="1.0">'
        f"<Image {written}>{inside}</Image></xisf>"
    ).encode()
    start = XISF_SIGNATURE + struct.pack("<LL", len(header), 0) + header
    return start.ljust(1024, b"\0") + packed


def _heic_files(pixels: Pixels) -> Iterator[ImageFile]:
    clear = np.dstack([pixels, pixels[..., 0]])
    kinds: tuple[tuple[str, NDArray[Any], int], ...] = (
        ("RGB", pixels, 1),
        ("RGB;16", pixels.astype(np.uint16) * 257, 1),
        ("RGBA", clear, 1),
        ("L", pixels[..., :1], 1),
        ("RGB", pixels, 3),
    )
    height, width, _ = pixels.shape
    for mode, values, images in kinds:
        file: Any = pillow_heif.HeifFile()  # type: ignore[no-untyped-call]
        for _ in range(images):
            file.add_frombytes(mode, (width, height), np.ascontiguousarray(values).tobytes())
        stream = BytesIO()
        file.save(stream, quality=90)
        yield ImageFile("heic", stream.getvalue())


def _avif_files(image: Image.Image) -> Iterator[ImageFile]:
    clear = image.copy()
    clear.putalpha(image.convert("L"))
    exif = Image.Exif()
    exif[0x0112] = 6
    for kind, options in (
        (image, {"exif": exif}),
        (clear, {"quality": 100}),
        (image.convert("L"), {}),
        (image, {"save_all": True, "append_images": [image, image]}),
    ):
        stream = BytesIO()
        kind.save(stream, "AVIF", **options)
        yield ImageFile("avif", stream.getvalue())
    deep = np.asarray(image).astype(np.uint16) * 4
    yield ImageFile("avif", bytes(imagecodecs.avif_encode(deep, bitspersample=10)))


def _jpeg_xl_files(pixels: Pixels) -> Iterator[ImageFile]:
    deep = pixels.astype(np.uint16) * 257
    unit = (pixels / 255).astype(np.float32)
    kinds: tuple[tuple[NDArray[Any], dict[str, Any]], ...] = (
        (pixels, {}),
        (pixels, {"usecontainer": True}),
        (deep, {"lossless": True}),
        (unit, {}),
        (np.dstack([pixels, pixels[..., 0]]), {}),
        (np.ascontiguousarray(deep[..., 0]), {}),
        (np.stack([pixels] * 3), {}),
    )
    for values, options in kinds:
        yield ImageFile("jxl", bytes(imagecodecs.jpegxl_encode(values, **options)))


def _camera_raw_files(pixels: Pixels) -> Iterator[ImageFile]:
    mosaic = mosaic_rggb(pixels.astype(np.uint16) * 257)
    for orientation in (1, 6):
        yield ImageFile("dng", dng(mosaic, orientation=orientation))


def _ser_files(pixels: Pixels) -> Iterator[ImageFile]:
    deep = pixels.astype(np.uint16) * 257
    yield ImageFile("ser", ser(np.stack([deep[..., 0]] * 20)))
    yield ImageFile("ser", ser(np.stack([mosaic_rggb(pixels)] * 2), colours=8))
    yield ImageFile("ser", ser(np.stack([pixels] * 3), colours=101))


def _psd_files(pixels: Pixels) -> Iterator[ImageFile]:
    planes = np.moveaxis(pixels, -1, 0)
    clear = np.concatenate([planes, planes[:1]])
    yield ImageFile("psd", psd(planes, 3, compression=1))
    yield ImageFile("psd", psd(planes.astype(np.uint16) * 257, 3, resources={1039: b"profile"}))
    yield ImageFile("psd", psd(clear, 3, layers=-1, compression=1))
    yield ImageFile("psd", psd(clear, 4, compression=1))
    yield ImageFile("psb", psd(planes[:1], 1, compression=1, is_large=True))


def _shuffle(content: bytes, item: int) -> bytes:
    return np.frombuffer(content, np.uint8).reshape(-1, item).T.tobytes()

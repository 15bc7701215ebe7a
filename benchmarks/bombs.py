"""Small files that decode to large images, for benchmarks of memory use."""

import gzip
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final

import imagecodecs
import numpy as np
import pillow_heif
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

__all__ = ["make_bombs"]

SIDE: Final = 10_900
"""Length of a side in pixels: just below the default limit on the number of pixels."""

ROWS: Final = 50
"""Number of rows per strip, subblock or tile."""

TIFF_TYPES: Final = ("u1", "u2", "u4", "u8", "i2", "f2", "f4", "f8", "c8", "c16")
_SAMPLE_FORMATS: Final = {"u": 1, "i": 2, "f": 3, "c": 6}


def make_bombs(folder: Path, only: str = "") -> Iterator[Path]:
    """Write the files, one after the other.

    Parameters
    ----------
    folder : Path
        Folder for the files.
    only : str
        Only files whose names contain this text.

    Yields
    ------
    Path
        The file that was written last.
    """
    for name, make in _makers():
        if only not in name:
            continue
        path = folder / name
        path.write_bytes(make())
        yield path


def _makers() -> Iterator[tuple[str, Callable[[], bytes]]]:
    for kind, samples in product(TIFF_TYPES, (1, 3, 4, 5)):
        yield f"tiff-{kind}x{samples}.tif", partial(tiff, kind, samples)
    yield "tiff-u1-cmyk.tif", partial(tiff, "u1", 4, photometric=5)
    for mode in ("1", "L", "P", "LA", "RGB", "RGBA"):
        yield f"png-{mode}.png", partial(pillow, mode, "PNG")
    yield "png-16.png", partial(png, 16, 2)
    yield "png-16-alpha.png", partial(png, 16, 6)
    yield "png-interlaced.png", partial(png, 8, 2, interlaced=1)
    yield "gif.gif", partial(pillow, "P", "GIF")
    yield "bmp.bmp", partial(pillow, "P", "BMP", compression="bmp_rle")
    yield "webp.webp", partial(pillow, "RGBA", "WEBP", side=10_900, lossless=True)
    for mode, progressive in product(("L", "RGB", "CMYK"), (False, True)):
        name = f"jpeg-{mode}{'-progressive' if progressive else ''}.jpg"
        yield name, partial(pillow, mode, "JPEG", progressive=progressive)
    yield "jpeg-scans.jpg", jpeg_with_many_scans
    for bits in (8, 16, 32, 64, -32, -64):
        yield f"fits{bits}.fits.gz", partial(packed_fits, bits)
        yield f"fits{bits}-rgb.fits.gz", partial(packed_fits, bits, planes=3)
    for codec, bits in product(("RICE_1", "GZIP_1", "HCOMPRESS_1"), (16, 32, -32)):
        yield f"fits{bits}-{codec}.fits", partial(tiled_fits, bits, codec)
    for kind, codec in product(
        ("UInt8", "UInt16", "UInt32", "Float32", "Float64"), ("zlib", "lz4", "zstd", "zlib+sh")
    ):
        if (kind, codec) == ("Float64", "lz4"):  # beyond the largest block of LZ4
            continue
        yield f"xisf-{kind}-{codec}.xisf", partial(xisf, kind, codec)
    yield "xisf-Float32-zstd-subblocks.xisf", partial(xisf, "Float32", "zstd", rows=ROWS)
    for bits, lossless in ((8, False), (8, True), (16, True)):
        yield f"jxl-{bits}{'-lossless' if lossless else ''}.jxl", partial(jpeg_xl, bits, lossless)
    yield "jp2.jp2", lambda: bytes(imagecodecs.jpeg2k_encode(black(8), level=1))
    yield "jpeg-ls.jls", lambda: bytes(imagecodecs.jpegls_encode(black(8)))
    yield "avif.avif", lambda: bytes(imagecodecs.avif_encode(black(8, 8192), level=1, speed=10))
    yield "heic.heic", heic
    for bits in (8, 16):
        yield f"psd-{bits}.psd", partial(packed_psd, bits)


def tiff(kind: str, samples: int, *, photometric: int | None = None, side: int = SIDE) -> bytes:
    """Return a TIFF whose strips all refer to the same compressed rows."""
    dtype = np.dtype(f"<{kind}")
    strip = zlib.compress(bytes(ROWS * side * samples * dtype.itemsize), 9)
    strips = -(-side // ROWS)
    colours = 1 if samples < 3 else 3
    data, entries = io.BytesIO(bytes(8)), []
    data.seek(8)

    def entry(tag: int, code: str, values: list[int]) -> None:
        kinds = {"H": 3, "L": 4}
        packed = struct.pack(f"<{len(values)}{code}", *values)
        if len(packed) > 4:
            place = struct.pack("<L", data.tell())
            data.write(packed)
        else:
            place = packed.ljust(4, b"\0")
        entries.append(struct.pack("<HHL", tag, kinds[code], len(values)) + place)

    start = data.tell()
    data.write(strip)
    entry(256, "L", [side])
    entry(257, "L", [side])
    entry(258, "H", [8 * dtype.itemsize] * samples)
    entry(259, "H", [8])
    entry(262, "H", [photometric or (1 if colours == 1 else 2)])
    entry(273, "L", [start] * strips)
    entry(277, "H", [samples])
    entry(278, "L", [ROWS])
    entry(279, "L", [len(strip)] * strips)
    if samples > colours and photometric is None:
        entry(338, "H", [2] + [0] * (samples - colours - 1))
    entry(339, "H", [_SAMPLE_FORMATS[dtype.kind]] * samples)
    directory = data.tell()
    data.write(struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4))
    data.seek(0)
    data.write(b"II*\0" + struct.pack("<L", directory))
    return data.getvalue()


def pillow(mode: str, image_format: str, *, side: int = SIDE, **options: Any) -> bytes:
    """Return an empty image, encoded by Pillow."""
    stream = io.BytesIO()
    Image.new(mode, (side, side)).save(stream, image_format, **options)
    return stream.getvalue()


def png(bits: int, colour_type: int, *, interlaced: int = 0, side: int = SIDE) -> bytes:
    """Return an empty PNG of any bit depth and colour type."""
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[colour_type]
    row = bytes(1 + side * samples * bits // 8)
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(row) for _ in range(side + side // 8 * interlaced))
    chunks = {
        b"IHDR": struct.pack(">LLBBBBB", side, side, bits, colour_type, 0, 0, interlaced),
        b"IDAT": packed + rows.flush(),
        b"IEND": b"",
    }
    parts = [
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        for kind, data in chunks.items()
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg_with_many_scans(scans: int = 5_000, side: int = 4_000) -> bytes:
    """Return a progressive JPEG in which the last scan is repeated."""
    content = pillow("L", "JPEG", side=side, progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * scans + content[-2:]


def fits_header(*cards: tuple[str, Any]) -> bytes:
    """Return a FITS header."""
    text: str = fits.Header(cards).tostring()
    return text.encode()


def packed_fits(bits: int, *, planes: int = 1, side: int = SIDE) -> bytes:
    """Return a gzipped FITS image."""
    axes = [("NAXIS", 2 + (planes > 1)), ("NAXIS1", side), ("NAXIS2", side)]
    axes += [("NAXIS3", planes)] * (planes > 1)
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as file:
        file.write(fits_header(("SIMPLE", True), ("BITPIX", bits), *axes))
        for _ in range(side * planes):
            file.write(bytes(side * abs(bits) // 8))
        file.write(bytes(2880))
    return stream.getvalue()


def tiled_fits(bits: int, codec: str, *, side: int = SIDE) -> bytes:
    """Return a tile-compressed FITS image."""
    kinds = {8: "u1", 16: "i2", 32: "i4", -32: "f4"}
    stream = io.BytesIO()
    image = fits.CompImageHDU(
        np.zeros((side, side), kinds[bits]), compression_type=codec, tile_shape=(100, side)
    )
    fits.HDUList([fits.PrimaryHDU(), image]).writeto(stream)
    return stream.getvalue()


def black(bits: int, side: int = SIDE) -> NDArray[Any]:
    """Return a black image."""
    return np.zeros((side, side, 3), f"u{bits // 8}")


def jpeg_xl(bits: int, lossless: bool) -> bytes:
    """Return a JPEG XL image."""
    return bytes(imagecodecs.jpegxl_encode(black(bits), effort=1, lossless=lossless))


def heic(side: int = 8192) -> bytes:
    """Return a HEIC image."""
    file = pillow_heif.from_bytes("RGB", (side, side), black(8, side).tobytes())
    stream = io.BytesIO()
    file.save(stream, quality=1)
    return stream.getvalue()


def packed_psd(bits: int, side: int = SIDE) -> bytes:
    """Return a Photoshop document that is compressed with PackBits."""
    row = bytes(imagecodecs.packbits_encode(bytes(side * bits // 8)))
    header = struct.pack(">4sH6xHLLHH", b"8BPS", 1, 3, side, side, bits, 3)
    return header + bytes(12) + b"\0\1" + struct.pack(">H", len(row)) * 3 * side + row * 3 * side


def xisf(kind: str, codec: str, *, rows: int | None = None, side: int = SIDE) -> bytes:
    """Return a compressed XISF image with three channels."""
    sizes = {"UInt8": 1, "UInt16": 2, "UInt32": 4, "Float32": 4, "Float64": 8}
    size = side * side * 3 * sizes[kind]
    packers: dict[str, Callable[[bytes], Any]] = {
        "zlib": lambda data: zlib.compress(data, 1),
        "lz4": imagecodecs.lz4_encode,
        "zstd": imagecodecs.zstd_encode,
    }
    pack = packers[codec.removesuffix("+sh")]
    step = rows * side * 3 * sizes[kind] if rows else size
    parts = [bytes(pack(bytes(min(step, size - start)))) for start in range(0, size, step)]
    shuffled = f":{sizes[kind]}" if codec.endswith("+sh") else ""
    lengths = [min(step, size - start) for start in range(0, size, step)]
    pairs = ":".join(f"{len(part)},{n}" for part, n in zip(parts, lengths, strict=True))
    subblocks = f' subblocks="{pairs}"' if rows else ""
    block = b"".join(parts)
    header = (
        '<?xml version="1.0" encoding="UTF-8"?><xisf version="1.0">'
        f'<Image geometry="{side}:{side}:3" sampleFormat="{kind}" colorSpace="RGB" '
        f'bounds="0:1" compression="{codec}:{size}{shuffled}"{subblocks} '
        f'location="attachment:{{start:08}}:{len(block)}"/></xisf>'
    )
    start = 16 + len(header.format(start=0).encode())
    text = header.format(start=start).encode()
    return b"XISF0100" + struct.pack("<LL", len(text), 0) + text + block

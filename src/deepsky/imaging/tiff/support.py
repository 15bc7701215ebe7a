"""Check that the pixel format of a TIFF page is supported."""

from typing import Final, NoReturn

from deepsky.errors import UnsupportedFormatError
from deepsky.imaging.tiff.header import TiffPage

__all__ = ["check_support"]

_MAX_SAMPLES: Final = 5  # four CMYK samples and one alpha sample
_MAX_BITS: Final = 64
_COMPRESSIONS: Final = frozenset(
    {
        *(1, 32773),  # none, PackBits
        *(2, 3, 4),  # CCITT
        5,  # LZW
        *(6, 7),  # JPEG
        *(8, 32946),  # deflate
        *(34887, 34925, 50000, 50001),  # LERC, LZMA, ZSTD, WebP
    }
)
"""Values of the Compression tag that the decoder supports."""
_COMPRESSION_NAMES: Final = {
    **dict.fromkeys((33003, 33004, 33005, 34712), "JPEG 2000"),
    **dict.fromkeys((50002, 52546), "JPEG XL"),
    **dict.fromkeys((34676, 34677), "SGI LogLuv"),
    32809: "ThunderScan",
    32909: "PixarLog",
    34661: "JBIG",
    34713: "Nikon raw",
    34933: "PNG",
    34934: "JPEG XR",
    48124: "Jetraw",
}
_PHOTOMETRIC_NAMES: Final = {
    3: "palette",
    4: "transparency mask",
    6: "YCbCr",
    8: "CIE L*a*b*",
    9: "ICC L*a*b*",
    10: "ITU L*a*b*",
    32803: "raw mosaic",
    32844: "LogL",
    32845: "LogLuv",
    34892: "linear raw",
    51177: "depth map",
}
_PLAIN: Final = frozenset({0, 1, 2, 3, 5, 8, 9, 32803, 34892})
_CONVERTED: Final = frozenset({0, 1, 2, 3, 5, 6})
_COMPLEX: Final = (5, 6)
_JPEG: Final = (6, 7)
_ADVICE: Final = "save the image as 8- or 16-bit grey or RGB"


def check_support(page: TiffPage) -> None:
    """Check that the pixels of a page can be decoded.

    Parameters
    ----------
    page : TiffPage
        Tags of the page.

    Raises
    ------
    UnsupportedFormatError
        If the compression or the pixel format is not supported. The message names it.
    """
    if page.compression not in _COMPRESSIONS:
        name = _COMPRESSION_NAMES.get(page.compression)
        described = f"compression {page.compression}" + (f" ({name})" if name else "")
        _refuse(described, "save the image with LZW or deflate compression, or uncompressed")
    if page.depth > 1:
        _refuse(
            f"{page.depth} images in one page (ImageDepth)", "save one image as a separate file"
        )
    if page.sample_format in _COMPLEX:
        _refuse("complex numbers", "save their absolute values or one of their parts")
    if page.samples > _MAX_SAMPLES:
        _refuse(f"{page.samples} channels", "save up to three channels as grey or RGB")
    if page.bits > _MAX_BITS:
        _refuse(f"{page.bits} bits per sample", _ADVICE)
    if page.photometric not in (_PLAIN if is_plain(page) else _CONVERTED):
        name = _PHOTOMETRIC_NAMES.get(page.photometric, "unknown")
        _refuse(
            f"{page.samples} channels, {page.bits} bits and photometric interpretation "
            f"{page.photometric} ({name})",
            _ADVICE,
        )


def is_plain(page: TiffPage) -> bool:
    """Return whether the decoder returns samples as stored, without a conversion to 8-bit RGB.

    Parameters
    ----------
    page : TiffPage
        Tags of the page.

    Returns
    -------
    bool
        False for JPEG compression, fewer than 8 bits, palettes of up to 8 bits, and YCbCr.
    """
    if page.bits > 8:
        return True
    return page.bits == 8 and page.compression not in _JPEG and page.photometric not in (3, 6)


def _refuse(feature: str, advice: str) -> NoReturn:
    msg = f"TIFF with {feature} is not supported; {advice}."
    raise UnsupportedFormatError(msg)

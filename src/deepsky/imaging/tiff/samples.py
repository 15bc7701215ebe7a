"""Convert the samples of a TIFF page to grey or RGB values."""

from typing import Any, Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from deepsky.imaging.display.alpha import blend_on_black
from deepsky.imaging.display.cielab import lab_to_srgb
from deepsky.imaging.display.colour_profile import cmyk_to_srgb
from deepsky.imaging.tiff.header import TiffPage

__all__ = ["CFA", "CMYK", "LAB", "LINEAR_RAW", "PALETTE", "prepare_samples", "to_colours"]

WHITE_IS_ZERO: Final = 0
PALETTE: Final = 3
CMYK: Final = 5
CIELAB: Final = 8
LAB: Final = (CIELAB, 9)
CFA: Final = 32803
LINEAR_RAW: Final = 34892
"""Values of the PhotometricInterpretation tag."""

_COLOUR_MAP: Final = 320
_NO_DATA: Final = 42113
_UNASSOCIATED_ALPHA: Final = 2
_ALPHA: Final = (1, 2)
_FLOATS: Final = 3
_COLOURS: Final = 3
_INKS: Final = 4
_SCALES: Final = (1, 255, 65535)


def prepare_samples(samples: NDArray[Any], page: TiffPage) -> NDArray[Any]:
    """Convert samples of any colour space to grey or RGB, each pixel on its own.

    Parameters
    ----------
    samples : ndarray, shape (height, width, samples)
        Samples of all or some of the rows, as stored.
    page : TiffPage
        Tags of the page.

    Returns
    -------
    ndarray, shape (height, width, channels)
        RGB, if the samples are CMYK, CIELAB or entries of a palette. Otherwise, all samples at the
        full range of their data type; floats without data are NaN, and other values without data
        are 0.

    References
    ----------
    TIFF 6.0 (Adobe, 1992), sections 3, 16, 18 and 23; *Adobe Photoshop TIFF Technical Notes*
    (2002); GDAL documentation, *GTiff* (nodata).
    """
    if page.bits == 24:
        samples = _from_24_bits(samples, page.sample_format)
    if page.photometric == PALETTE:
        return _from_palette(samples[..., :1], page)
    if page.photometric in LAB:
        return lab_to_srgb(_to_lab(samples[..., :_COLOURS], page))
    filled = _fill_word(_without_blank(samples, page.directory.data(_NO_DATA)), page.bits)
    if page.photometric != CMYK:
        return filled
    colours = _from_cmyk(filled[..., :_INKS], page)
    opacity = _opacity(filled, page)
    return colours if opacity is None else blend_on_black(colours, opacity)


def to_colours(samples: NDArray[Any], page: TiffPage) -> NDArray[Any]:
    """Choose the samples that represent the colours, and apply their scale and alpha.

    Parameters
    ----------
    samples : ndarray, shape (height, width, channels)
        All rows, as returned by `prepare_samples`.
    page : TiffPage
        Tags of the page.

    Returns
    -------
    ndarray, shape (height, width, 1 or 3)
        Grey or RGB. Transparent pixels are black.
    """
    if page.photometric in (PALETTE, CMYK, *LAB):
        return samples
    colours = samples[..., : _count_colours(page)]
    if page.photometric == WHITE_IS_ZERO:
        colours = _inverted(colours)
    opacity = _opacity(samples, page)
    return colours if opacity is None else blend_on_black(colours, opacity)


def _count_colours(page: TiffPage) -> int:
    """Return the number of samples per pixel that represent the colour.

    Three or more samples are RGB even if the tags describe them as grey and additional samples,
    as GDAL does by default for images with three bands.
    """
    colours = page.samples - sum(extra in _ALPHA for extra in page.extra_samples)
    return _COLOURS if colours >= _COLOURS else 1


def _opacity(samples: NDArray[Any], page: TiffPage) -> NDArray[Any] | None:
    """Return the samples of unassociated alpha, by which the colours are not multiplied yet."""
    if _UNASSOCIATED_ALPHA not in page.extra_samples:
        return None
    first = page.samples - len(page.extra_samples)
    alpha = first + page.extra_samples.index(_UNASSOCIATED_ALPHA)
    return samples[..., alpha : alpha + 1] if 0 < alpha < page.samples else None


def _fill_word(values: NDArray[Any], bits: int) -> NDArray[Any]:
    """Scale samples whose number of bits is not a power of two, such as 12, to their data type."""
    spare = 8 * values.dtype.itemsize - bits
    return values << spare if values.dtype.kind == "u" and spare > 0 else values


def _from_24_bits(samples: NDArray[Any], sample_format: int) -> NDArray[Any]:
    """Convert samples of 24 bits, of which libtiff reads the first byte as the highest one."""
    stored = samples.astype(">u4").view(np.uint8).reshape(*samples.shape, 4)[..., 1:]
    if sample_format == _FLOATS:
        values: NDArray[Any] = imagecodecs.float24_decode(stored.tobytes(), byteorder="<")
        return values.reshape(samples.shape)
    weights = np.array([1, 1 << 8, 1 << 16], np.uint32)
    integers: NDArray[Any] = (stored * weights).sum(axis=-1, dtype=np.uint32)
    return integers


def _inverted(values: NDArray[Any]) -> NDArray[Any]:
    """Exchange black and white, within the full range of the values."""
    if values.dtype.kind == "u":
        return ~values
    if values.dtype.kind == "i":
        return ~values if values.min() < 0 else np.iinfo(values.dtype).max - values
    lowest = np.nanmin(values, initial=np.inf)
    highest = np.nanmax(values, initial=-np.inf)
    scales = [scale for scale in _SCALES if lowest >= 0 and highest <= scale]
    inverted: NDArray[Any] = (scales[0] if scales else lowest + highest) - values
    return inverted


def _without_blank(values: NDArray[Any], text: bytes) -> NDArray[Any]:
    """Replace values that GDAL's nodata tag declares as missing by NaN, or 0 in integers."""
    try:
        blank = float(text.rstrip(b"\0"))
    except ValueError:
        return values
    is_float = values.dtype.kind == "f"
    if not is_float and not blank:
        return values
    filled = values.copy()
    if is_float:
        filled[values == values.dtype.type(blank)] = np.nan
    else:
        filled[(values == blank).all(axis=-1)] = 0
    return filled


def _from_palette(indices: NDArray[Any], page: TiffPage) -> NDArray[Any]:
    table = page.directory.numbers(_COLOUR_MAP).astype(np.uint16)
    colours = table[: table.size // _COLOURS * _COLOURS].reshape(_COLOURS, -1).T
    chosen: NDArray[Any] = colours.take(np.minimum(indices[..., 0], len(colours) - 1), axis=0)
    return chosen


def _from_cmyk(inks: NDArray[Any], page: TiffPage) -> NDArray[np.uint8]:
    levels = _to_bytes(inks)
    converted = cmyk_to_srgb(levels, page.icc_profile) if page.icc_profile else None
    if converted is not None:
        return converted
    light = 255 - levels.astype(np.uint16)
    shown: NDArray[np.uint16] = light[..., :3] * light[..., 3:] // 255
    return shown.astype(np.uint8)


def _to_bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    is_float = values.dtype.kind == "f"
    full = 1.0 if is_float else float(np.iinfo(values.dtype).max)
    return np.rint(np.clip(np.nan_to_num(values / np.float32(full)), 0, 1) * 255).astype(np.uint8)


def _to_lab(values: NDArray[Any], page: TiffPage) -> NDArray[np.float32]:
    """Return L* from 0 to 100, and a* and b* from -128 to 128."""
    lab: NDArray[np.float32] = values.astype(np.float32)
    if values.dtype.kind == "f":
        return lab
    is_byte = values.dtype.itemsize == 1
    step = 1 if is_byte else 256
    if page.photometric == CIELAB:
        white = 255 if is_byte else 65535
        signed = values[..., 1:].astype(values.dtype.str.replace("u", "i"))
        lab[..., 1:] = signed.astype(np.float32) / step
    else:
        white = 255 if is_byte else 65280
        lab[..., 1:] = lab[..., 1:] / step - 128
    lab[..., 0] *= 100 / white
    return lab

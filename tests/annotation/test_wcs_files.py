"""The WCS in copies of FITS files and in files of its own is read by astropy."""

import gzip
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from deepsky.annotation.wcs_files import check_fits, copy_fits, make_wcs_file
from deepsky.errors import OutputError
from deepsky.identification.fields import SkyFields
from deepsky.imaging.image_data import ImageInfo
from deepsky.imaging.read import read_image
from tests.annotation.identified import M_31, identified_record
from tests.catalogue.sky_fields import Field, field_around

SIZE = (60, 40)
PIXELS = np.array([[0, 0], [59, 39], [59, 0], [30.5, 5.25]])
MARK = "deepsky annotation 0123456789abcdef"


def solved(distortion: float = 0.0) -> tuple[Field, SkyFields]:
    """Return a field for the pixels as displayed, and its place on the sky by a plate solver."""
    field = field_around(*M_31, scale=100, rotation=25, size=SIZE, distortion=distortion)
    sky = identified_record(field)["sky"]
    assert sky
    return field, {**sky, "source": "solve-field"}


def pixels(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 60000, (*shape, 40, 60)).astype(np.uint16)


def write(*units: fits.hdu.base.ExtensionHDU) -> bytes:
    buffer = BytesIO()
    fits.HDUList(list(units)).writeto(buffer, checksum=True)
    return buffer.getvalue()


def primary(data: np.ndarray, **cards: object) -> fits.PrimaryHDU:
    unit = fits.PrimaryHDU(data)
    unit.header["OBJECT"] = ("M 31", "a comment")
    unit.header["HISTORY"] = "stacked"
    unit.header.update(cards)
    return unit


FILES = {
    "grey": lambda: write(primary(pixels())),
    "top-down": lambda: write(primary(pixels(), ROWORDER="TOP-DOWN")),
    "colour": lambda: write(primary(pixels(3), CTYPE3="RGB")),
    "extension": lambda: write(fits.PrimaryHDU(), fits.ImageHDU(pixels())),
    "compressed tiles": lambda: write(fits.PrimaryHDU(), fits.CompImageHDU(pixels())),
}


def copy(content: bytes | Path, image: ImageInfo, sky: SkyFields) -> bytes:
    file = BytesIO()
    copy_fits(sky, image, check_fits(image), content, MARK, file)
    return file.getvalue()


@pytest.mark.filterwarnings("ignore:'cdfix' made the change")
@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("distortion", [0.0, 3.0])
def test_copy_has_the_wcs_of_the_stored_pixels(
    tmp_path: Path, kind: str, distortion: float
) -> None:
    content = FILES[kind]()
    (tmp_path / "m31.fits").write_bytes(content)
    image = read_image(content)
    field, sky = solved(distortion)

    copied = copy(content, image.info, sky)

    assert copied == copy(tmp_path / "m31.fits", image.info, sky)
    with fits.open(BytesIO(content)) as old, fits.open(BytesIO(copied), checksum=True) as new:
        number = len(old) - 1
        np.testing.assert_array_equal(new[number].data, old[number].data)
        added = WCS(new[number].header, naxis=2)
    stored = PIXELS.copy()
    if kind != "top-down":
        stored[:, 1] = 39 - stored[:, 1]
    expected = field.wcs.all_pix2world(PIXELS, 0)
    np.testing.assert_allclose(added.all_world2pix(expected, 0), stored, atol=0.01)
    again = read_image(copied)
    np.testing.assert_array_equal(again.pixels, image.pixels)
    assert again.metadata.wcs_header


def test_copy_keeps_all_other_cards() -> None:
    content = write(primary(pixels(), EXPTIME=30.0, CRPIX1A=5.0, B_V=0.6, A_LONG="n" * 90))
    _, sky = solved()

    copied = copy(content, read_image(content).info, sky)

    old, new = (fits.getheader(BytesIO(each)) for each in (content, copied))
    del old["CHECKSUM"]
    kept = [card for card in new.cards if card.keyword in old and MARK not in str(card.value)]
    assert [str(card) for card in kept] == [str(card) for card in old.cards]
    assert MARK in str(new["HISTORY"])


def test_earlier_wcs_of_another_place_is_replaced() -> None:
    wrong = field_around(83.8, -5.4, scale=5, size=SIZE, distortion=5)
    content = write(primary(pixels(), **dict(wrong.wcs.to_header(relax=True))))
    field, sky = solved()

    copied = copy(content, read_image(content).info, sky)

    header = fits.getheader(BytesIO(copied))
    assert "A_ORDER" not in header
    assert "CDELT1" not in header
    stored = PIXELS * [1, -1] + [0, 39]
    expected = field.wcs.all_pix2world(PIXELS, 0)
    np.testing.assert_allclose(WCS(header).all_world2pix(expected, 0), stored, atol=0.01)


def test_wcs_of_the_file_itself_is_not_rewritten() -> None:
    content = write(
        primary(pixels(), **dict(field_around(*M_31, scale=9, size=SIZE).wcs.to_header()))
    )
    _, sky = solved()

    copied = copy(content, read_image(content).info, {**sky, "source": "header"})

    old, new = (fits.getheader(BytesIO(each)) for each in (content, copied))
    assert [new[key] for key in ("CRVAL1", "PC1_1")] == [old[key] for key in ("CRVAL1", "PC1_1")]
    assert "CD1_1" not in new


@pytest.mark.filterwarnings("ignore:The WCS transformation has more axes")
def test_wcs_file_describes_the_stored_pixels() -> None:
    field, sky = solved(distortion=2)
    image = ImageInfo(width=60, height=40, format="JPEG", stretch=None, sha256="", orientation=6)

    content = make_wcs_file(sky, image, MARK)

    assert len(content) % 2880 == 0
    header = fits.getheader(BytesIO(content))
    assert (header["NAXIS"], header["IMAGEW"], header["IMAGEH"]) == (0, 40, 60)
    # Orientation 6 turns the stored image clockwise.
    stored = np.stack([PIXELS[:, 1], 59 - PIXELS[:, 0]], -1)
    expected = field.wcs.all_pix2world(PIXELS, 0)
    np.testing.assert_allclose(WCS(header).all_world2pix(expected, 0), stored, atol=0.01)


def test_changed_and_compressed_files_are_refused() -> None:
    content = FILES["grey"]()
    image = read_image(content)
    _, sky = solved()

    with pytest.raises(OutputError, match="was changed"):
        copy(content.replace(b"M 31", b"M 33"), image.info, sky)
    with pytest.raises(OutputError, match="--format wcs"):
        check_fits(read_image(gzip.compress(content)).info)
    interleaved = write(primary(np.moveaxis(pixels(3), 0, -1).copy()))
    with pytest.raises(OutputError, match="--format wcs"):
        check_fits(read_image(interleaved).info)

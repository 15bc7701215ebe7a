"""The sample images of the tutorial, among them a FITS file, as one ZIP archive."""

import io
import zipfile
from pathlib import Path
from typing import Final

import numpy as np
from astropy.io import fits
from PIL import Image

__all__ = ["sample_archive", "write_fits"]

SAMPLES: Final = Path(__file__).parents[2] / "samples"
FITS_SOURCE: Final = "ngc-7006.jpg"
TIMESTAMP: Final = (2026, 1, 1, 0, 0, 0)
"""Time of all files in the archive, so that the same images always give the same archive."""


def sample_archive() -> bytes:
    """Return a ZIP archive of the folder ``samples`` with the sample images and a FITS file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted([*SAMPLES.glob("*.jpg"), SAMPLES / "CREDITS.md"]):
            archive.writestr(_entry(path.name), path.read_bytes())
        fits_file = io.BytesIO()
        write_fits(fits_file)
        archive.writestr(_entry("ngc-7006.fits"), fits_file.getvalue(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def write_fits(file: io.BufferedIOBase) -> None:
    """Write the image of NGC 7006 as a camera would have: linear, in 16 bits, with its header.

    Parameters
    ----------
    file : binary file
        File that is open for writing.
    """
    with Image.open(SAMPLES / FITS_SOURCE) as image:
        brightness = np.asarray(image.convert("L"), dtype=np.float64)[::-1] / 255
    noise = np.random.default_rng(1).normal(0, 12, brightness.shape)
    adu = 500 + 12_000 * brightness**2.2 + noise
    header = fits.Header()
    header["OBJECT"] = "NGC 7006"
    header["IMAGETYP"] = "Light Frame"
    header["EXPTIME"] = (60.0, "seconds")
    header["COMMENT"] = f"Made from the SDSS image {FITS_SOURCE}, CC BY 4.0."
    fits.PrimaryHDU(adu.clip(0, 65_535).astype(np.uint16), header).writeto(file)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"samples/{name}", TIMESTAMP)
    entry.external_attr = 0o644 << 16
    return entry

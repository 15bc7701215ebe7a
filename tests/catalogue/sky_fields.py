"""Random fields of sky, and an independent computation of what is in them."""

from dataclasses import dataclass

import numpy as np
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS, Sip
from numpy.typing import NDArray

from deepsky.catalogue import CatalogueObject


@dataclass(frozen=True)
class Field:
    wcs: WCS
    width: int
    height: int


def field_around(
    ra: float,
    dec: float,
    *,
    scale: float,
    rotation: float = 0.0,
    mirrored: bool = False,
    size: tuple[int, int] = (1600, 1200),
    distortion: float = 0.0,
    offset: tuple[float, float] = (0.0, 0.0),
) -> Field:
    """Return a field; scale in arcsec/pixel, distortion in pixels at the corner."""
    wcs = WCS(naxis=2)
    suffix = "-SIP" if distortion else ""
    wcs.wcs.ctype = [f"RA---TAN{suffix}", f"DEC--TAN{suffix}"]
    wcs.wcs.crval = [ra, dec]
    wcs.wcs.crpix = [size[0] / 2 + offset[0], size[1] / 2 + offset[1]]
    angle = np.radians(rotation)
    rotate = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    wcs.wcs.cd = rotate @ np.diag([scale if mirrored else -scale, scale]) / 3600
    if distortion:
        a, b = np.zeros((4, 4)), np.zeros((4, 4))
        a[2, 0] = distortion / (size[0] / 2) ** 2
        b[0, 3] = -distortion / (size[1] / 2) ** 3
        a[1, 2] = distortion / (size[0] / 2) ** 3
        wcs.sip = Sip(a, b, None, None, wcs.wcs.crpix)
    wcs.wcs.set()
    return Field(wcs, *size)


def random_field(
    entry: CatalogueObject, generator: np.random.Generator, distortion: float = 0.0
) -> Field:
    """Return a random field that contains an object; distortion as a fraction of its size."""
    size = tuple(int(n) for n in generator.integers(400, 4000, 2))
    return field_around(
        entry.ra,
        entry.dec,
        scale=float(np.exp(generator.uniform(np.log(0.3), np.log(60)))),
        rotation=float(generator.uniform(0, 360)),
        mirrored=bool(generator.integers(2)),
        size=(size[0], size[1]),
        distortion=distortion * min(size),
        offset=(
            float(generator.uniform(-0.45, 0.45) * size[0]),
            float(generator.uniform(-0.45, 0.45) * size[1]),
        ),
    )


def pixels_of(field: Field, objects: list[CatalogueObject]) -> NDArray[np.float64]:
    """Return the pixels of objects in an undistorted field; NaN for objects far from it."""
    sky = SkyCoord([o.ra for o in objects], [o.dec for o in objects], unit="deg")
    corners = field.wcs.pixel_to_world(
        [0, field.width, 0, field.width], [0, 0, field.height, field.height]
    )
    centre = field.wcs.pixel_to_world(field.width / 2, field.height / 2)
    near = np.flatnonzero(sky.separation(centre) < 1.2 * corners.separation(centre).max())
    pixels = np.full((len(objects), 2), np.nan)
    if len(near):
        pixels[near] = np.stack(field.wcs.world_to_pixel(sky[near]), -1)
    return pixels


def inside(field: Field, pixels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which pixels are inside the image."""
    upper = np.array([field.width, field.height]) - 0.5
    return np.asarray(((pixels >= -0.5) & (pixels <= upper)).all(axis=1))

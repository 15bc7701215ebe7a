"""Generate synthetic skies with stars, double stars, defocused stars, star trails or comets.

Training uses synthetic skies in two ways. Reduced images are placed in a star field, so that the
network recognizes objects that do not fill the image. Skies without a deep-sky object are labelled
``other``, so that the network does not classify images that only show stars as deep-sky objects.
Synthetic images are used because photographs of such skies are rarely published.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter
from scipy.signal import fftconvolve

__all__ = ["SKY_KINDS", "draw_empty_sky", "place_among_stars"]

FIELD_STARS: Final = (30, 1500)
"""Minimum and maximum number of stars in an image. The minimum is typical of the galactic pole, and
the maximum of the Milky Way."""

FLUX_SLOPE: Final = 1.0
"""Exponent of the power law for the number of stars that are brighter than a given flux. With an
exponent of 1, this number increases tenfold if the flux is divided by ten, as in the real sky at
most magnitudes."""

OBJECT_SIZE: Final = (0.25, 0.7)
"""Minimum and maximum side of a reduced image, as a fraction of the side of the star field."""


def draw_empty_sky(size: int, rng: np.random.Generator, kind: str | None = None) -> Image.Image:
    """Generate a synthetic sky without a deep-sky object.

    Parameters
    ----------
    size : int
        Side of the square image, in pixels.
    rng : numpy.random.Generator
    kind : str, optional
        One of `SKY_KINDS`. By default, a random kind, which is a star field with a probability of
        0.5.

    Returns
    -------
    PIL.Image.Image
        RGB image.
    """
    kinds = list(SKY_KINDS)
    kind = kind or kinds[max(0, int(rng.integers(2 - len(kinds), len(kinds))))]
    light = SKY_KINDS[kind](size, rng)
    background = rng.uniform(0.01, 0.12) * (1 + rng.normal(0, 0.08, 3))
    slope = rng.normal(0, 0.15, 2)
    rows, columns = np.mgrid[-0.5 : 0.5 : size * 1j, -0.5 : 0.5 : size * 1j]
    glow = background * (1 + slope[0] * rows + slope[1] * columns)[..., None]
    return _as_image(glow + (1 - glow) * light)


def place_among_stars(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Reduce an image, and blend it into a synthetic star field of the original size.

    Parameters
    ----------
    image : PIL.Image.Image
        Square RGB image.
    rng : numpy.random.Generator

    Returns
    -------
    PIL.Image.Image
        RGB image of the same size as ``image``.
    """
    size = image.width
    side = max(int(size * rng.uniform(*OBJECT_SIZE)), 2)
    small = np.asarray(image.resize((side, side), Image.Resampling.LANCZOS)) / np.float32(255)
    # Use the sky colour of the reduced image for the star field, to hide the edges of that image.
    sky = np.median(np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]]), axis=0)
    distance = np.hypot(*np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j])
    fade = np.clip((1 - distance) / 0.35, 0, 1)[..., None]
    frame = np.broadcast_to(sky, (size, size, 3)).astype(np.float32)
    top, left = rng.integers(0, size - side + 1, 2)
    frame[top : top + side, left : left + side] += fade * (small - sky)
    frame = np.maximum(frame, sky + (1 - sky) * _stars(size, rng))
    return _as_image(frame)


def _stars(size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw a star field as an array of shape (size, size, 3) with values from 0 to 1."""
    seeing = rng.uniform(0.5, 1.4) * size / 224
    return _expose(_points(size, rng), seeing, rng.uniform(0.03, 0.3))


def _double_star(size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    points = _points(size, rng, most=100)
    middle = size / 2 + rng.normal(0, size / 12, 2)
    half = rng.uniform(0.01, 0.12) * size * _direction(rng)
    for place, flux in ((middle + half, 1.0), (middle - half, rng.uniform(0.1, 1.0))):
        row, column = place.clip(0, size - 1).astype(int)
        points[row, column] = 3000 * flux * (1 + rng.normal(0, 0.2, 3)).clip(0.3, None)
    return _expose(points, rng.uniform(0.8, 2.0) * size / 224, rng.uniform(0.05, 0.3))


def _defocused(size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw defocused stars as disks or, as in a telescope with a central obstruction, as rings."""
    radius = rng.uniform(0.012, 0.06) * size
    extent = int(radius) + 2
    distance = np.hypot(*np.mgrid[-extent : extent + 1, -extent : extent + 1])
    disk = np.clip(radius + 0.5 - distance, 0, 1)
    disk -= np.clip(rng.choice([0.0, 0.4]) * radius + 0.5 - distance, 0, 1)
    points = _points(size, rng, most=200)
    light = fftconvolve(points, disk[..., None], mode="same", axes=(0, 1)).clip(0)
    return np.asarray(1 - np.exp(-light * rng.uniform(0.01, 0.1)), dtype=np.float32)


def _trails(size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw star trails: arcs around the celestial pole. The pole may be outside the image."""
    points = _points(size, rng, most=400)
    pole = rng.uniform(-0.5, 1.5, 2) * size
    rows, columns = np.nonzero(points.any(axis=-1))
    colours = points[rows, columns]
    offsets = np.stack([rows, columns], axis=-1) - pole
    light = np.zeros_like(points)
    length = rng.uniform(0.05, 1.2)
    for angle in np.arange(0, length, 0.7 / size):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        places = np.rint(offsets @ turn + pole).astype(int)
        inside = ((places >= 0) & (places < size)).all(axis=-1)
        light[tuple(places[inside].T)] = colours[inside]
    return _expose(light, rng.uniform(0.4, 0.8) * size / 224, rng.uniform(0.03, 0.2))


def _comet(size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw a comet: a coma whose brightness decreases as 1/r, and a tail that widens and fades."""
    head = size * rng.uniform(0.25, 0.75, 2)
    rows, columns = np.mgrid[:size, :size].astype(np.float32)
    direction = _direction(rng)
    offsets = np.stack([rows - head[0], columns - head[1]], axis=-1)
    along = offsets @ direction
    across = offsets @ np.array([-direction[1], direction[0]])
    scale = size * rng.uniform(0.01, 0.04)
    coma = (
        scale
        / (np.hypot(along, across) + 0.4 * scale)
        * np.exp(-np.hypot(along, across) / size * 8)
    )
    width = scale * 0.7 + np.abs(along) * rng.uniform(0.05, 0.3)
    tail = np.exp(-0.5 * (across / width) ** 2 - along / (size * rng.uniform(0.1, 0.6)))
    tail *= along > 0
    tint = np.array([0.6, 1.0, 0.75]) if rng.random() < 0.6 else np.array([1.0, 0.97, 0.9])
    glow = coma[..., None] * tint + rng.uniform(0.1, 0.6) * tail[..., None]
    light = 1 - np.exp(-glow * rng.uniform(0.5, 2.0))
    return np.asarray(np.maximum(light, _stars(size, rng) * (1 - light)), dtype=np.float32)


SKY_KINDS: Final[dict[str, Callable[[int, np.random.Generator], NDArray[np.float32]]]] = {
    "star field": _stars,
    "double star": _double_star,
    "defocused stars": _defocused,
    "star trails": _trails,
    "comet": _comet,
}
"""Functions that draw a sky as an array of shape (size, size, 3) with values from 0 to 1, by kind
of sky."""


def _points(size: int, rng: np.random.Generator, most: int = FIELD_STARS[1]) -> NDArray[np.float32]:
    """Return an array of shape (size, size, 3) with the fluxes of stars; all other pixels are 0.

    The faintest star has a flux of about 1.
    """
    count = int(np.exp(rng.uniform(*np.log((FIELD_STARS[0], most)))))
    fluxes = np.minimum(rng.pareto(FLUX_SLOPE, count) + 1, 3000)
    warmth = rng.normal(0, 0.15, count)
    colours = np.stack([1 + warmth, np.ones(count), 1 - warmth], axis=-1).clip(0.4, 1.6)
    points = np.zeros((size, size, 3), dtype=np.float32)
    np.add.at(points, tuple(rng.integers(0, size, (2, count))), fluxes[:, None] * colours)
    return points


def _expose(points: NDArray[np.float32], seeing: float, exposure: float) -> NDArray[np.float32]:
    """Convert the fluxes of point sources to an image, with blur (seeing) and saturated stars.

    The image of a star consists of a core and a faint, wide halo, which is visible only
    around the brightest stars. ``exposure`` is the brightness of the faintest star.
    """
    light = sum(
        weight * gaussian_filter(points, (sigma, sigma, 0), mode="constant")
        for weight, sigma in ((1.0, seeing), (0.1, 3 * seeing))
    )
    return np.asarray(1 - np.exp(-exposure * 2 * np.pi * seeing**2 * light))


def _direction(rng: np.random.Generator) -> NDArray[np.float64]:
    angle = rng.uniform(0, 2 * np.pi)
    return np.array([np.cos(angle), np.sin(angle)])


def _as_image(light: NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(np.rint(light.clip(0, 1) * 255).astype(np.uint8))

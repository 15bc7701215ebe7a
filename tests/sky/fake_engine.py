"""A plate solver for tests."""

from collections.abc import Callable  # noqa: TC003

from astropy.io import fits

from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers import Limits, SearchHints, Solution, Unsolved

__all__ = ["HEIGHT", "WIDTH", "FakeEngine", "header_of"]

WIDTH, HEIGHT = 1800, 1200


class FakeEngine:
    """A plate solver that places images of 1800 x 1200 pixels at M 42, and no others."""

    name = "astap"

    def __init__(self) -> None:
        self.searched: list[tuple[ReducedImage, SearchHints, float]] = []
        self.before: Callable[[Limits], object] = lambda _: None

    def is_available(self) -> bool:
        return True

    def settings(self) -> str:
        return ""

    def solve(self, image: ReducedImage, hints: SearchHints, limits: Limits) -> Solution | Unsolved:
        self.searched.append((image, hints, limits.seconds))
        self.before(limits)
        if limits.cancelled():
            return Unsolved("cancelled")
        if (image.width, image.height) != (WIDTH, HEIGHT):
            return Unsolved("too few stars")
        return Solution(header_of(83.82, -5.39))


def header_of(ra: float, dec: float) -> str:
    header = fits.Header()
    header["CTYPE1"], header["CTYPE2"] = "RA---TAN", "DEC--TAN"
    header["CRVAL1"], header["CRVAL2"] = ra, dec
    header["CRPIX1"], header["CRPIX2"] = (WIDTH + 1) / 2, (HEIGHT + 1) / 2
    header["CD1_1"] = header["CD2_2"] = -2 / WIDTH
    return str(header.tostring(endcard=False, padding=False))

"""The engine ``solve-field`` of astrometry.net."""

import re
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers.hints import SearchHints
from deepsky.sky.solvers.indexes import describe_files, index_files
from deepsky.sky.solvers.process import OUTPUT, run_program
from deepsky.sky.solvers.scaling import restore_header
from deepsky.sky.solvers.solver import Limits, Reason, Solution, Unsolved
from deepsky.sky.solvers.stars import MIN_STARS, can_find_stars, find_stars

__all__ = ["SolveField"]

_MIN_WIDTH, _MAX_WIDTH = 0.1, 90.0  # degrees
_FIRST_SHARE: Final = 0.4  # of the time, for the stars that sep finds; most matches are quick
_FOUND: Final = re.compile(rb"simplexy: found (\d+) sources")


class SolveField:
    """The engine ``solve-field`` of astrometry.net.

    The program runs in a temporary folder with a configuration of its own. It accepts only matches
    with odds of at least 10⁹ to 1. It never uses the network, because its input is a local file.

    Attributes
    ----------
    name : str
        ``"solve-field"``.

    References
    ----------
    Lang, D., Hogg, D. W., Mierle, K., Blanton, M., & Roweis, S. (2010). Astrometry.net: Blind
    astrometric calibration of arbitrary astronomical images. The Astronomical Journal, 139, 1782.
    """

    name = "solve-field"

    def is_available(self) -> bool:
        """Return whether ``solve-field`` and index files are installed.

        Returns
        -------
        bool
        """
        return shutil.which("solve-field") is not None and bool(index_files())

    def settings(self) -> str:
        """Describe the star finder and the index files.

        Returns
        -------
        str
        """
        return f"sep {can_find_stars()}\n{describe_files(index_files())}"

    def solve(self, image: ReducedImage, hints: SearchHints, limits: Limits) -> Solution | Unsolved:
        """Search for the place of an image; see `deepsky.sky.solvers.Solver.solve`.

        Parameters
        ----------
        image : ReducedImage
        hints : SearchHints
        limits : Limits

        Returns
        -------
        Solution or Unsolved
        """
        program = shutil.which("solve-field")
        if program is None or not self.is_available():
            return Unsolved("no engine installed")
        end = time.monotonic() + limits.seconds
        result: fits.Header | Unsolved = Unsolved("too few stars")
        if can_find_stars():
            stars = find_stars(image.luminance)
            first = replace(limits, seconds=limits.seconds * _FIRST_SHARE)
            if len(stars) >= MIN_STARS:
                write = partial(_write_stars, stars=stars, shape=image.luminance.shape)
                result = _run(program, write, _search_options(hints, image.factor), first)
        if isinstance(result, Unsolved) and result.reason not in {"cancelled", "engine failed"}:
            # The engine's own star finder succeeds in some nebulae in which sep does not.
            left = replace(limits, seconds=max(1.0, end - time.monotonic()))
            write = partial(_write_image, luminance=image.luminance)
            result = _run(program, write, _search_options(hints, image.factor), left)
        if isinstance(result, Unsolved):
            return result
        return Solution(restore_header(result, image))


_OPTIONS: Final = (
    "--config=engine.cfg",
    "--overwrite",
    "--no-plots",
    "--crpix-center",
    "--tweak-order=2",
    "--temp-dir=.",
    "--dir=.",
    "--wcs=solution.wcs",
    *(f"--{name}=none" for name in ("new-fits", "match", "rdls", "corr", "solved", "index-xyls")),
)


def _run(
    program: str, write: Callable[[Path], list[str]], search: list[str], limits: Limits
) -> fits.Header | Unsolved:
    """Run ``solve-field`` in a temporary folder on the stars or the image that `write` writes."""
    with TemporaryDirectory(prefix="deepsky-solve-") as name:
        folder = Path(name)
        _write_configuration(folder / "engine.cfg", limits)
        outcome = run_program([program, *search, *_OPTIONS, *write(folder)], folder, limits)
        if outcome != "finished":
            return Unsolved(outcome)
        solution = folder / "solution.wcs"
        if solution.is_file():
            return fits.getheader(solution)
        return Unsolved(_reason((folder / OUTPUT).read_bytes()))


def _write_configuration(file: Path, limits: Limits) -> None:
    lines = [f"cpulimit {max(1, int(limits.seconds))}", f"minwidth {_MIN_WIDTH}"]
    lines += [f"index {index}" for index in index_files()]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def _write_image(folder: Path, luminance: NDArray[np.float32]) -> list[str]:
    fits.PrimaryHDU(luminance).writeto(folder / "image.fits")
    return ["--downsample", "2", "image.fits"]


def _write_stars(folder: Path, stars: NDArray[np.float64], shape: tuple[int, ...]) -> list[str]:
    """Write stars to a table, and return the options with which ``solve-field`` reads it."""
    columns = [
        fits.Column(name, "E", array=stars[:, i] + offset)
        for i, (name, offset) in enumerate([("X", 1), ("Y", 1), ("FLUX", 0)])
    ]
    fits.BinTableHDU.from_columns(columns).writeto(folder / "stars.xyls")
    size = [f"--width={shape[1]}", f"--height={shape[0]}"]
    return [*size, "--x-column=X", "--y-column=Y", "--sort-column=FLUX", "stars.xyls"]


def _search_options(hints: SearchHints, factor: int) -> list[str]:
    options = []
    if hints.ra is not None and hints.dec is not None:
        options += [
            f"--ra={hints.ra:.5f}",
            f"--dec={hints.dec:.5f}",
            f"--radius={hints.radius:.3f}",
        ]
    if hints.min_scale is not None and hints.max_scale is not None:
        low, high, units = hints.min_scale * factor, hints.max_scale * factor, "arcsecperpix"
    else:
        low, high, units = _MIN_WIDTH, _MAX_WIDTH, "degwidth"
    return [
        *options,
        f"--scale-low={low:.5f}",
        f"--scale-high={high:.5f}",
        f"--scale-units={units}",
    ]


def _reason(output: bytes) -> Reason:
    found = _FOUND.search(output)
    if found and int(found[1]) < MIN_STARS:
        return "too few stars"
    return "time limit" if b"time limit reached" in output else "no match"

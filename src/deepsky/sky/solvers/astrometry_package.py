"""The engine of the Python package ``astrometry``, which is optional."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers.hints import SearchHints
from deepsky.sky.solvers.indexes import describe_files, index_files
from deepsky.sky.solvers.process import run_program
from deepsky.sky.solvers.scaling import restore_header
from deepsky.sky.solvers.solver import Limits, Solution, Unsolved
from deepsky.sky.solvers.stars import MIN_STARS, can_find_stars, find_stars

__all__ = ["AstrometryPackage"]

_WIDTHS: Final = (0.1, 90.0)  # degrees
_WORKER: Final = "deepsky.sky.solvers.astrometry_worker"


class AstrometryPackage:
    """The engine of the Python package ``astrometry``, in a process of its own.

    The package contains the code of astrometry.net under the licence GPL-3.0, so it is not part of
    the default installation. It reads the same index files as ``solve-field``.

    Attributes
    ----------
    name : str
        ``"astrometry"``.

    References
    ----------
    Marcireau, A. astrometry. https://pypi.org/project/astrometry
    """

    name = "astrometry"

    def is_available(self) -> bool:
        """Return whether ``astrometry``, ``sep`` and index files are installed.

        Returns
        -------
        bool
        """
        return find_spec("astrometry") is not None and can_find_stars() and bool(index_files())

    def settings(self) -> str:
        """Describe the index files.

        Returns
        -------
        str
        """
        return describe_files(index_files())

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
        if not self.is_available():
            return Unsolved("no engine installed")
        stars = find_stars(image.luminance)
        if len(stars) < MIN_STARS:
            return Unsolved("too few stars")
        task = _describe_task(stars, hints, image)
        with TemporaryDirectory(prefix="deepsky-solve-") as name:
            folder = Path(name)
            (folder / "task.json").write_text(json.dumps(task), "utf-8")
            outcome = run_program([sys.executable, "-m", _WORKER], folder, limits)
            if outcome != "finished":
                return Unsolved(outcome)
            cards = json.loads((folder / "solution.json").read_text("utf-8"))
        if cards is None:
            return Unsolved("no match")
        return Solution(restore_header(fits.Header(cards.items()), image))


def _describe_task(
    stars: NDArray[np.float64], hints: SearchHints, image: ReducedImage
) -> dict[str, Any]:
    if hints.min_scale is not None and hints.max_scale is not None:
        scales = [hints.min_scale * image.factor, hints.max_scale * image.factor]
    else:
        scales = [degrees * 3600 / image.luminance.shape[1] for degrees in _WIDTHS]
    has_position = hints.ra is not None and hints.dec is not None
    return {
        "index_files": [str(file) for file in index_files()],
        "stars": (stars[:, :2] + 1).tolist(),
        "scales": scales,
        "position": [hints.ra, hints.dec, hints.radius] if has_position else None,
    }

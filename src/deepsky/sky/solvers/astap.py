"""The engine ASTAP, the Astrometric STAcking Program."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from astropy.io import fits

from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers.hints import SearchHints
from deepsky.sky.solvers.indexes import describe_files, user_folders
from deepsky.sky.solvers.process import run_program
from deepsky.sky.solvers.scaling import restore_header
from deepsky.sky.solvers.solver import Limits, Solution, Unsolved

__all__ = ["Astap"]

_PROGRAMS: Final = (
    "astap_cli",
    "/opt/astap/astap_cli",
    "/Applications/ASTAP.app/Contents/MacOS/astap_cli",
    r"C:\Program Files\astap\astap_cli.exe",
)
_DATABASE_FOLDERS: Final = ("/opt/astap", "/usr/share/astap/data", "/usr/local/opt/astap")
_DATABASES: Final = ("*.1476", "*.290", "*.001")  # names of the files of a star database
_NUMBERS: Final = ("CRPIX1", "CRPIX2", "CRVAL1", "CRVAL2", "CD1_1", "CD1_2", "CD2_1", "CD2_2")


class Astap:
    """The engine ASTAP, through its command-line version ``astap_cli``.

    Attributes
    ----------
    name : str
        ``"astap"``.

    References
    ----------
    Kleijn, H. ASTAP, command-line use. https://www.hnsky.org/astap.htm
    """

    name = "astap"

    def is_available(self) -> bool:
        """Return whether ``astap_cli`` and a star database are installed.

        Returns
        -------
        bool
        """
        return _find_program() is not None and _find_database() is not None

    def settings(self) -> str:
        """Describe the star database.

        Returns
        -------
        str
        """
        folder = _find_database()
        return "" if folder is None else describe_files(_database_files(folder)[:1])

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
        program, database = _find_program(), _find_database()
        if program is None or database is None:
            return Unsolved("no engine installed")
        with TemporaryDirectory(prefix="deepsky-solve-") as name:
            folder = Path(name)
            # ASTAP reads 16-bit integers most reliably.
            fits.PrimaryHDU((image.luminance * 100).astype(np.int16)).writeto(folder / "image.fits")
            files = ["-f", str(folder / "image.fits"), "-o", str(folder / "solution")]
            search = _search_options(hints, image.factor * image.luminance.shape[0])
            arguments = [program, *files, *search, "-d", str(database)]
            outcome = run_program(arguments, folder, limits)
            result = folder / "solution.ini"
            # astap_cli returns an error code when it finds no solution.
            if result.is_file() and outcome in {"finished", "engine failed"}:
                return _read_result(result, image)
            return Unsolved("engine failed" if outcome == "finished" else outcome)


def _find_program() -> str | None:
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def _find_database() -> Path | None:
    program = _find_program()
    folders = user_folders() + [Path(folder) for folder in _DATABASE_FOLDERS]
    if program is not None:
        folders.append(Path(program).resolve().parent)
    return next((folder for folder in folders if _database_files(folder)), None)


def _database_files(folder: Path) -> list[Path]:
    return sorted(file for pattern in _DATABASES for file in folder.glob(pattern))


def _search_options(hints: SearchHints, height: int) -> list[str]:
    options = ["-z", "0"]  # chooses the binning
    if hints.ra is not None and hints.dec is not None:
        options += ["-ra", f"{hints.ra / 15:.6f}", "-spd", f"{hints.dec + 90:.5f}"]
        options += ["-r", f"{hints.radius:.3f}"]
    else:
        options += ["-r", "180"]
    if hints.min_scale is not None and hints.max_scale is not None:
        scale = (hints.min_scale * hints.max_scale) ** 0.5
        return [*options, "-fov", f"{scale * height / 3600:.5f}"]
    return [*options, "-fov", "0"]  # tries several fields of view


def _read_result(file: Path, image: ReducedImage) -> Solution | Unsolved:
    """Read the result of ASTAP: lines of ``KEYWORD=value`` with the WCS as in a FITS header."""
    lines = file.read_text("latin-1").splitlines()
    values = {name.strip(): value.strip() for name, _, value in (x.partition("=") for x in lines)}
    if values.get("PLTSOLVD") != "T":
        reason = values.get("ERROR", "").lower()
        return Unsolved("too few stars" if "not enough stars" in reason else "no match")
    header = fits.Header([("CTYPE1", "RA---TAN"), ("CTYPE2", "DEC--TAN")])
    try:
        for name in _NUMBERS:
            header[name] = float(values[name])
    except (KeyError, ValueError):
        return Unsolved("engine failed")
    return Solution(restore_header(header, image))

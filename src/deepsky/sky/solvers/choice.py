"""Choose the plate-solving engine."""

from typing import Final

from deepsky.errors import SolverError
from deepsky.sky.solvers.astap import Astap
from deepsky.sky.solvers.astrometry_package import AstrometryPackage
from deepsky.sky.solvers.cache import SolutionCache
from deepsky.sky.solvers.finder import PositionFinder
from deepsky.sky.solvers.nova import KEY, Nova
from deepsky.sky.solvers.solve_field import SolveField
from deepsky.sky.solvers.solver import Solver
from deepsky.sky.solving import check_solver

__all__ = ["SOLVERS", "choose_solver", "make_finder"]

SOLVERS: Final[dict[str, Solver]] = {
    solver.name: solver for solver in (SolveField(), Astap(), AstrometryPackage(), Nova())
}
"""Engines by name, the preferred one first; the last one is online."""

_INSTALLATION: Final = """\
Debian, Ubuntu: sudo apt install astrometry.net \
astrometry-data-tycho2-{07,08,09,10-19}-littleendian
macOS: brew install astrometry-net, and index files from http://data.astrometry.net/4100/
Windows: ASTAP and one of its star databases from https://www.hnsky.org/astap.htm
docs/how-to/plate-solving.md describes the engines and their star indexes."""


def choose_solver(name: str = "auto") -> Solver | None:
    """Choose a plate-solving engine.

    Parameters
    ----------
    name : str
        Name of an engine, ``"auto"`` for the first one that is installed, or ``"never"``. The
        online engine ``"nova"`` is never chosen by ``"auto"``.

    Returns
    -------
    Solver or None
        None for ``"never"``.

    Raises
    ------
    SolverError
        If the engine, its star index or its API key is missing.
    ValueError
        If the name is unknown.
    """
    check_solver(name)
    if name == "never":
        return None
    names = [one for one in SOLVERS if one != Nova.name] if name == "auto" else [name]
    found = next((SOLVERS[one] for one in names if SOLVERS[one].is_available()), None)
    if found is None:
        raise SolverError(_describe_missing(name))
    return found


def _describe_missing(name: str) -> str:
    if name == Nova.name:
        return (
            f"The plate solver nova requires an API key of nova.astrometry.net in the environment "
            f"variable {KEY}, and sep: pip install sep. docs/how-to/plate-solving.md describes "
            "what is sent."
        )
    if name == "auto":
        return f"No plate solver is installed with a star index.\n{_INSTALLATION}"
    return f"The plate solver {name} is not installed with a star index.\n{_INSTALLATION}"


def make_finder(
    name: str, *, processes: int | None = None, cache: SolutionCache | None = None
) -> PositionFinder | None:
    """Create a finder with an engine.

    Parameters
    ----------
    name : str
        Name of an engine, ``"auto"`` or ``"never"``; see `choose_solver`.
    processes : int, optional
        Number of engines that run at the same time. By default, one for every two CPU cores.
    cache : SolutionCache, optional
        By default, no results are kept.

    Returns
    -------
    PositionFinder or None
        None for ``"never"``.

    Raises
    ------
    SolverError
        If the engine or its star index is not installed.
    ValueError
        If the name is unknown.
    """
    solver = choose_solver(name)
    return None if solver is None else PositionFinder(solver, processes=processes, cache=cache)

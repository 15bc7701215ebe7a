"""Choose the plate-solving engine."""

from typing import Final

from deepsky.sky.solvers.astap import Astap
from deepsky.sky.solvers.astrometry_package import AstrometryPackage
from deepsky.sky.solvers.solve_field import SolveField
from deepsky.sky.solvers.solver import Solver

__all__ = ["SOLVERS", "choose_solver"]

SOLVERS: Final[dict[str, Solver]] = {
    solver.name: solver for solver in (SolveField(), Astap(), AstrometryPackage())
}
"""Engines by name, the preferred one first."""


def choose_solver(name: str = "auto") -> Solver | None:
    """Choose a plate-solving engine.

    Parameters
    ----------
    name : str
        Name of an engine, ``"auto"`` for the first one that is installed, or ``"never"``.

    Returns
    -------
    Solver or None
        None for ``"never"``, and for ``"auto"`` if no engine is installed.

    Raises
    ------
    ValueError
        The name is unknown.
    """
    if name == "never":
        return None
    if name == "auto":
        return next((solver for solver in SOLVERS.values() if solver.is_available()), None)
    if name not in SOLVERS:
        known = ", ".join(["auto", "never", *SOLVERS])
        msg = f"There is no plate solver {name!r}. Choose one of: {known}."
        raise ValueError(msg)
    return SOLVERS[name]

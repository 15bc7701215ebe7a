"""Names of plate solvers, and reasons why they have not placed an image on the sky."""

from typing import Final, Literal, get_args

__all__ = [
    "SOLVER_CHOICES",
    "SOLVE_SECONDS",
    "OfflineSolverChoice",
    "Reason",
    "SolverChoice",
    "check_solver",
]

OfflineSolverChoice = Literal["never", "auto", "solve-field", "astap", "astrometry"]
"""An engine; ``"auto"`` chooses the first one that is installed, and ``"never"`` none."""

SolverChoice = Literal[OfflineSolverChoice, "nova"]
"""As `OfflineSolverChoice`, or ``"nova"``, an online service."""

SOLVER_CHOICES: Final[tuple[SolverChoice, ...]] = get_args(SolverChoice)

SOLVE_SECONDS: Final = 60.0
"""Default time limit for finding the place of one image, in seconds."""

Reason = Literal[
    "no engine installed",
    "too few stars",
    "no match",
    "time limit",
    "scale contradicts the header",
    "engine failed",
    "cancelled",
]
"""Why plate solving has not placed an image on the sky."""


def check_solver(name: str) -> SolverChoice:
    """Check the name of a plate solver.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        `name` itself.

    Raises
    ------
    ValueError
        If `name` is not one of `SOLVER_CHOICES`.

    Examples
    --------
    >>> check_solver("astapp")
    Traceback (most recent call last):
        ...
    ValueError: There is no plate solver named 'astapp'; choose one of never, auto, solve-field, \
astap, astrometry, nova.
    """
    if name not in SOLVER_CHOICES:
        msg = f"There is no plate solver named {name!r}; choose one of {', '.join(SOLVER_CHOICES)}."
        raise ValueError(msg)
    return name

"""Exit with a message when a command fails."""

from typing import NoReturn

import typer

__all__ = ["FAILED", "USAGE", "stop"]

FAILED = 1
"""Exit status of failures."""

USAGE = 2
"""Exit status of invalid arguments and settings."""


def stop(message: str, status: int) -> NoReturn:
    """Print an error message to standard error, and exit.

    Parameters
    ----------
    message : str
        The problem and what to do about it, as sentences after ``deepsky:``.
    status : int
        Exit status: `FAILED` or `USAGE`.

    Raises
    ------
    typer.Exit
        Always.
    """
    typer.echo(f"deepsky: {message}", err=True)
    raise typer.Exit(status)

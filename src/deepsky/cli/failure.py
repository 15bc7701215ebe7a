"""Exit status and message of a command that fails."""

from typing import Final, NoReturn

import typer

__all__ = ["FAILED", "USAGE", "stop"]

FAILED: Final = 1
"""Exit status of a command that could not do everything it was run for."""

USAGE: Final = 2
"""Exit status of an invalid command."""


def stop(message: str, status: int) -> NoReturn:
    """Print an error message to standard error and exit.

    Parameters
    ----------
    message : str
        What is wrong and what to do about it.
    status : int
        Exit status.

    Raises
    ------
    typer.Exit
    """
    typer.echo(f"deepsky: {message}", err=True)
    raise typer.Exit(status)

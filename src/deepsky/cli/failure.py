"""How a command ends when it cannot do what it was asked."""

from typing import NoReturn

import typer

__all__ = ["FAILED", "USAGE", "stop"]

FAILED = 1
"""Exit status where something that was asked for could not be done."""

USAGE = 2
"""Exit status where what was asked for makes no sense."""


def stop(message: str, status: int) -> NoReturn:
    """Say what is wrong on standard error, and exit.

    Parameters
    ----------
    message : str
        What is wrong and what to do.
    status : int
        Exit status.
    """
    typer.echo(f"deepsky: {message}", err=True)
    raise typer.Exit(status)

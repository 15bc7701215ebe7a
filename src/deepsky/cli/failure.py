"""Exit with an error message and an exit status."""

from typing import Final, NoReturn

import typer

from deepsky.batch.control_characters import escape_control_characters

__all__ = ["FAILED", "USAGE", "stop"]

FAILED: Final = 1
"""Exit status of a command that failed completely or in part."""

USAGE: Final = 2
"""Exit status of an invalid command."""


def stop(message: str, status: int) -> NoReturn:
    """Print an error message to standard error and exit.

    Parameters
    ----------
    message : str
        Description of the error and of how to correct it. Control characters, for example in file
        names, are escaped.
    status : int
        Exit status.

    Raises
    ------
    typer.Exit
        Always.
    """
    lines = message.splitlines()
    typer.echo(f"deepsky: {chr(10).join(map(escape_control_characters, lines))}", err=True)
    raise typer.Exit(status)

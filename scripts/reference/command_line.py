"""The commands and options of the command line, as Typer describes them."""

import typer
from typer.cli import get_docs_for_click

from deepsky.cli import app

__all__ = ["commands"]


def commands() -> str:
    """Return a section for each command, with its arguments and options."""
    command = typer.main.get_command(app)
    context = typer.Context(command)
    names = command.list_commands(context)  # type: ignore[attr-defined]
    sections = (
        get_docs_for_click(
            obj=command.get_command(context, name),  # type: ignore[attr-defined]
            ctx=context,
            indent=1,
            call_prefix="deepsky",
        )
        for name in names
    )
    return "\n".join(sections)

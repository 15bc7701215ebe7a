"""``deepsky keys``: who may use a server that other machines can reach."""

from typing import Annotated

import typer

from deepsky.cli.failure import USAGE, stop
from deepsky.cli.storage import open_storage

__all__ = ["keys"]

keys = typer.Typer(help="Make, list and revoke the API keys of the server.", no_args_is_help=True)

LONGEST = 200

Name = Annotated[str, typer.Argument(help="What the key goes by, such as who has it.")]


@keys.command()
def add(name: Name) -> None:
    """Make a key, and write it to standard output: it is shown this once."""
    if not (name.strip() and name.isprintable() and len(name) <= LONGEST):
        stop(f"a name is one line of at most {LONGEST} characters, and not empty.", USAGE)
    with open_storage() as storage:
        from deepsky.storage.clients import add_key

        with storage.database.write() as session:
            key = add_key(session, name)
    typer.echo(key)
    typer.echo("The key is shown this once: it is stored nowhere.", err=True)


@keys.command(name="list")
def list_keys() -> None:
    """List the keys in use. The keys themselves are stored nowhere."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("Name", "Made", box=box.SIMPLE, show_edge=False)
    with open_storage() as storage:
        from deepsky.storage.clients import list_keys

        with storage.database.read() as session:
            for key in list_keys(session):
                table.add_row(Text(str(key.name)), f"{key.created_at:%Y-%m-%d %H:%M} UTC")
    if table.row_count:
        Console().print(table)
    else:
        typer.echo("No keys are in use. To make one: deepsky keys add NAME", err=True)


@keys.command()
def revoke(name: Name) -> None:
    """Let a key open nothing any more. What was answered to its holder stays."""
    with open_storage() as storage:
        from deepsky.storage.clients import revoke_key

        with storage.database.write() as session:
            revoke_key(session, name)
    typer.echo(f"The key {name!r} opens nothing any more.")

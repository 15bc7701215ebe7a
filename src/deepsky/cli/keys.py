"""``deepsky keys``: create, list and revoke the server's API keys."""

from typing import Annotated

import typer

from deepsky.cli.failure import USAGE, stop
from deepsky.cli.storage import open_storage
from deepsky.cli.tables import print_table

__all__ = ["keys"]

keys = typer.Typer(help="Create, list and revoke the API keys of the server.", no_args_is_help=True)

MAX_LENGTH = 200

Name = Annotated[str, typer.Argument(help="Name of the key, such as the name of its user.")]


@keys.command()
def add(name: Name) -> None:
    """Create an API key and print it. The key is shown only once."""
    if not (name.strip() and name.isprintable() and len(name) <= MAX_LENGTH):
        stop(
            f"the name must have 1 to {MAX_LENGTH} printable characters and must not be blank.",
            USAGE,
        )
    with open_storage() as storage:
        from deepsky.storage.clients import add_key

        with storage.database.write() as session:
            key = add_key(session, name)
    typer.echo(key)
    typer.echo("Copy the key now: it is not stored and cannot be shown again.", err=True)


@keys.command(name="list")
def list_keys() -> None:
    """List the names of the valid API keys. The keys themselves are not stored."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table("Name", "Created", box=box.SIMPLE, show_edge=False)
    with open_storage() as storage:
        from deepsky.storage.clients import list_keys

        with storage.database.read() as session:
            for key in list_keys(session):
                table.add_row(Text(str(key.name)), f"{key.created_at:%Y-%m-%d %H:%M} UTC")
    if table.row_count:
        print_table(table)
    else:
        typer.echo("There are no keys. To create one, run: deepsky keys add NAME", err=True)


@keys.command()
def revoke(name: Name) -> None:
    """Revoke an API key. The classifications made with the key are kept."""
    with open_storage() as storage:
        from deepsky.storage.clients import revoke_key

        with storage.database.write() as session:
            revoke_key(session, name)
    typer.echo(f"The key {name!r} has been revoked.")

"""``deepsky db``: the database, and the images beside it."""

from typing import TYPE_CHECKING, Annotated

import typer

from deepsky.cli.failure import FAILED
from deepsky.cli.storage import open_storage

if TYPE_CHECKING:
    from deepsky.storage import Database, Report

__all__ = ["db"]

db = typer.Typer(
    help="Bring the server's database up to date, or look for damage.", no_args_is_help=True
)


@db.command()
def upgrade() -> None:
    """Bring the tables to what this version of deepsky works with."""
    with open_storage(as_it_is=True) as storage:
        storage.require_matching_images()
        before = _revision(storage.database)
        storage.database.upgrade()
        after = _revision(storage.database)
        if before == after:
            typer.echo(f"{storage.database.address} is up to date, at {after}.")
        else:
            typer.echo(f"{storage.database.address} went from {before or 'nothing'} to {after}.")


@db.command()
def check(
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="First remove the images that no answer is about, as the server does by itself. "
            "Safe while servers run.",
        ),
    ] = False,
    contents: Annotated[
        bool,
        typer.Option(
            "--contents",
            help="Also read every image, and tell those that are not as they were kept.",
        ),
    ] = False,
) -> None:
    """Look for damage: exit status 1 if anything is wrong.

    An image that a server is just keeping may be counted as one that no answer is about.
    """
    with open_storage(as_it_is=True) as storage:
        storage.require_ready()
        typer.echo(f"{storage.database.address} is up to date, at {_revision(storage.database)}.")
        if repair:
            storage.clean_up()
        report = storage.check(contents=contents)
    _tell(report)
    if not report.is_consistent:
        raise typer.Exit(FAILED)


def _revision(database: "Database") -> str | None:
    with database.engine.connect() as connection:
        return database.revision(connection)


def _tell(report: "Report") -> None:
    for complaint in report.database:
        typer.echo(f"The database is damaged: {complaint}")
    for sha256 in report.missing:
        typer.echo(f"{sha256}: There are answers about this image, but it is missing.")
    for sha256 in report.damaged:
        typer.echo(f"{sha256}: The file of this image is damaged.")
    for sha256 in report.orphans:
        typer.echo(f"{sha256}: No answer is about this image.")
    typer.echo(
        f"{_counted(report.database, 'complaint')} of the database, "
        f"{_counted(report.missing, 'image')} missing, "
        f"{_counted(report.damaged, 'image')} damaged, "
        f"{_counted(report.orphans, 'image')} without an answer."
    )
    if report.orphans:
        typer.echo("To remove what no answer is about: deepsky db check --repair")


def _counted(found: list[str], what: str) -> str:
    return f"{len(found)} {what}" if len(found) == 1 else f"{len(found)} {what}s"

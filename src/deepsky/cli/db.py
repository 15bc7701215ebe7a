"""``deepsky db``: upgrade and check the server's database and image folder."""

from typing import TYPE_CHECKING, Annotated

import typer

from deepsky.cli.failure import FAILED
from deepsky.cli.storage import open_storage

if TYPE_CHECKING:
    from deepsky.storage import Report

__all__ = ["db"]

db = typer.Typer(help="Upgrade or check the server's database and images.", no_args_is_help=True)


@db.command()
def upgrade() -> None:
    """Upgrade the database schema to the revision that this version of deepsky requires."""
    with open_storage(prepare=False) as storage:
        storage.require_matching_images()
        before = storage.database.current_revision()
        storage.database.upgrade()
        after = storage.database.current_revision()
        if before == after:
            typer.echo(f"{storage.database.address} is up to date (revision {after}).")
        elif before is None:
            typer.echo(f"Created the tables of {storage.database.address} (revision {after}).")
        else:
            typer.echo(f"Upgraded {storage.database.address} from revision {before} to {after}.")


@db.command()
def check(
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Before the check, remove images without classifications, as the server does "
            "every hour. This is safe while servers are running.",
        ),
    ] = False,
    contents: Annotated[
        bool,
        typer.Option(
            "--contents",
            help="Also read every image file and check its SHA-256.",
        ),
    ] = False,
) -> None:
    """Check the database and the images; exit with status 1 if there are problems.

    An image that a server is currently storing may be reported as an image without classifications.
    """
    with open_storage(prepare=False) as storage:
        storage.require_ready()
        revision = storage.database.current_revision()
        typer.echo(f"{storage.database.address} is up to date (revision {revision}).")
        if repair:
            storage.clean_up()
        report = storage.check(contents=contents)
    _print(report)
    if not report.is_consistent:
        raise typer.Exit(FAILED)


def _print(report: "Report") -> None:
    for problem in report.database:
        typer.echo(f"The database is damaged: {problem}")
    for sha256 in report.missing:
        typer.echo(
            f"{sha256}: The image file is missing, "
            "but the database contains classifications of the image."
        )
    for sha256 in report.damaged:
        typer.echo(f"{sha256}: The image file is damaged.")
    for sha256 in report.orphans:
        typer.echo(f"{sha256}: The image has no classifications.")
    typer.echo(
        f"{_count(report.database, 'problem')} in the database; "
        f"{_count(report.missing, 'image')} missing, "
        f"{_count(report.damaged, 'image')} damaged, "
        f"{_count(report.orphans, 'image')} without classifications."
    )
    if report.database or report.missing or report.damaged:
        typer.echo("Restore missing and damaged data from a backup: see docs/how-to/service.md.")
    if report.orphans:
        typer.echo("To remove images without classifications, run: deepsky db check --repair")


def _count(found: list[str], noun: str) -> str:
    return f"{len(found)} {noun}" if len(found) == 1 else f"{len(found)} {noun}s"

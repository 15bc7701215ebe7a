"""Command-line interface, with one module per command."""

from typing import Annotated, Any, Final

import typer

from deepsky import __version__
from deepsky.cli.ablate import ablate
from deepsky.cli.annotate import annotate
from deepsky.cli.classify import classify
from deepsky.cli.cross_validate import cross_validate
from deepsky.cli.dataset import dataset
from deepsky.cli.db import db
from deepsky.cli.doctor import doctor
from deepsky.cli.evaluate import evaluate
from deepsky.cli.feedback import feedback
from deepsky.cli.find import find
from deepsky.cli.fit_kinds import fit_kinds
from deepsky.cli.keys import keys
from deepsky.cli.models import models
from deepsky.cli.object import show_object
from deepsky.cli.process import prepare_process
from deepsky.cli.serve import serve
from deepsky.cli.train import train
from deepsky.cli.watch import watch_folder

__all__ = ["app"]


class _App(typer.Typer):
    """Command-line program, which prepares its process before it runs a command."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command in this process."""
        prepare_process()
        return super().__call__(*args, **kwargs)


app = _App(
    help="Classify images of the sky: galaxy, nebula, star cluster, or not a deep-sky object.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
_COMMANDS: Final = {
    "Classify images": (classify, watch_folder, find, annotate, show_object),
    "Models": (models, evaluate, train, fit_kinds, cross_validate, ablate),
    "Service": (serve,),
    "This installation": (doctor,),
}
"""Commands by the title under which the help lists them."""

_GROUPS: Final = {
    "Models": ((dataset, "dataset"),),
    "Service": ((db, "db"), (keys, "keys"), (feedback, "feedback")),
}
for panel, commands in _COMMANDS.items():
    for command in commands:
        name = command.__name__.removesuffix("_folder").removeprefix("show_").replace("_", "-")
        app.command(name, rich_help_panel=panel)(command)
for panel, groups in _GROUPS.items():
    for group, name in groups:
        app.add_typer(group, name=name, rich_help_panel=panel)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"deepsky {__version__}")
        raise typer.Exit


@app.callback()
def main(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Classify images of the sky."""

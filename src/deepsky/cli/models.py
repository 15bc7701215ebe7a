"""``deepsky models``: list the installed models and show their cards."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.tables import print_table
from deepsky.errors import ModelError

if TYPE_CHECKING:
    from deepsky.models.card import EvaluatedSplit, ModelCard

__all__ = ["models"]

EVALUATED: Final[dict["EvaluatedSplit", str]] = {
    "source_test": "new sources",
    "test": "new objects",
}
"""Splits whose metrics are listed, and what their images show. The first one that was measured is
listed: users mostly have images that differ from the training images in equipment and
processing."""


class CardFormat(StrEnum):
    """Output format of model cards."""

    TEXT = "text"
    JSON = "json"


def models(
    name: Annotated[
        str | None, typer.Argument(help="Name of the model to describe. Default: list all models.")
    ] = None,
    format: Annotated[CardFormat, typer.Option(help="Output format.")] = CardFormat.TEXT,  # noqa: A002
) -> None:
    """List the installed models, or show the card of one model."""
    try:
        if name is None:
            _list(format)
        else:
            _show(name, format)
    except ModelError as error:
        stop(str(error), USAGE)


def _list(format: CardFormat) -> None:  # noqa: A002
    from deepsky.models import available_models, find_bundle

    listed, failed = [], False
    for name in available_models():
        bundle = find_bundle(name)
        try:
            listed.append((name, bundle.card))
        except ModelError as error:
            typer.echo(f"deepsky: {error}", err=True)
            failed = True
    if format is CardFormat.JSON:
        typer.echo(json.dumps([card.as_dict() for _, card in listed], indent=2))
    else:
        _print_table([_row(name, card) for name, card in listed])
    if failed:
        raise typer.Exit(FAILED)


def _show(name: str, format: CardFormat) -> None:  # noqa: A002
    from deepsky.models import find_bundle

    bundle = find_bundle(name)
    text = bundle.directory / "CARD.md"
    if format is CardFormat.TEXT and text.is_file():
        typer.echo(text.read_text(encoding="utf-8"))
    else:
        typer.echo(json.dumps(bundle.card.as_dict(), indent=2))


def _row(name: str, card: "ModelCard") -> list[str]:
    row = [name, card.title, card.version]
    for split, images in EVALUATED.items():
        if metrics := card.metrics.get(split):
            f1 = metrics.macro_f1
            interval = f"{f1.value:.3f} ({f1.low:.3f} to {f1.high:.3f})"
            return [*row, interval, f"{metrics.images}, {images}"]
    return [*row, "not measured", ""]


def _print_table(rows: list[list[str]]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(
        "Model", "Network", box=box.SIMPLE, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0)
    )
    table.add_column("Version", no_wrap=True)
    table.add_column("Macro-F1 (95 %)", justify="right", no_wrap=True)
    table.add_column("Images")
    for row in rows:
        table.add_row(*row)
    print_table(table)

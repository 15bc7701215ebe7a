"""Print tables on standard output."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["print_table"]

UNLIMITED: Final = 10_000
"""Width of tables that are not shown on a terminal, in characters."""


def print_table(table: "Table") -> None:
    """Print a table; fit it to the width only on a terminal.

    Parameters
    ----------
    table : rich.table.Table
    """
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = UNLIMITED
    console.print(table)

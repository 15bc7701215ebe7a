"""Write Markdown."""

from collections.abc import Iterable, Sequence

__all__ = ["table"]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a Markdown table.

    Parameters
    ----------
    head : sequence of str
        Titles of the columns.
    rows : iterable of sequences of str
        Cells of each row, as Markdown. Line breaks become spaces.

    Returns
    -------
    str

    Examples
    --------
    >>> print(table(["name"], [["a|b"]]))
    | name |
    | --- |
    | a\|b |
    """
    lines = [head, ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

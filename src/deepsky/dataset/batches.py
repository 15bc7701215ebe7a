"""Iterate over images in batches, with a progress bar."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.progress import track

from deepsky.dataset.manifest import Example

__all__ = ["batches"]

BATCH: Final = 32


def batches(examples: Sequence[Example], description: str) -> Iterator[Sequence[Example]]:
    """Iterate over examples in batches of 32, to limit the number of images in memory.

    If standard error is a terminal, a progress bar is shown.

    Parameters
    ----------
    examples : sequence of Example
    description : str
        Text to the left of the progress bar.

    Yields
    ------
    sequence of Example
    """
    console = Console(stderr=True)
    starts = range(0, len(examples), BATCH)
    for start in track(starts, description, console=console, disable=not console.is_terminal):
        yield examples[start : start + BATCH]

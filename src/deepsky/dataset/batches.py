"""Goes through images chunk by chunk, with a progress bar on a terminal."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import track

from deepsky.dataset.manifest import Example

__all__ = ["batches"]

CHUNK = 32


def batches(examples: Sequence[Example], description: str) -> Iterator[Sequence[Example]]:
    """Give some examples at a time, so that few images are in memory at once.

    Parameters
    ----------
    examples : sequence of Example
    description : str
        What is being done, for the progress bar on standard error.
    """
    console = Console(stderr=True)
    starts = range(0, len(examples), CHUNK)
    for start in track(starts, description, console=console, disable=not console.is_terminal):
        yield examples[start : start + CHUNK]

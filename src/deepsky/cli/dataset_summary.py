"""Print a summary of a dataset: classes, groups, splits and files that were skipped."""

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from deepsky.dataset.dataset import Dataset
    from deepsky.dataset.manifest import Split

__all__ = ["print_summary"]

SHOWN: Final = 5
"""Maximum number of skipped files and of contradictory groups that are listed."""


def print_summary(dataset: "Dataset") -> None:
    """Print the number of images and groups of each class, by split.

    Parameters
    ----------
    dataset : Dataset
        A dataset with splits.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from deepsky.dataset.targets import dataset_labels

    splits: tuple[Split, ...] = ("train", "validation", "test")
    table = Table(
        "Class",
        "Images",
        *splits,
        "Groups",
        "Ungrouped",
        box=box.SIMPLE,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for label in dataset_labels(dataset.examples):
        own = [example for example in dataset.examples if example.label == label]
        by_split = Counter(example.split for example in own)
        groups = {example.group for example in own if example.group}
        figures = [len(own), *(by_split[split] for split in splits), len(groups)]
        ungrouped = sum(not example.group for example in own)
        table.add_row(label, *map(str, [*figures, ungrouped]))
    console = Console()
    console.print(table)
    for note in (*_skipped(dataset), *_contradictions(dataset)):
        console.print(note, markup=False, highlight=False, soft_wrap=True)


def _skipped(dataset: "Dataset") -> list[str]:
    if not dataset.skipped:
        return []
    listed = [f"  {name}: {reason}" for name, reason in list(dataset.skipped.items())[:SHOWN]]
    return [f"Files that cannot be read: {len(dataset.skipped)}.", *map(_printable, listed)]


def _contradictions(dataset: "Dataset") -> list[str]:
    """List groups that contain images of several classes, which may be mistakes."""
    labels: dict[str, Counter[str]] = {}
    for example in dataset.examples:
        if example.group:
            labels.setdefault(example.group, Counter())[example.label] += 1
    mixed = {group: counts for group, counts in labels.items() if len(counts) > 1}
    if not mixed:
        return []
    listed = [
        f"  {group}: {', '.join(f'{count} {label}' for label, count in counts.items())}"
        for group, counts in list(mixed.items())[:SHOWN]
    ]
    heading = f"Groups with images of several classes, which may be mistakes: {len(mixed)}."
    return [heading, *map(_printable, listed)]


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)

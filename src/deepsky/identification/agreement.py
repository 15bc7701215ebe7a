"""Compare what the names, the position and the network say about an image."""

from collections.abc import Mapping
from typing import Final, Literal

from deepsky.taxonomy import Label

__all__ = [
    "MAX_CONTRADICTING",
    "Agreement",
    "FoundBy",
    "compare_labels",
]

Agreement = Literal["agrees", "differs", "undecided", "not in the catalogue", "not placed"]
"""Whether the names, the position and the network agree on what an image shows."""

FoundBy = Literal["header", "file name", "position"]
"""How an object was found."""

MAX_CONTRADICTING: Final = 0.02
"""Maximum probability of the object's labels at which the network contradicts the object."""


def compare_labels(
    probabilities: Mapping[Label, float], labels: tuple[Label, ...]
) -> Literal["agrees", "differs", "undecided"]:
    """Compare the labels of an object with the network's probabilities.

    Parameters
    ----------
    probabilities : mapping of label to float
        Probabilities of the network.
    labels : tuple of label
        Labels of the object. Empty if images of the object may have any label.

    Returns
    -------
    {"agrees", "differs", "undecided"}
        ``agrees`` if the most probable label is one of the object's labels; ``differs`` if the
        probability of all these labels together is at most `MAX_CONTRADICTING`; otherwise
        ``undecided``.
    """
    if max(probabilities, key=lambda label: probabilities[label]) in labels:
        return "agrees"
    if labels and sum(probabilities[label] for label in labels) <= MAX_CONTRADICTING:
        return "differs"
    return "undecided"

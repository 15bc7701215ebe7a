"""Labels and verdicts."""

from collections.abc import Iterable
from typing import Final, Literal, get_args

__all__ = [
    "LABELS",
    "OTHER",
    "VERDICTS",
    "Label",
    "OtherKind",
    "Verdict",
    "is_label",
    "order_labels",
]

Label = str
"""Class of an image. Each model has its own labels, which its card lists."""

LABELS: Final[tuple[Label, ...]] = ("galaxy", "nebula", "star_cluster", "other")
"""Labels of the shipped models, in the order of the networks' outputs."""

OTHER: Final = "other"
"""Label of images that belong to none of the other classes. A model need not have this label. In
the shipped models, it means that the image does not show a deep-sky object."""

OtherKind = Literal[
    "Milky Way",
    "star field",
    "star trails",
    "meteor",
    "aurora or landscape",
    "comet",
    "asteroid",
    "Moon",
    "planet",
    "Sun",
    "chart or screenshot",
    "equipment",
    "everyday picture",
]
"""Kind of an image that does not show a deep-sky object."""

MAX_LENGTH: Final = 64

Verdict = Literal["confident", "unsure", "unfamiliar"]
"""Reliability of a label.

``confident``: the label is the only one in the prediction set, and its probability is at least the
model's threshold for confident predictions. ``unfamiliar``: the label is not ``other``, but the
image differs too much from the images that the model was trained on. ``unsure``: any other case.
"""

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
"""All verdicts."""


def is_label(text: str) -> bool:
    """Return whether a text can be the label of a class.

    Labels are parts of file names, addresses, and names of columns and XML attributes. They consist
    of up to 64 letters, digits, ``_`` and ``-``, and begin with a letter or a digit.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> is_label("spiral_galaxy"), is_label("spiral galaxy")
    (True, False)
    """
    begins_well = text[:1].isalnum() and len(text) <= MAX_LENGTH
    return begins_well and f"_{text}".replace("-", "_").isidentifier()


def order_labels(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Return distinct labels in the order of a network's outputs.

    Parameters
    ----------
    labels : iterable of str

    Returns
    -------
    tuple of str
        First those of `LABELS` in their order, then the others in alphabetical order, and ``other``
        at the end.

    Examples
    --------
    >>> order_labels(["spiral", "other", "elliptical", "nebula"])
    ('nebula', 'elliptical', 'spiral', 'other')
    """
    found = set(labels)
    own = sorted(found.difference(LABELS))
    standard = [label for label in LABELS if label in found and label != OTHER]
    return (*standard, *own, *(found & {OTHER}))

"""Labels and verdicts."""

from typing import Final, Literal, get_args

__all__ = ["LABELS", "VERDICTS", "Label", "Verdict"]

Label = Literal["galaxy", "nebula", "star_cluster", "other"]
"""Class of an image. ``other`` means that the image does not show a deep-sky object."""

LABELS: Final[tuple[Label, ...]] = get_args(Label)
"""All labels, in the order of the networks' outputs."""

Verdict = Literal["confident", "unsure", "unfamiliar"]
"""Reliability of a label.

``confident``: the label is the only one in the prediction set. ``unsure``: the prediction set is
empty or contains at least one other label. ``unfamiliar``: the label is a deep-sky class, but the
image differs too much from the deep-sky images that the model was trained on.
"""

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
"""All verdicts."""

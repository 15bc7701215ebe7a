"""Labels and verdicts."""

from typing import Final, Literal, get_args

__all__ = ["LABELS", "Label", "Verdict"]

Label = Literal["galaxy", "nebula", "star_cluster", "other"]
"""Class of an image. ``other`` means that it is not of a deep-sky object."""

LABELS: Final[tuple[Label, ...]] = get_args(Label)
"""All labels, in the order of the networks' outputs."""

Verdict = Literal["confident", "unsure", "unfamiliar"]
"""How far a label can be relied on.

``confident``: it is the only label in the prediction set. ``unsure``: the prediction set is empty
or has other labels. ``unfamiliar``: the image is unlike those that the model was trained on.
"""

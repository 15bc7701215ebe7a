"""The four answers to the question "what is in this image?"."""

from typing import Final, Literal, get_args

__all__ = ["LABELS", "Label", "Verdict"]

Label = Literal["galaxy", "nebula", "star_cluster", "other"]
"""A class of image; ``other`` means that no deep-sky object is in it."""

LABELS: Final[tuple[Label, ...]] = get_args(Label)
"""All labels, in the order of every network's outputs."""

Verdict = Literal["confident", "unsure", "unfamiliar"]
"""How far an answer can be relied on.

``confident``: the prediction set holds one label; ``unsure``: it holds several;
``unfamiliar``: the image is unlike anything that the model was trained on.
"""

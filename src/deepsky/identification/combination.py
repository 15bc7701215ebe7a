"""Combine the network's probabilities with what is known about the object."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from deepsky.taxonomy import Label

__all__ = ["PRIOR", "CombinedLabel", "combine"]

PRIOR: Final = 0.97
"""Prior probability that an image with a known object shows one of the object's labels."""


@dataclass(frozen=True, slots=True)
class CombinedLabel:
    """The label according to the network and the catalogue together.

    Attributes
    ----------
    label : str
        The most probable class.
    probability : float
        Probability of this class, 0 to 1.
    """

    label: Label
    probability: float


def combine(
    probabilities: Mapping[Label, float], labels: Collection[Label]
) -> CombinedLabel | None:
    """Combine the network's probabilities with the labels of the object in the image.

    By Bayes' theorem, the combined probability of a class is proportional to the network's
    probability times the prior probability of the class for the object: `PRIOR`, divided equally
    among the object's labels, and the rest, divided equally among the other classes.

    Parameters
    ----------
    probabilities : mapping of label to float
        Probabilities of the network for all four classes.
    labels : collection of label
        Labels of the object; see `deepsky.catalogue.objects.CatalogueObject`.

    Returns
    -------
    CombinedLabel or None
        None if the object has no labels.

    Examples
    --------
    >>> network = {"galaxy": 0.4, "nebula": 0.5, "star_cluster": 0.1, "other": 0.0}
    >>> combine(network, ("galaxy",)).label
    'galaxy'
    """
    if not labels:
        return None
    others = len(probabilities) - len(labels)
    weights = {
        label: p * (PRIOR / len(labels) if label in labels else (1 - PRIOR) / others)
        for label, p in probabilities.items()
    }
    best = max(weights, key=lambda label: weights[label])
    return CombinedLabel(best, weights[best] / sum(weights.values()))

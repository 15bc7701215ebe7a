"""The subject of an image whose place on the sky is known: the object that fits the field best."""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, hypot, log
from typing import Final

from deepsky.catalogue.objects import FieldObject
from deepsky.taxonomy import Label

__all__ = ["MIN_FIT", "find_subject", "fit"]

MIN_FIT: Final = 0.02
"""Minimum fit of the subject. If no object reaches it, the subject is not in the catalogue."""

_CENTRAL: Final = 0.25  # standard deviation of the subject's place, as a part of the diagonal
_TYPICAL_SIZE: Final = 0.3  # most frequent major axis, as a part of the shorter side
_SMALL_SPREAD: Final = 1.0  # standard deviation of the natural logarithm of smaller sizes
_LARGE_SPREAD: Final = 2.5  # and of larger sizes: many images show a part of a large object
_UNKNOWN_SIZE: Final = 0.1
_BRIGHT: Final = 4.0  # magnitude from which the brightness is no longer a reason to choose
_UNKNOWN_MAGNITUDE: Final = 8.0  # nebulae often have none
_NAMELESS: Final = 0.5  # weight of objects that have no common name and are not in Messier's list
_MIN_EVIDENCE: Final = 0.05
_FURTHER_LABEL: Final = 0.4  # weight of the probabilities of labels after the main one


def find_subject(
    objects: Iterable[FieldObject], width: int, height: int, probabilities: Mapping[Label, float]
) -> FieldObject | None:
    """Return the object that an image most likely shows.

    Parameters
    ----------
    objects : iterable of FieldObject
        Objects in the field.
    width, height : int
        Size of the image in pixels.
    probabilities : mapping of label to float
        Probabilities of the network.

    Returns
    -------
    FieldObject or None
        The object with the largest `fit`, if it is at least `MIN_FIT`. Objects whose centre is
        outside the image and objects without labels, such as stars, are not considered.
    """
    candidates = [each for each in objects if each.inside and each.object.labels]
    best = max(candidates, key=lambda one: fit(one, width, height, probabilities), default=None)
    return best if best and fit(best, width, height, probabilities) >= MIN_FIT else None


def fit(found: FieldObject, width: int, height: int, probabilities: Mapping[Label, float]) -> float:
    """Return how well an object fits as the subject of an image.

    The fit is the product of five factors: how close the object is to the centre; how typical its
    size is in relation to the image; its brightness; whether it has a common name or a Messier
    number; and the network's probability of its labels, of which the main one counts most.

    Parameters
    ----------
    found : FieldObject
    width, height : int
        Size of the image in pixels.
    probabilities : mapping of label to float
        Probabilities of the network.

    Returns
    -------
    float
        From 0 to 1.
    """
    evidence = _evidence(found.object.labels, probabilities)
    return (
        _centrality(found, width, height)
        * _size(found, min(width, height))
        * _brightness(found.object.magnitude)
        * (1 if found.object.common_names or found.object.name.startswith("M ") else _NAMELESS)
        * (_MIN_EVIDENCE + (1 - _MIN_EVIDENCE) * min(evidence, 1))
    )


def _evidence(labels: Sequence[Label], probabilities: Mapping[Label, float]) -> float:
    """Return the network's probability of the labels; those after the main one count less."""
    weights = (1.0, *(_FURTHER_LABEL for _ in labels[1:]))
    return sum(w * probabilities[each] for w, each in zip(weights, labels, strict=False))


def _centrality(found: FieldObject, width: int, height: int) -> float:
    distance = hypot(found.x - (width - 1) / 2, found.y - (height - 1) / 2)
    diagonal = hypot(width, height)
    # Images of a part of a large object are not centred on it.
    spread = _CENTRAL * diagonal + min(found.semi_major or 0, diagonal / 2) / 2
    return exp(-((distance / spread) ** 2) / 2)


def _size(found: FieldObject, side: int) -> float:
    if not found.semi_major:
        return _UNKNOWN_SIZE
    deviation = log(2 * found.semi_major / side / _TYPICAL_SIZE)
    spread = _LARGE_SPREAD if deviation > 0 else _SMALL_SPREAD
    return exp(-((deviation / spread) ** 2) / 2)


def _brightness(magnitude: float | None) -> float:
    fainter = (_UNKNOWN_MAGNITUDE if magnitude is None else magnitude) - _BRIGHT
    return 10 ** (-0.1 * max(0, fainter))

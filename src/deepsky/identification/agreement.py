"""Compare what the names, the position and the network say about an image."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

from deepsky.taxonomy import Label

if TYPE_CHECKING:
    from deepsky.catalogue.objects import CatalogueObject

__all__ = [
    "MAX_CONTRADICTING",
    "Agreement",
    "FoundBy",
    "compare_labels",
    "describe_contradiction",
    "describe_difference",
    "describe_object",
]

Agreement = Literal["agrees", "differs", "undecided", "not in the catalogue", "not placed"]
"""Whether the names, the position and the network agree on what an image shows."""

FoundBy = Literal["header", "file name", "position"]
"""How an object was found."""

MAX_CONTRADICTING: Final = 0.02
"""Maximum probability of the object's labels at which the network contradicts the object."""

_SOURCES: Final[dict[FoundBy, str]] = {
    "header": "The header says",
    "file name": "The file name says",
    "position": "The field is around",
}


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


def describe_object(found: "CatalogueObject") -> str:
    """Return the name and the common name of an object, such as ``"M 31, Andromeda Galaxy"``.

    Parameters
    ----------
    found : CatalogueObject
    """
    return ", ".join([found.name, *found.common_names[:1]])


def describe_difference(
    found: "CatalogueObject", found_by: FoundBy, probabilities: Mapping[Label, float]
) -> str:
    """Describe that the network contradicts the object.

    Parameters
    ----------
    found : CatalogueObject
    found_by : {"header", "file name", "position"}
    probabilities : mapping of label to float
        Probabilities of the network.

    Returns
    -------
    str
        A sentence.
    """
    label = max(probabilities, key=lambda each: probabilities[each])
    seen = "no deep-sky object" if label == "other" else f"a {label.replace('_', ' ')}"
    return (
        f"{_SOURCES[found_by]} {describe_object(found)} ({found.kind}), "
        f"but the network sees {seen} ({probabilities[label]:.0%})."
    )


def describe_contradiction(named: "CatalogueObject", found_by: FoundBy, statement: str) -> str:
    """Describe that a name contradicts the position or another name.

    Parameters
    ----------
    named : CatalogueObject
        The named object.
    found_by : {"header", "file name"}
        Where the name is.
    statement : str
        What contradicts it, such as ``"the field is around M 42"``.

    Returns
    -------
    str
        A sentence.
    """
    return f"{_SOURCES[found_by]} {named.name}, but {statement}."

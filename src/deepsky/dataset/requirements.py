"""Check that there are enough images to train, calibrate and evaluate."""

from collections import Counter
from collections.abc import Collection, Sequence

from deepsky.dataset.manifest import Example
from deepsky.errors import DatasetError
from deepsky.taxonomy import LABELS, Label

__all__ = ["require_images", "require_training_images"]


def require_images(
    examples: Sequence[Example],
    purpose: str,
    *,
    labels: Collection[Label] = (),
    per_label: int = 1,
    total: int = 1,
) -> None:
    """Raise an error if there are too few images for a purpose.

    Parameters
    ----------
    examples : sequence of Example
    purpose : str
        What the images are for, such as ``"the validation split"``.
    labels : collection of str
        Labels that must occur.
    per_label : int
        Smallest number of images of each of ``labels``.
    total : int
        Smallest number of images.

    Raises
    ------
    DatasetError
        If there are fewer images; the message states how many there are and are needed.

    Examples
    --------
    >>> require_images([], "the test split")
    Traceback (most recent call last):
    ...
    deepsky.errors.DatasetError: The images for the test split are too few: 0, at least 1 needed.
    """
    counts = Counter(example.label for example in examples)
    lacking = [
        f"{counts[label]} of {label}, at least {per_label} needed"
        for label in labels
        if counts[label] < per_label
    ]
    if len(examples) < total:
        lacking.insert(0, f"{len(examples)}, at least {total} needed")
    if lacking:
        msg = f"The images for {purpose} are too few: {'; '.join(lacking)}."
        raise DatasetError(msg)


def require_training_images(examples: Sequence[Example], purpose: str, batch_size: int = 1) -> None:
    """Raise an error if there are too few images to train on.

    Parameters
    ----------
    examples : sequence of Example
    purpose : str
        What the images are for, such as ``"the training split"``.
    batch_size : int
        Smallest number of images.

    Raises
    ------
    DatasetError
        If there are fewer images than that, or fewer than two of a class: the novelty reference
        needs the variance within classes.
    """
    require_images(examples, purpose, labels=LABELS, per_label=2, total=batch_size)

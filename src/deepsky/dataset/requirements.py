"""Check that a dataset has enough images for training, calibration and evaluation."""

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
        Purpose of the images, which is named in the error message, such as ``"the validation
        split"``.
    labels : collection of str
        Labels that each need at least ``per_label`` images.
    per_label : int
        Minimum number of images of each label in ``labels``.
    total : int
        Minimum total number of images.

    Raises
    ------
    DatasetError
        If there are too few images. The message states the actual and the minimum numbers.

    Examples
    --------
    >>> require_images([], "the test split")
    Traceback (most recent call last):
    ...
    deepsky.errors.DatasetError: Too few images for the test split: 0, at least 1 needed.
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
        msg = f"Too few images for {purpose}: {'; '.join(lacking)}."
        raise DatasetError(msg)


def require_training_images(
    examples: Sequence[Example],
    purpose: str,
    batch_size: int = 1,
    labels: Collection[Label] = LABELS,
) -> None:
    """Raise an error if there are too few images for training.

    Parameters
    ----------
    examples : sequence of Example
    purpose : str
        Purpose of the images, which is named in the error message, such as ``"the training
        split"``.
    batch_size : int
        Minimum number of images.
    labels : collection of str
        Labels of the model. By default, those of the shipped models.

    Raises
    ------
    DatasetError
        If there are fewer than ``batch_size`` images, or fewer than two images of a class. The
        novelty reference is computed from the variance within each class, which requires at least
        two images.
    """
    require_images(examples, purpose, labels=labels, per_label=2, total=batch_size)

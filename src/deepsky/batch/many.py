"""Many images in Python: from what names them to their records."""

from collections.abc import Generator, Iterable
from os import PathLike

from deepsky.batch.discovery import find_sources
from deepsky.batch.job import SECONDS
from deepsky.batch.pipeline import Pipeline
from deepsky.classifier import Classifier, load_classifier
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.models.registry import DEFAULT_MODEL
from deepsky.record import Record

__all__ = ["classify_many"]


def classify_many(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]],
    model: str | Classifier = DEFAULT_MODEL,
    *,
    workers: int | None = None,
    seconds: float = SECONDS,
    limits: Limits = DEFAULT_LIMITS,
) -> Generator[Record]:
    """Tell what many images show: several at a time, read in processes of their own.

    Parameters
    ----------
    paths : str, path-like or iterable of these
        Files; folders, for every file below them; ZIP and TAR archives, for their members;
        addresses such as ``s3://bucket/m51.fits``; patterns such as ``2024/**/*.fits``; ``@FILE``
        for a list of these, one a line. A `Path` is never taken for one of the last three.
    model : str or Classifier
        The name of an installed model, or one that is loaded already.
    workers : int, optional
        Processes that read images; by default, one a processor core.
    seconds : float
        How long one image may take to read.
    limits : Limits, optional
        How large an image may be.

    Returns
    -------
    generator of Record
        One an image, in the order of the paths, each as soon as it is known. What cannot be read
        has a record with ``error`` set, and never stops the others. Where it is closed
        or forgotten, the work ends.

    Raises
    ------
    ModelError
        If the model cannot be loaded.
    SourceError
        If a list cannot be read, when its turn comes.

    Examples
    --------
    >>> import deepsky
    >>> for record in deepsky.classify_many("samples"):  # doctest: +SKIP
    ...     print(record["path"], record["label"])
    """
    classifier = load_classifier(model) if isinstance(model, str) else model
    named = [paths] if isinstance(paths, str | PathLike) else paths
    pipeline = Pipeline(classifier, workers=workers, seconds=seconds, limits=limits)
    return pipeline.run(find_sources(named, limits=limits))

"""Find the objects in many images, one after the other."""

from collections.abc import Generator, Iterable
from concurrent.futures import Future
from functools import partial

from deepsky.batch.discovery import find_sources
from deepsky.batch.loading import load_source
from deepsky.batch.other_files import is_plainly_no_image
from deepsky.classification import make_position_finder
from deepsky.classifier import Classifier
from deepsky.detection.detect import MIN_PROBABILITY, detect
from deepsky.detection.place import place
from deepsky.detection.reading import read_for_finding
from deepsky.detection.record import FindRecord, make_find_record, unreadable_find_record
from deepsky.errors import ImageError, UnsupportedFormatError
from deepsky.imaging import Limits, ReaderPool
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.limits import DEFAULT_LIMITS
from deepsky.imaging.processes.tasks import WorkError
from deepsky.sky.solving import SOLVE_SECONDS, SolverChoice

__all__ = ["find_many"]


def find_many(
    paths: Iterable[str],
    classifier: Classifier,
    *,
    seconds: float,
    limits: Limits = DEFAULT_LIMITS,
    stretch: StretchChoice = "auto",
    solve: SolverChoice = "never",
    solve_seconds: float = SOLVE_SECONDS,
    min_probability: float = MIN_PROBABILITY,
    strict: bool = False,
) -> Generator[FindRecord]:
    """Find the objects in many images.

    The images are processed one after the other, because the networks use all CPU cores for each.

    Parameters
    ----------
    paths : iterable of str
        Files, folders, archives, URLs, patterns and lists, as for `deepsky.classify_many`.
    classifier : Classifier
    seconds : float
        Time limit for reading one image, and for downloading it, in seconds.
    limits : Limits
        Maximum sizes of files and images.
    stretch : str
        Name of the stretch; see `deepsky.read_image`.
    solve : str
        Plate solver for images whose place on the sky is not known.
    solve_seconds : float
        Time limit for plate solving, in seconds.
    min_probability : float
        Minimum probability of detections that are not in the catalogue, 0 to 1.
    strict : bool
        Whether files in folders and archives that are plainly not images get error records. By
        default, they are skipped.

    Yields
    ------
    FindRecord
        One per image, in the order of the paths.

    Raises
    ------
    SolverError
        If the plate solver is not installed.
    SourceError
        If a list of images cannot be read.
    """
    finder = make_position_finder(solve)
    work = partial(read_for_finding, solve=finder is not None, stretch=stretch)
    with ReaderPool(1, seconds=seconds, limits=limits) as readers:
        for source in find_sources(paths, limits=limits):
            content = None
            try:
                content = load_source(source, seconds, Future())
                image, reduced = readers.read(content, work)
            except (ImageError, WorkError) as error:
                is_other = isinstance(error, UnsupportedFormatError) and is_plainly_no_image(
                    source, content
                )
                if is_other and not strict:
                    continue
                failure = error if isinstance(error, ImageError) else ImageError(str(error))
                yield unreadable_find_record(source.name, failure, classifier)
                continue
            sky, reason = place(image.info, reduced, source.name, finder, solve_seconds)
            detections = detect(classifier, image, sky, min_probability)
            yield make_find_record(
                source.name, image.info, detections, classifier, sky=sky, sky_error=reason
            )

"""Load, read and classify one source."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Self

from deepsky.batch.loading import load_source
from deepsky.batch.other_files import is_plainly_no_image
from deepsky.batch.outcome import Outcome
from deepsky.batch.sources import Content, Source
from deepsky.catalogue.catalogue import load_catalogue
from deepsky.classifier import Classifier, classify_prepared
from deepsky.errors import ImageError, UnsupportedFormatError
from deepsky.identification.identify import identify
from deepsky.identification.position import find_position
from deepsky.imaging import Limits, ReaderPool
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.preview_kind import PreviewKind
from deepsky.imaging.processes.tasks import WorkError
from deepsky.preprocessing import PreprocessedImage, preprocess
from deepsky.record import error_record, make_record
from deepsky.sky.solving import SolverChoice

if TYPE_CHECKING:  # these modules are slow to import
    from deepsky.sky.solvers import PositionFinder, SearchResult

__all__ = ["SourceClassifier"]


class SourceClassifier:
    """Loads, reads and classifies sources, using reader processes. Thread-safe.

    Can be used as a context manager, which calls `close` on exit.

    Parameters
    ----------
    load_classifier : callable
        Function without arguments that returns the classifier.
    processes : int
        Number of reader processes.
    seconds : float
        Time limit for reading an image, in seconds. The same limit applies separately to the
        download of a remote image.
    limits : Limits
        Maximum sizes of files and images.
    preview : PreviewKind or None
        Kind of the previews in outcomes, if any.
    stretch : str
        Name of the stretch; see `deepsky.imaging.read.read_image`.
    solve : str
        Plate solver for images whose place on the sky is not known.
    solve_seconds : float
        Time limit for plate solving, in seconds.

    Raises
    ------
    ModelError
        If the classifier cannot be loaded.
    SolverError
        If the plate solver is not installed.
    """

    def __init__(
        self,
        load_classifier: Callable[[], Classifier],
        *,
        processes: int,
        seconds: float,
        limits: Limits,
        preview: PreviewKind | None,
        stretch: StretchChoice,
        solve: SolverChoice,
        solve_seconds: float,
    ) -> None:
        self._finder = _make_finder(solve, processes)
        self._solve_seconds = solve_seconds
        self._cancelled = Event()
        self._readers = ReaderPool(processes, seconds=seconds, limits=limits)
        self._classifier = _load(load_classifier, self._readers)
        self._seconds = seconds
        self._work = partial(
            preprocess,
            sizes=self._classifier.input_sizes,
            preview=preview,
            solve=solve != "never",
            stretch=stretch,
        )
        self._closed: Future[None] = Future()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop readers and solvers, without waiting for remote files that are being fetched."""
        self._cancelled.set()
        self._closed.set_result(None)
        self._readers.close()

    def classify(self, source: Source) -> Outcome:
        """Classify one source.

        Parameters
        ----------
        source : Source

        Returns
        -------
        Outcome
            Its record contains an ``error`` if the image cannot be read.

        Raises
        ------
        RuntimeError
            If this object is closed, or if a reader process does not start.
        SolverError
            If the online plate solver does not accept the API key.
        """
        content: Content | None = None
        try:
            content = load_source(source, self._seconds, self._closed)
            reading = self._read(content)
        except ImageError as error:
            record = error_record(source.name, error, self._classifier)
            is_other = isinstance(error, UnsupportedFormatError) and is_plainly_no_image(
                source, content
            )
            return Outcome(source, record, content, is_other_file=is_other)
        [prediction] = classify_prepared(self._classifier, [reading.prepared])
        found = self._find_position(reading, source.name)
        prediction = identify(
            prediction,
            reading.info,
            source.name,
            sky=found and found.position,
            sky_error=found and found.reason,
        )
        record = make_record(source.name, reading.info, prediction)
        seconds = found and found.seconds
        return Outcome(
            source,
            record,
            content,
            evidence=prediction.evidence,
            preview=reading.preview,
            info=reading.info,
            solve_seconds=seconds,
        )

    def _find_position(self, reading: PreprocessedImage, name: str) -> "SearchResult | None":
        """Search for the place of an image; return None if it is known or not requested."""
        if self._finder is None or reading.reduced is None:
            return None
        from deepsky.sky.solvers import Limits as SearchLimits

        limits = SearchLimits(seconds=self._solve_seconds, cancelled=self._cancelled.is_set)
        found = find_position(self._finder, reading.info, reading.reduced, name, limits)
        if found.reason == "cancelled":
            msg = "The classifier is closed."
            raise RuntimeError(msg)
        return found

    def _read(self, content: Content) -> PreprocessedImage:
        try:
            return self._readers.read(content, self._work)
        except WorkError as error:  # an unexpected exception must not stop a long run
            raise ImageError(str(error)) from error


def _load(load_classifier: Callable[[], Classifier], readers: ReaderPool) -> Classifier:
    """Load a classifier while a reader process starts and the catalogue is loaded.

    If the process or the catalogue fails, this is reported when the first image needs it.
    """
    try:
        with ThreadPoolExecutor(2) as threads:
            threads.submit(readers.start, 1)
            threads.submit(load_catalogue)
            return load_classifier()
    except BaseException:
        readers.close()
        raise


def _make_finder(solve: SolverChoice, processes: int) -> "PositionFinder | None":
    if solve == "never":
        return None
    from deepsky.sky.solvers import SolutionCache, make_finder  # astropy is slow to import

    return make_finder(solve, processes=max(1, processes // 2), cache=SolutionCache())

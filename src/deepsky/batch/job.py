"""Job: the images to classify, the settings and the outputs of a run."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar

from deepsky.annotation.options import DEFAULT_ANNOTATION, Annotation
from deepsky.batch.discovery import find_sources, is_piped_list
from deepsky.batch.output_paths import Base, common_folder
from deepsky.batch.provenance import Provenance
from deepsky.batch.sorter import Placing
from deepsky.batch.sources import Source
from deepsky.batch.writers import Format, format_from_suffix
from deepsky.errors import JobError
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.imaging.preview_kind import PREVIEW, PreviewKind
from deepsky.models.bundle import ModelBundle
from deepsky.models.registry import DEFAULT_MODEL, find_bundle
from deepsky.sky.solving import SOLVE_SECONDS, SolverChoice

if TYPE_CHECKING:  # this module is slow to import
    from deepsky.classifier import Classifier

__all__ = ["SECONDS", "Job"]

SECONDS: Final = 60.0
"""Default time limit for reading one image, in seconds."""

StrPath = str | PathLike[str]
_Choice = TypeVar("_Choice", bound=StrEnum)


class Job:
    """Description of a run: the images to classify, the model, the settings and the outputs.

    `deepsky.run` checks and runs a job.

    Parameters
    ----------
    paths : str, path-like or iterable of these
        Files, folders, archives, URLs, patterns and lists, as accepted by `deepsky.classify_many`.
    model : str, ModelBundle or Classifier
        The name of an installed model, a model bundle, or a loaded classifier.
    output : path-like or binary file, optional
        File to which the records are written. Only a run that writes to a path can be resumed.
        By default, the records are not written.
    format : Format or str, optional
        Format of the records: ``table``, ``json``, ``jsonl``, ``csv``, ``parquet``, ``ecsv`` or
        ``votable``. By default, determined by the suffix of `output`, or ``table``.
    restart : bool
        Discard the records of an earlier, interrupted run instead of resuming it.
    workers : int, optional
        Number of reader processes; by default, one per CPU core. On a cluster, the number of
        reader processes per copy of the model.
    seconds : float
        Time limit for reading one image, in seconds.
    limits : Limits
        Maximum sizes of files and images.
    stretch : str
        Name of the stretch; see `deepsky.read_image`. By default, linear images are stretched.
    solve : str
        Plate solver that finds the place on the sky of images whose files do not contain it:
        ``never`` (default), ``auto`` (the first one that is installed), ``solve-field``, ``astap``,
        ``astrometry``, or ``nova`` (an online service).
    solve_seconds : float
        Time limit for finding the place of one image, in seconds.
    min_confidence : float
        Confidence below which records are flagged, 0 to 1.
    archive_encoding : str, optional
        Encoding of the file names in archives that are not marked as UTF-8, such as ``cp932``. By
        default, it is guessed.
    sort_into : path-like, optional
        Folder into which the images are sorted by label and verdict.
    placing : Placing or str, optional
        How images are put into `sort_into`: ``copy`` (default), ``hardlink`` or ``symlink``.
    tag_into : path-like, optional
        Folder for XMP sidecars, which contain the records as keywords and properties.
    in_place : bool
        Write the XMP sidecars next to the images instead.
    explain_into : path-like, optional
        Folder for evidence overlays.
    annotate_into : path-like, optional
        Folder for annotated images, or for the WCS of the images.
    annotation : Annotation
        Format and appearance of what is written to `annotate_into`.
    summary_into : path-like, optional
        Folder for a summary page and contact sheets.
    strict : bool
        Whether files in folders and archives that are plainly not images, such as texts, get error
        records. By default, they are skipped and counted.
    ray : str, optional
        Address of the Ray cluster to run on, as accepted by `ray.init`; ``local`` starts a cluster
        on this machine. By default, the run uses this machine without Ray.

    Raises
    ------
    JobError
        If the value of `format` or `placing` is not one of those listed above.

    See Also
    --------
    deepsky.run : Run a job.
    deepsky.classify_many : Yield records without writing anything.

    Examples
    --------
    >>> from deepsky.batch.job import Job
    >>> job = Job(["samples"], output="answers.csv")
    >>> job.format.value
    'csv'
    """

    def __init__(
        self,
        paths: StrPath | Iterable[StrPath],
        model: "str | ModelBundle | Classifier" = DEFAULT_MODEL,
        *,
        output: StrPath | BinaryIO | None = None,
        format: Format | str | None = None,  # noqa: A002
        restart: bool = False,
        workers: int | None = None,
        seconds: float = SECONDS,
        limits: Limits = DEFAULT_LIMITS,
        stretch: StretchChoice = "auto",
        solve: SolverChoice = "never",
        solve_seconds: float = SOLVE_SECONDS,
        min_confidence: float = 0.0,
        archive_encoding: str | None = None,
        sort_into: StrPath | None = None,
        placing: Placing | str | None = None,
        tag_into: StrPath | None = None,
        in_place: bool = False,
        explain_into: StrPath | None = None,
        annotate_into: StrPath | None = None,
        annotation: Annotation = DEFAULT_ANNOTATION,
        summary_into: StrPath | None = None,
        strict: bool = False,
        ray: str | None = None,
    ) -> None:
        self.paths = (paths,) if isinstance(paths, str | PathLike) else tuple(paths)
        self.model = model
        self.output = Path(output) if isinstance(output, str | PathLike) else None
        self.stream = None if isinstance(output, str | PathLike) else output
        chosen = None if format is None else _choose(Format, format)
        self.format = chosen or (self.output and format_from_suffix(self.output)) or Format.TABLE
        self.restart = restart
        self.workers = workers
        self.seconds = seconds
        self.limits = limits
        self.stretch = stretch
        self.solve = solve
        self.solve_seconds = solve_seconds
        self.min_confidence = min_confidence
        self.archive_encoding = archive_encoding
        self.sort_into = _as_path(sort_into)
        self.placing = None if placing is None else _choose(Placing, placing)
        self.tag_into = _as_path(tag_into)
        self.in_place = in_place
        self.explain_into = _as_path(explain_into)
        self.annotate_into = _as_path(annotate_into)
        self.annotation = annotation
        self.summary_into = _as_path(summary_into)
        self.strict = strict
        self.ray = ray

    @cached_property
    def bundle(self) -> ModelBundle:
        """The model bundle.

        Raises
        ------
        ModelError
            If no model with this name is installed.
        """
        if isinstance(self.model, str):
            return find_bundle(self.model)
        return self.model if isinstance(self.model, ModelBundle) else self.model.bundle

    def load_classifier(self) -> "Classifier":
        """Return the classifier, loading the model if it is not loaded yet.

        Raises
        ------
        ModelError
            If the model is not installed, or if the model files cannot be used.
        """
        if isinstance(self.model, str | ModelBundle):
            from deepsky.classifier import Classifier

            return Classifier(self.bundle)
        return self.model

    @property
    def provenance(self) -> Provenance:
        """Provenance of the records: the model and the settings used to produce them."""
        solving = {"solve": self.solve, "solve_time_limit": f"{self.solve_seconds:g}"}
        return Provenance(
            model=self.bundle.name,
            model_version=self.bundle.version,
            model_sha256=self.bundle.sha256,
            parameters={
                "time_limit": f"{self.seconds:g}",
                "max_bytes": str(self.limits.max_bytes),
                "max_pixels": str(self.limits.max_pixels),
                "max_frames": str(self.limits.max_frames),
                "max_memory": str(self.limits.max_memory),
                "stretch": self.stretch,
                **(solving if self.solve != "never" else {}),
            },
            min_confidence=self.min_confidence,
            labels=self.bundle.card.labels,
        )

    @property
    def settings(self) -> dict[str, str]:
        """Settings that must be the same when an interrupted run is resumed."""
        actions = {
            "archive_encoding": self.archive_encoding,
            "sort_into": self.sort_into,
            "placing": self.sort_into and (self.placing or Placing.COPY).value,
            "tag_into": self.tag_into,
            "in_place": self.in_place or None,
            "explain_into": self.explain_into,
            "annotate_into": self.annotate_into,
            "annotation": self.annotation if self.annotate_into else None,
            "summary_into": self.summary_into,
            "strict": self.strict or None,
        }
        chosen = {name: str(value) for name, value in actions.items() if value is not None}
        return {**self.provenance.as_dict(), "format": self.format.value, **chosen}

    @property
    def folders(self) -> list[Path]:
        """Output folders of the run."""
        folders = (
            self.sort_into,
            self.tag_into,
            self.explain_into,
            self.annotate_into,
            self.summary_into,
        )
        return [folder for folder in folders if folder is not None]

    @property
    def preview(self) -> PreviewKind | None:
        """Kind of the previews that the actions need."""
        if self.annotate_into and self.annotation.preview:
            return self.annotation.preview
        return PREVIEW if self.explain_into else None

    @property
    def base(self) -> Base:
        """Components of the folder that contains all images. Output paths are relative to it."""
        return common_folder(self.paths)

    @property
    def is_repeatable(self) -> bool:
        """Whether `find_sources` can be called again; false if a list is read from a pipe."""
        return not any(map(is_piped_list, self.paths))

    def find_sources(self) -> Iterator[Source]:
        """Find the images of the job, excluding the outputs of the run.

        Yields
        ------
        Source
            One per image.
        """
        outputs = [*self.folders, self.output] if self.output else self.folders
        return find_sources(
            self.paths,
            limits=self.limits,
            exclude=outputs,
            archive_encoding=self.archive_encoding,
        )


def _as_path(path: StrPath | None) -> Path | None:
    return None if path is None else Path(path)


def _choose(kind: type[_Choice], value: str) -> _Choice:
    """Return the enumeration member with a given value."""
    try:
        return kind(value)
    except ValueError as error:
        msg = f"{kind.__name__} must be one of {', '.join(kind)}, not {value!r}."
        raise JobError(msg) from error

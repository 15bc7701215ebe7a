"""What a run over many images is to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from deepsky.batch.discovery import find_sources, passes_once
from deepsky.batch.outcome import FollowUp
from deepsky.batch.output_paths import Base, common_folder
from deepsky.batch.provenance import Provenance
from deepsky.batch.sorting import Placing, Sorter
from deepsky.batch.sources import Source
from deepsky.batch.writers import Format
from deepsky.imaging.limits import DEFAULT_LIMITS, Limits
from deepsky.models.bundle import ModelBundle

__all__ = ["SECONDS", "Job"]

SECONDS = 60.0
"""How long one image may take to read, where nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run over many images.

    Attributes
    ----------
    named : sequence of str
        What names the images, as for `find_sources`.
    model : ModelBundle
        Which model answers.
    format : Format
        How the records are written.
    output : Path or None
        Where they are written; None is standard output.
    workers : int or None
        Processes that read images; None is one a processor core. On a cluster, those of each
        copy of the model.
    seconds : float
        How long one image may take to read.
    limits : Limits
        How large an image may be.
    min_confidence : float
        Answers whose probability is smaller are flagged, 0 to 1.
    sort_into : Path or None
        A folder that the images are sorted into.
    placing : Placing
        How they get there.
    tag_into : Path or None
        A folder for copies of the images that are tagged with what was found.
    in_place : bool
        Whether the images themselves are tagged.
    explain_into : Path or None
        A folder for drawings of the evidence.
    summary_into : Path or None
        A folder for a summary.
    ray : str or None
        The address of the Ray cluster that classifies; None is this machine alone.
    """

    named: Sequence[str]
    model: ModelBundle
    format: Format
    output: Path | None = None
    workers: int | None = None
    seconds: float = SECONDS
    limits: Limits = DEFAULT_LIMITS
    min_confidence: float = 0.0
    sort_into: Path | None = None
    placing: Placing = Placing.COPY
    tag_into: Path | None = None
    in_place: bool = False
    explain_into: Path | None = None
    summary_into: Path | None = None
    ray: str | None = None

    @property
    def provenance(self) -> Provenance:
        """What decides the records, to be told with them."""
        return Provenance(
            model=self.model.name,
            model_version=self.model.version,
            model_sha256=self.model.sha256,
            parameters={
                "time_limit": f"{self.seconds:g}",
                "max_bytes": str(self.limits.max_bytes),
                "max_pixels": str(self.limits.max_pixels),
                "max_frames": str(self.limits.max_frames),
            },
            min_confidence=self.min_confidence,
        )

    @property
    def settings(self) -> dict[str, str]:
        """What decides the records and all that is written: what a run goes on with, if stopped."""
        written = {
            "sort_into": self.sort_into,
            "placing": self.sort_into and self.placing.value,
            "tag_into": self.tag_into,
            "in_place": self.in_place or None,
            "explain_into": self.explain_into,
            "summary_into": self.summary_into,
        }
        told = {name: str(value) for name, value in written.items() if value is not None}
        return {**self.provenance.as_dict(), "format": self.format.value, **told}

    @property
    def folders(self) -> list[Path]:
        """Folders that are written into."""
        folders = (self.sort_into, self.tag_into, self.explain_into, self.summary_into)
        return [folder for folder in folders if folder is not None]

    @property
    def base(self) -> Base:
        """The folder that all images lie in, which is left out of their places elsewhere."""
        return common_folder(self.named)

    @property
    def can_find_again(self) -> bool:
        """Whether `sources` may be asked for twice: a list that comes through a pipe is gone."""
        return not any(map(passes_once, self.named))

    def sources(self) -> Iterator[Source]:
        """Find the images; what the run itself writes is not looked for in folders."""
        leave_out = [*self.folders, self.output] if self.output else self.folders
        return find_sources(self.named, limits=self.limits, leave_out=leave_out)

    def follow_ups(self) -> list[FollowUp]:
        """Give what is to happen to each image once it is classified."""
        from deepsky.batch.explaining import Explainer
        from deepsky.batch.tagging import Tagger

        follow_ups: list[FollowUp] = []
        if self.in_place:  # the first: what is done again after a stop finds the image tagged
            follow_ups.append(Tagger(None, self.base))
        if self.tag_into:
            follow_ups.append(Tagger(self.tag_into, self.base))
        if self.sort_into:
            follow_ups.append(Sorter(self.sort_into, self.placing, self.base))
        if self.explain_into:
            follow_ups.append(Explainer(self.explain_into, self.base))
        return follow_ups

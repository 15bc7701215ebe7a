"""Summary of a run: counts, failures, and the most and least certain classifications."""

from bisect import insort
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, get_args

from deepsky.imaging.metadata import WcsSource
from deepsky.taxonomy import LABELS, OTHER, VERDICTS, Label, Verdict

if TYPE_CHECKING:
    from deepsky.record import Record

__all__ = ["Summary", "format_skipped", "format_summary"]

MAX_SHOWN: Final = 12
"""Maximum number of most certain records, and of least certain records, shown per class."""

Ranked = tuple[tuple[bool, float], int, "Record"]
"""Sort key, position of the record in the run, and the record."""


class Summary:
    """Counts of labels, verdicts and failures, and the most and least certain classifications.

    Memory use does not depend on the number of records.

    Parameters
    ----------
    min_confidence : float
        Confidence below which records are counted in `below_min_confidence`, 0 to 1.
    labels : tuple of str
        Labels of the model. By default, those of the shipped models.

    Attributes
    ----------
    labels : tuple of str
        Labels of the model.
    images : int
        Number of records.
    resumed : int
        Number of records produced by an earlier, interrupted run.
    answers : Counter of (label, verdict)
        Number of records by label and verdict.
    skipped : int
        Number of files that were skipped, because they are plainly not images.
    failures : Counter of str
        Number of images that could not be read, by error code.
    below_min_confidence : int
        Number of records with a confidence below `min_confidence`.
    placed : int
        Number of images that plate solving has placed on the sky.
    not_placed : Counter of str
        Number of images that plate solving has not placed, by reason.
    searched : int
        Number of images for which a plate solver ran in this run.
    solve_seconds, longest_solve_seconds : float
        Duration of plate solving in this run: of all images together, and of the slowest one.
    failed_actions : int
        Number of failed actions, such as sorting or tagging one image.
    seconds : float
        Duration of the run, in seconds.

    Examples
    --------
    >>> from deepsky.batch.summary import Summary
    >>> summary = Summary()
    >>> summary.images, summary.pace
    (0, '0 processed in 0.0 s, 0.0 per second')
    """

    def __init__(self, min_confidence: float = 0.0, labels: tuple[Label, ...] = LABELS) -> None:
        self.min_confidence = min_confidence
        self.labels = labels
        self.images = 0
        self.resumed = 0
        self.skipped = 0
        self.answers: Counter[tuple[Label, Verdict]] = Counter()
        self.failures: Counter[str] = Counter()
        self.below_min_confidence = 0
        self.placed = 0
        self.not_placed: Counter[str] = Counter()
        self.searched = 0
        self.solve_seconds = 0.0
        self.longest_solve_seconds = 0.0
        self.failed_actions = 0
        self.seconds = 0.0
        self._surest: dict[Label, list[Ranked]] = defaultdict(list)
        self._doubtful: dict[Label, list[Ranked]] = defaultdict(list)

    def __repr__(self) -> str:
        return (
            f"<Summary: {self.images} images, {self.failures.total()} not read, "
            f"{self.failed_actions} failed actions>"
        )

    def add(
        self, record: "Record", *, is_resumed: bool = False, solve_seconds: float | None = None
    ) -> None:
        """Add a record. Among records with the same probability, those added first take precedence.

        Parameters
        ----------
        record : Record
        is_resumed : bool
            Whether the record was produced by an earlier, interrupted run.
        solve_seconds : float, optional
            Duration of plate solving, in seconds; None if the image was not searched.
        """
        self.images += 1
        self.resumed += is_resumed
        self._add_place(record, solve_seconds)
        label, verdict, error = record["label"], record["verdict"], record["error"]
        if error:
            self.failures[error["code"]] += 1
        if label is None or verdict is None or record["probabilities"] is None:
            return
        self.answers[label, verdict] += 1
        is_sure, probability = verdict == "confident", record["probabilities"][label]
        self.below_min_confidence += probability < self.min_confidence
        if is_sure:
            _insert(self._surest[label], ((False, -probability), self.images, record))
        _insert(self._doubtful[label], ((is_sure, probability), self.images, record))

    def _add_place(self, record: "Record", solve_seconds: float | None) -> None:
        sky, sky_error = record["sky"], record["sky_error"]
        if sky_error:
            self.not_placed[sky_error] += 1
        elif sky and sky["source"] not in get_args(WcsSource):
            self.placed += 1
        if solve_seconds is not None:
            self.searched += 1
            self.solve_seconds += solve_seconds
            self.longest_solve_seconds = max(self.longest_solve_seconds, solve_seconds)

    def surest(self, label: Label) -> list["Record"]:
        """Return the most certain records of a class, in descending order of probability.

        Only records with the verdict *confident* are returned.

        Parameters
        ----------
        label : str

        Returns
        -------
        list of Record
        """
        return [record for _, _, record in self._surest[label]]

    def doubtful(self, label: Label) -> list["Record"]:
        """Return the least certain records of a class, except those that `surest` returns.

        Records are chosen by verdict first (*unsure* or *unfamiliar* before *confident*), then by
        lowest probability, and are returned in this order.

        Parameters
        ----------
        label : str

        Returns
        -------
        list of Record
        """
        surest = {number for _, number, _ in self._surest[label]}
        return [record for _, number, record in self._doubtful[label] if number not in surest]

    def class_name(self, label: Label) -> str:
        """Return the display name of a class, such as ``"star cluster"``.

        Parameters
        ----------
        label : str
        """
        if label == OTHER and self.labels == LABELS:
            return "not a deep-sky object"
        return label.replace("_", " ")

    @property
    def shown(self) -> set[str]:
        """Paths of all images whose records `surest` and `doubtful` return."""
        return {
            record["path"]
            for label in self.labels
            for record in (*self.surest(label), *self.doubtful(label))
        }

    @property
    def pace(self) -> str:
        """Text with the number of images processed in this run, the duration and the rate."""
        classified = self.images - self.resumed
        rate = classified / max(self.seconds, 1e-3)
        return (
            f"{classified:,} processed in {_format_duration(self.seconds)}, {rate:,.1f} per second"
        )


def format_summary(summary: Summary) -> str:
    """Format a summary as a few lines of text for a terminal.

    Parameters
    ----------
    summary : Summary

    Returns
    -------
    str
    """
    images = "image" if summary.images == 1 else "images"
    lines = [f"{summary.images:,} {images}: {_format_counts(summary)}.", f"{summary.pace}."]
    if summary.answers:
        names = {label: summary.class_name(label) for label in summary.labels}
        width = max(map(len, names.values()))
        lines.append(" " * width + "".join(f"{verdict:>12}" for verdict in VERDICTS))
        lines += [
            f"{name:<{width}}"
            + "".join(f"{summary.answers[label, verdict]:>12,}" for verdict in VERDICTS)
            for label, name in names.items()
        ]
    if summary.below_min_confidence:
        lines.append(
            f"Confidence below {summary.min_confidence:g}: {summary.below_min_confidence:,}."
        )
    if summary.failures:
        codes = (f"{code} {number:,}" for code, number in summary.failures.most_common())
        lines.append(f"Could not be read: {', '.join(codes)}.")
    if summary.skipped:
        lines.append(format_skipped(summary.skipped))
    if summary.placed or summary.not_placed:
        lines.append(_format_solving(summary))
    return "\n".join(lines)


def format_skipped(count: int) -> str:
    """Return a sentence with the number of files that were skipped.

    Parameters
    ----------
    count : int
        Number of files that are plainly not images.

    Returns
    -------
    str

    Examples
    --------
    >>> format_skipped(2)
    '2 other files, which are not images, were skipped.'
    """
    if count == 1:
        return "1 other file, which is not an image, was skipped."
    return f"{count:,} other files, which are not images, were skipped."


def _format_counts(summary: Summary) -> str:
    classified = f"{summary.answers.total():,} classified"
    unread = summary.failures.total()
    return f"{classified}, {unread:,} could not be read" if unread else classified


def _format_solving(summary: Summary) -> str:
    total = summary.placed + summary.not_placed.total()
    text = f"Plate solving: {summary.placed:,} of {total:,} placed"
    if summary.not_placed:
        reasons = (f"{reason} {number:,}" for reason, number in summary.not_placed.most_common())
        text += f" (not placed: {', '.join(reasons)})"
    if summary.searched:
        mean = summary.solve_seconds / summary.searched
        text += f"; {mean:.1f} s per image, at most {summary.longest_solve_seconds:.1f} s"
    return f"{text}."


def _format_duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _insert(ranked: list[Ranked], entry: Ranked) -> None:
    insort(ranked, entry)
    del ranked[MAX_SHOWN:]

"""What a run comes to: counts, failures, and the images to look at."""

from bisect import insort
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, get_args

from deepsky.batch.columns import is_below_min_confidence
from deepsky.taxonomy import LABELS, Label, Verdict

if TYPE_CHECKING:
    from deepsky.record import Record

__all__ = ["VERDICTS", "Summary", "tell_pace", "tell_summary"]

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)

MOST: Final = 12
"""How many of a class's surest images are shown, and how many of its most doubtful."""

Ranked = tuple[tuple[bool, float], int, "Record"]
"""How far up a record is to be shown, its number, and itself."""


class Summary:
    """Counts records, and remembers a few of each class; memory does not grow with the records.

    Parameters
    ----------
    min_confidence : float
        Answers whose probability is smaller are counted, 0 to 1.

    Attributes
    ----------
    images : int
        Records.
    answers : Counter of (label, verdict)
    failures : Counter of str
        By code.
    below : int
        Answers that are less probable than `min_confidence`.
    """

    def __init__(self, min_confidence: float = 0.0) -> None:
        self.min_confidence = min_confidence
        self.images = 0
        self.answers: Counter[tuple[Label, Verdict]] = Counter()
        self.failures: Counter[str] = Counter()
        self.below = 0
        self._surest: dict[Label, list[Ranked]] = defaultdict(list)
        self._doubtful: dict[Label, list[Ranked]] = defaultdict(list)

    def add(self, record: "Record") -> None:
        """Take a record into account; of equal ones, those added first are shown."""
        self.images += 1
        label, verdict, error = record["label"], record["verdict"], record["error"]
        if error:
            self.failures[error["code"]] += 1
        if label is None or verdict is None or record["probabilities"] is None:
            return
        self.answers[label, verdict] += 1
        self.below += bool(is_below_min_confidence(record, self.min_confidence))
        is_sure, probability = verdict == "confident", record["probabilities"][label]
        if is_sure:
            _keep(self._surest[label], ((False, -probability), self.images, record))
        _keep(self._doubtful[label], ((is_sure, probability), self.images, record))

    def surest(self, label: Label) -> list["Record"]:
        """Give a class's most probable confident answers, the surest first."""
        return [record for _, _, record in self._surest[label]]

    def doubtful(self, label: Label) -> list["Record"]:
        """Give a class's other answers, the least probable first; confident ones come last."""
        surest = {number for _, number, _ in self._surest[label]}
        return [record for _, number, record in self._doubtful[label] if number not in surest]

    @property
    def shown(self) -> set[str]:
        """Names of all images that `surest` and `doubtful` give."""
        return {
            record["path"]
            for label in LABELS
            for record in (*self.surest(label), *self.doubtful(label))
        }


def tell_summary(summary: Summary, pace: str) -> str:
    """Tell a summary in a few lines.

    Parameters
    ----------
    summary : Summary
    pace : str
        From `tell_pace`.
    """
    images = "image" if summary.images == 1 else "images"
    lines = [f"{summary.images:,} {images}; {pace}."]
    if summary.answers:
        lines.append(" " * 12 + "".join(f"{verdict:>12}" for verdict in VERDICTS))
        lines += [
            f"{label.replace('_', ' '):<12}"
            + "".join(f"{summary.answers[label, verdict]:>12,}" for verdict in VERDICTS)
            for label in LABELS
        ]
    if summary.below:
        lines.append(f"Less probable than {summary.min_confidence:g}: {summary.below:,}.")
    if summary.failures:
        codes = (f"{code} {number:,}" for code, number in summary.failures.most_common())
        lines.append(f"Could not be read: {summary.failures.total():,} ({', '.join(codes)}).")
    return "\n".join(lines)


def tell_pace(read: int, seconds: float) -> str:
    """Tell how fast a run was.

    Parameters
    ----------
    read : int
        Images that it read itself, not those that it went on from.
    seconds : float
        What it took for them.
    """
    whole = round(seconds)
    if whole < 60:
        duration = f"{seconds:.1f} s"
    elif whole < 3600:
        duration = f"{whole // 60} min {whole % 60} s"
    else:
        duration = f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{read:,} read in {duration}, {read / max(seconds, 1e-3):,.1f} a second"


def _keep(ranked: list[Ranked], another: Ranked) -> None:
    insort(ranked, another)
    del ranked[MOST:]

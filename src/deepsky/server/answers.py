"""The newest answers, in memory, for as long as the server runs."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsky.server.preview import Preview

__all__ = ["Answer", "Answers"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One classified upload.

    Attributes
    ----------
    body : dict
        What the client was told: the record, ``id`` and ``elapsed_ms``.
    preview : Preview
    evidence : ndarray of float32, shape (4, rows, columns)
    """

    body: dict[str, Any]
    preview: Preview
    evidence: NDArray[np.float32]


class Answers:
    """Holds the newest answers and forgets older ones. Safe to use from several threads.

    Parameters
    ----------
    kept : int
        Most answers held.
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._by_id: OrderedDict[str, Answer] = OrderedDict()
        self._lock = Lock()

    def add(self, answer: Answer) -> None:
        """Hold an answer, and let the oldest go where there are too many."""
        with self._lock:
            self._by_id[answer.body["id"]] = answer
            if len(self._by_id) > self._kept:
                self._by_id.popitem(last=False)

    def get(self, id: str) -> Answer | None:  # noqa: A002
        """Find an answer by its id; None if there is none, or no longer."""
        with self._lock:
            return self._by_id.get(id)

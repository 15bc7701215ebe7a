"""Keep the results of plate solving in the user's cache folder."""

import hashlib
import json
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from deepsky.atomic_file import atomic_write
from deepsky.sky.solvers.hints import SearchHints
from deepsky.sky.solvers.solver import Reason, Solution, Solver, Unsolved

__all__ = ["SolutionCache"]

_VERSION: Final = 1  # increase when engines are called differently
_LASTING: Final = {"too few stars", "no match", "time limit"}
"""Reasons that would be the same when tried again."""


class SolutionCache:
    """Results of plate solving, as one small JSON file for each image and search.

    Failed searches are kept too, with their reasons. The folder may be deleted at any time.

    Parameters
    ----------
    folder : Path, optional
        By default, the folder ``solutions`` in the user's cache folder for deepsky.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or user_cache_path("deepsky", appauthor=False) / "solutions"

    @staticmethod
    def key(pixels: NDArray[np.uint8], solver: Solver, hints: SearchHints, seconds: float) -> str:
        """Return the key of a search.

        Parameters
        ----------
        pixels : ndarray of uint8
        solver : Solver
        hints : SearchHints
        seconds : float
            Time limit.

        Returns
        -------
        str
            Hexadecimal digits.
        """
        digest = hashlib.blake2b(np.ascontiguousarray(pixels).data, digest_size=20)
        search = (_VERSION, pixels.shape, solver.name, solver.settings(), astuple(hints), seconds)
        digest.update(repr(search).encode())
        return digest.hexdigest()

    def get(self, key: str) -> Solution | Unsolved | None:
        """Return the result of a search, or None if it has not been kept.

        Parameters
        ----------
        key : str

        Returns
        -------
        Solution, Unsolved or None
        """
        try:
            content = json.loads(self._file(key).read_text("utf-8"))
            header, reason = content["header"], content["reason"]
        except (OSError, ValueError, LookupError, TypeError):
            return None
        if isinstance(header, str):
            return Solution(header)
        return Unsolved(reason) if reason in get_args(Reason) else None

    def put(self, key: str, result: Solution | Unsolved) -> None:
        """Keep the result of a search, unless it would be different when tried again.

        Nothing is kept if the folder cannot be written.

        Parameters
        ----------
        key : str
        result : Solution or Unsolved
        """
        if isinstance(result, Unsolved) and result.reason not in _LASTING:
            return
        content = {
            "header": result.header if isinstance(result, Solution) else None,
            "reason": result.reason if isinstance(result, Unsolved) else None,
        }
        file = self._file(key)
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(file) as stream:
                stream.write(json.dumps(content).encode())

    def _file(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"

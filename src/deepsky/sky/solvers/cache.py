"""Keep the results of plate solving in the user's cache folder."""

import hashlib
import json
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Final, get_args

import numpy as np
from platformdirs import user_cache_path

from deepsky.atomic_file import atomic_write
from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers.hints import SearchHints
from deepsky.sky.solvers.solver import Reason, Solution, Solver, Unsolved

__all__ = ["SolutionCache"]

_VERSION: Final = 2  # increase when engines are called differently
_LASTING: Final = {"too few stars", "no match", "time limit"}
"""Reasons that would be the same when tried again with the same time limit."""


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
    def key(image: ReducedImage, solver: Solver, hints: SearchHints) -> str:
        """Return the key of a search.

        Parameters
        ----------
        image : ReducedImage
        solver : Solver
        hints : SearchHints

        Returns
        -------
        str
            Hexadecimal digits.
        """
        pixels = np.ascontiguousarray(image.luminance)
        digest = hashlib.blake2b(pixels.data, digest_size=20)
        size = (pixels.shape, image.factor, image.width, image.height)
        search = (_VERSION, size, solver.name, solver.settings(), astuple(hints))
        digest.update(repr(search).encode())
        return digest.hexdigest()

    def get(self, key: str, seconds: float) -> Solution | Unsolved | None:
        """Return the result of a search, or None if it could be different now.

        Parameters
        ----------
        key : str
        seconds : float
            Time limit. A failed search with a smaller time limit is not returned, unless the image
            has too few stars.

        Returns
        -------
        Solution, Unsolved or None
        """
        try:
            content = json.loads(self._file(key).read_text("utf-8"))
            header, reason = content["header"], content["reason"]
            had_less_time = content["seconds"] < seconds
        except (OSError, ValueError, LookupError, TypeError):
            return None
        if isinstance(header, str):
            return Solution(header)
        if reason not in get_args(Reason) or (had_less_time and reason != "too few stars"):
            return None
        return Unsolved(reason)

    def put(self, key: str, result: Solution | Unsolved, seconds: float) -> None:
        """Keep the result of a search, unless it would be different when tried again.

        Nothing is kept if the folder cannot be written.

        Parameters
        ----------
        key : str
        result : Solution or Unsolved
        seconds : float
            Time limit of the search.
        """
        if isinstance(result, Unsolved) and result.reason not in _LASTING:
            return
        content = {
            "header": result.header if isinstance(result, Solution) else None,
            "reason": result.reason if isinstance(result, Unsolved) else None,
            "seconds": seconds,
        }
        file = self._file(key)
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(file) as stream:
                stream.write(json.dumps(content).encode())

    def _file(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"

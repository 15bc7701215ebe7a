"""The online engine nova.astrometry.net, which is used only if it is chosen by name."""

import json
import os
import time
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from deepsky.errors import SolverError
from deepsky.imaging.astrometry.parse import parse_wcs
from deepsky.imaging.fits.cards import parse_cards
from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers.hints import SearchHints
from deepsky.sky.solvers.scaling import restore_header
from deepsky.sky.solvers.solver import Limits, Solution, Unsolved
from deepsky.sky.solvers.stars import MIN_STARS, can_find_stars, find_stars

__all__ = ["KEY", "Nova"]

KEY: Final = "AN_API_KEY"
"""Environment variable with the API key, as for the client of astrometry.net."""

_URL: Final = "https://nova.astrometry.net"
_POLL_SECONDS: Final = 2.0
_REPLY_SECONDS: Final = 30.0
_MAX_REPLY: Final = 1 << 20  # bytes
_PRIVATE: Final = {
    "publicly_visible": "n",
    "allow_modifications": "n",
    "allow_commercial_use": "n",
}
_UNREACHABLE: Final = (OSError, HTTPException, ValueError, LookupError, TypeError)
"""Exceptions if the server cannot be reached, or if its reply is not as documented."""


class Nova:
    """The online engine nova.astrometry.net.

    Only the positions of the brightest stars in the image, its size at reduced size and the hints
    are sent, never the image or the name of the file. The submission is not publicly visible.

    Attributes
    ----------
    name : str
        ``"nova"``.

    References
    ----------
    Astrometry.net API. https://nova.astrometry.net/api_help
    """

    name = "nova"

    def is_available(self) -> bool:
        """Return whether an API key is set and ``sep`` is installed.

        Returns
        -------
        bool
        """
        return bool(os.environ.get(KEY)) and can_find_stars()

    def settings(self) -> str:
        """Return an empty string: the indexes of the server are not known.

        Returns
        -------
        str
        """
        return ""

    def solve(self, image: ReducedImage, hints: SearchHints, limits: Limits) -> Solution | Unsolved:
        """Search for the place of an image; see `deepsky.sky.solvers.Solver.solve`.

        Parameters
        ----------
        image : ReducedImage
        hints : SearchHints
        limits : Limits

        Returns
        -------
        Solution or Unsolved

        Raises
        ------
        SolverError
            If the server does not know the API key.
        """
        if not self.is_available():
            return Unsolved("no engine installed")
        stars = find_stars(image.luminance)
        if len(stars) < MIN_STARS:
            return Unsolved("too few stars")
        end = time.monotonic() + limits.seconds
        try:
            job = _submit(stars, image, hints)
            result = _wait_for_job(job, limits, end)
            return result or Solution(_fetch_header(job.number, image))
        except _UNREACHABLE:
            return Unsolved("engine failed")


class _Submission:
    """A submission, and the number of its job as soon as the job has been created."""

    def __init__(self, number: int) -> None:
        self._path = f"/api/submissions/{number:d}"
        self.number: int | None = None

    def is_solved(self) -> bool | None:
        """Return whether the image has been solved; None if the search has not ended."""
        if self.number is None:
            jobs = [job for job in _get(self._path)["jobs"] if job is not None]
            self.number = int(jobs[0]) if jobs else None
        if self.number is None:
            return None
        status = _get(f"/api/jobs/{self.number:d}")["status"]
        return {"success": True, "failure": False}.get(status)


def _submit(stars: NDArray[np.float64], image: ReducedImage, hints: SearchHints) -> _Submission:
    reply = _post("/api/login", {"apikey": os.environ[KEY]})
    if reply["status"] != "success":
        msg = (
            f"nova.astrometry.net does not accept the API key in {KEY}. Copy it from "
            "https://nova.astrometry.net/api_help."
        )
        raise SolverError(msg)
    height, width = image.luminance.shape
    x, y = (stars[:, :2].T + 1).round(3).tolist()  # as in FITS, the first pixel is (1, 1)
    submission = {
        **_PRIVATE,
        "session": reply["session"],
        "x": x,
        "y": y,
        "image_width": width,
        "image_height": height,
        "crpix_center": True,
        "tweak_order": 2,
        **_describe(hints, image.factor),
    }
    return _Submission(int(_post("/api/upload", submission)["subid"]))


def _describe(hints: SearchHints, factor: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if hints.ra is not None and hints.dec is not None:
        fields |= {"center_ra": hints.ra, "center_dec": hints.dec, "radius": hints.radius}
    if hints.min_scale is not None and hints.max_scale is not None:
        fields |= {
            "scale_units": "arcsecperpix",
            "scale_type": "ul",
            "scale_lower": hints.min_scale * factor,
            "scale_upper": hints.max_scale * factor,
        }
    return fields


def _wait_for_job(job: _Submission, limits: Limits, end: float) -> Unsolved | None:
    """Wait until the job has ended; return None if the image has been solved."""
    while (solved := job.is_solved()) is None:
        asked = time.monotonic()
        while time.monotonic() < asked + _POLL_SECONDS:
            if limits.cancelled():
                return Unsolved("cancelled")
            if time.monotonic() >= end:
                return Unsolved("time limit")
            time.sleep(min(0.1, _POLL_SECONDS))
    return None if solved else Unsolved("no match")


def _fetch_header(job: int | None, image: ReducedImage) -> str:
    wcs = parse_wcs(parse_cards(_read(f"{_URL}/wcs_file/{job:d}")))
    if wcs is None:
        msg = "The reply contains no WCS."
        raise ValueError(msg)
    return restore_header(fits.Header.fromstring(wcs.header()), image)


def _post(path: str, values: dict[str, Any]) -> dict[str, Any]:
    form = urlencode({"request-json": json.dumps(values)}).encode()
    reply: dict[str, Any] = json.loads(_read(Request(_URL + path, form)))  # noqa: S310
    return reply


def _get(path: str) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(_read(_URL + path))
    return reply


def _read(request: Request | str) -> bytes:
    with urlopen(request, timeout=_REPLY_SECONDS) as reply:  # noqa: S310
        content: bytes = reply.read(_MAX_REPLY)
        return content

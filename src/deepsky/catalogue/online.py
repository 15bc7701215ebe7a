"""Requests to online catalogues."""

from collections.abc import Mapping
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from deepsky import __version__

__all__ = ["SECONDS", "UNREACHABLE", "post"]

SECONDS: Final = 20.0
"""Default time limit of a request in seconds."""

UNREACHABLE: Final = (OSError, HTTPException, ValueError, LookupError, TypeError)
"""Exceptions if the server cannot be reached, or if its reply is not as documented."""

_MAX_REPLY: Final = 1 << 20  # bytes


def post(url: str, parameters: Mapping[str, str], seconds: float) -> bytes:
    """Send a form, and return the reply.

    Parameters
    ----------
    url : str
        The service.
    parameters : mapping of str to str
        The fields of the form.
    seconds : float
        Time limit in seconds.

    Returns
    -------
    bytes

    Raises
    ------
    OSError, http.client.HTTPException
        If the server cannot be reached, or replies with an error.
    ValueError
        If the reply is larger than 1 MiB.
    """
    request = Request(  # noqa: S310
        url, urlencode(parameters).encode(), {"User-Agent": f"deepsky/{__version__}"}
    )
    try:
        with urlopen(request, timeout=seconds) as reply:  # noqa: S310
            content: bytes = reply.read(_MAX_REPLY + 1)
    except HTTPError as error:
        error.close()  # it contains the open connection
        raise
    if len(content) > _MAX_REPLY:
        msg = f"it has more than {_MAX_REPLY} bytes"
        raise ValueError(msg)
    return content

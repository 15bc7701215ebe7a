"""Files of the built web interface, sent in the best encoding that the client accepts."""

from hashlib import sha256
from mimetypes import MimeTypes
from pathlib import Path
from typing import Final

from flask import Response, request, send_from_directory
from werkzeug.security import safe_join

__all__ = ["send_page_file"]

SUFFIXES: Final = {"br": ".br", "gzip": ".gz", "identity": ""}
"""Suffixes of the variants of a file for each content encoding, the smallest variant first."""

TYPES: Final = MimeTypes()
"""Media types without those of the operating system, which are wrong on some machines."""

TYPES.add_type("text/javascript", ".js")  # Python 3.11 has an obsolete one (RFC 9239)
TYPES.add_type("application/manifest+json", ".webmanifest")


def send_page_file(folder: Path, name: str, max_age: int | None = None) -> Response:
    """Send a file, or its Brotli or gzip variant if the build wrote one beside it.

    Parameters
    ----------
    folder : Path
        Folder that contains the file.
    name : str
        Path of the file in the folder, from the URL.
    max_age : int, optional
        Time in seconds for which browsers may use their copy without asking. By default, they ask
        each time.

    Returns
    -------
    Response
        With a different ETag for each encoding (RFC 9110, section 8.8.3). A range is a range of the
        encoded file.

    Raises
    ------
    NotFound
        If the folder does not contain the file.
    """
    encoding, file = _choose_variant(folder, name)
    response = send_from_directory(
        folder,
        name + SUFFIXES[encoding],
        mimetype=TYPES.guess_type(name, strict=False)[0],
        # Times of modification do not identify a version: some installers set them all to the same
        # date. Two builds of index.html have the same size, too.
        etag=sha256(file.read_bytes()).hexdigest() if file else False,
        max_age=max_age,
    )
    if encoding != "identity":
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    return response


def _choose_variant(folder: Path, name: str) -> tuple[str, Path | None]:
    """Return the encoding that the client prefers, and the file in it, or None if it is missing."""
    accepted = request.accept_encodings
    for encoding in sorted(SUFFIXES, key=accepted.quality, reverse=True):
        path = safe_join(str(folder), name + SUFFIXES[encoding])
        is_accepted = accepted.quality(encoding) or encoding == "identity"
        if path is not None and is_accepted and Path(path).is_file():
            return encoding, Path(path)
    return "identity", None

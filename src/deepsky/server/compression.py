"""Compression of JSON responses, and of documents of the page that the server changes.

Compression can reveal a secret if one response contains both the secret and text that an attacker
chooses, because the size of the response depends on whether the two agree (BREACH, CVE-2013-3587).
No response body contains such a secret: the server sends session tokens only in the header
``Set-Cookie``, which is not compressed, and never sends API keys.
"""

import gzip
from typing import Final

from flask import Flask, Response, request

__all__ = ["MIN_BYTES", "register_compression"]

MIN_BYTES: Final = 1024
"""Minimum size of a body that is compressed. A smaller one fits into one packet anyway."""

LEVEL: Final = 5
"""Compression level. Higher levels take twice as long for a few per cent."""


def register_compression(app: Flask) -> None:
    """Compress JSON and HTML responses of an application with gzip for clients that accept it.

    Parameters
    ----------
    app : Flask
    """
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    # Responses with an ETag would need another one for each encoding.
    is_text = response.is_json or response.mimetype == "text/html"
    if not is_text or response.is_streamed or response.get_etag()[0]:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= MIN_BYTES and request.accept_encodings.quality("gzip"):
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response

"""Decide from its head whether a request is refused, before its body is received."""

from typing import Any

from apiflask import APIFlask
from flask import Response, request

__all__ = ["SCREENED", "screen"]

SCREENED = "deepsky.screened"
"""Key in the WSGI environment of a request that has been screened."""


def screen(app: APIFlask, environ: dict[str, Any]) -> Response | int:
    """Check the host, the API key, the rate limit and the route of a request.

    Parameters
    ----------
    app : APIFlask
    environ : dict
        WSGI environment of the request, without its body. It records that the request has been
        counted for the rate limit, so that it is not counted again with the body.

    Returns
    -------
    Response or int
        The error response if the request is refused; otherwise, the maximum size of its body in
        bytes.
    """
    with app.request_context(environ):
        try:
            if request.routing_exception is not None:
                raise request.routing_exception
            refusal = app.preprocess_request()
        except Exception as error:  # noqa: BLE001  # converted to a response, as for any request
            refusal = app.handle_user_exception(error)
        if refusal is not None:
            return app.finalize_request(refusal)
        environ[SCREENED] = True
        return request.max_content_length or 0

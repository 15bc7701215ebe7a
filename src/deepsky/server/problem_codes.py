"""Error codes that only responses of the API have, with their HTTP statuses and meanings."""

from http import HTTPStatus
from typing import Final

__all__ = ["PROBLEM_CODES"]

PROBLEM_CODES: Final[dict[str, tuple[int, str]]] = {
    "bad_request": (HTTPStatus.BAD_REQUEST, "The request is not valid HTTP."),
    "invalid_request": (
        HTTPStatus.BAD_REQUEST,
        "A field is missing or invalid, or the body is not valid JSON.",
    ),
    "too_many_images": (
        HTTPStatus.BAD_REQUEST,
        "The request contains more images than the settings allow.",
    ),
    "key_required": (HTTPStatus.UNAUTHORIZED, "The server requires an API key."),
    "invalid_key": (HTTPStatus.UNAUTHORIZED, "The API key is unknown or revoked."),
    "cross_site_request": (
        HTTPStatus.FORBIDDEN,
        "A web page on a different site sent a request that would change data.",
    ),
    "session_required": (
        HTTPStatus.FORBIDDEN,
        "The request concerns the session of a browser, but the client uses an API key.",
    ),
    "not_found": (
        HTTPStatus.NOT_FOUND,
        "Nothing exists at this URL, or the resource belongs to another client.",
    ),
    "image_missing": (
        HTTPStatus.NOT_FOUND,
        "The file of the classified image is missing on the server, for example because it was "
        "not restored from a backup.",
    ),
    "method_not_allowed": (
        HTTPStatus.METHOD_NOT_ALLOWED,
        "The URL does not support this HTTP method; the `Allow` header lists the supported ones.",
    ),
    "request_timeout": (
        HTTPStatus.REQUEST_TIMEOUT,
        "The request is not received in time, or too slowly.",
    ),
    "requested_range_not_satisfiable": (
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        "The `Range` header requests a part that does not exist.",
    ),
    "misdirected_request": (
        HTTPStatus.MISDIRECTED_REQUEST,
        "The host name in the request is not one of the server's host names.",
    ),
    "idempotency_key_reused": (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "This `Idempotency-Key` has already been used for a request with different images.",
    ),
    "too_many_requests": (
        HTTPStatus.TOO_MANY_REQUESTS,
        "The client has exceeded the rate limit; the `Retry-After` header contains the time to "
        "wait.",
    ),
    "request_header_fields_too_large": (
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "The request's headers are too long.",
    ),
    "internal_server_error": (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "An error in deepsky; see the server's log.",
    ),
    "not_implemented": (
        HTTPStatus.NOT_IMPLEMENTED,
        "The request uses an unknown transfer encoding.",
    ),
    "overloaded": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The server is busy; the `Retry-After` header contains the time to wait.",
    ),
}
"""HTTP status and meaning of each code. The codes of `deepsky.errors` are not repeated."""

"""Error responses in the problem details format (RFC 9457), with a stable ``code``."""

import errno
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from apiflask import APIFlask, HTTPError
from flask import Response, current_app, json, request
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from deepsky.errors import DeepskyError, FileTooLargeError, ReaderFailedError, StorageError
from deepsky.storage.database import is_unavailable

__all__ = [
    "STATUSES",
    "OverloadedError",
    "Problem",
    "ProblemError",
    "disk_problem",
    "http_problem",
    "log_problem",
    "problem_of",
    "problem_response",
    "problems",
    "register_problems",
    "too_large",
]

MEDIA_TYPE: Final = "application/problem+json"

RETRY_SECONDS: Final = 1
"""Value of the ``Retry-After`` header if the server is overloaded.

It is roughly the number of seconds that the server needs to classify one image.
"""

NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Values of ``errno`` for a full disk, an exceeded quota or a file that is too large."""

NO_DESCRIPTORS: Final = frozenset({errno.EMFILE, errno.ENFILE})
"""Values of ``errno`` if no further file can be opened."""

RETRY: Final = {"Retry-After": "5"}
"""Header that asks the client to repeat the request after five seconds."""

RETRY_AFTER: Final = {
    "Retry-After": {
        "description": "Number of seconds after which the request can be repeated.",
        "schema": {"type": "integer", "minimum": 0},
    }
}
"""OpenAPI description of the header ``Retry-After``."""

TEMPORARY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
"""Statuses of error responses with a ``Retry-After`` header."""

STATUSES: Final[dict[str, HTTPStatus]] = {
    "image_error": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_not_found": HTTPStatus.NOT_FOUND,
    "file_unreadable": HTTPStatus.UNPROCESSABLE_ENTITY,
    "empty_file": HTTPStatus.UNPROCESSABLE_ENTITY,
    "unsupported_format": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "corrupt_image": HTTPStatus.UNPROCESSABLE_ENTITY,
    "no_image_data": HTTPStatus.UNPROCESSABLE_ENTITY,
    "limit_exceeded": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "file_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_many_pixels": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_many_frames": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_much_memory": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "read_timeout": HTTPStatus.UNPROCESSABLE_ENTITY,
    "reader_failed": HTTPStatus.SERVICE_UNAVAILABLE,
    "read_cancelled": HTTPStatus.SERVICE_UNAVAILABLE,
    "model_error": HTTPStatus.INTERNAL_SERVER_ERROR,
    "model_not_found": HTTPStatus.NOT_FOUND,
    "model_corrupt": HTTPStatus.INTERNAL_SERVER_ERROR,
    "solver_unavailable": HTTPStatus.NOT_IMPLEMENTED,
    "storage_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""HTTP status for each error code that deepsky defines."""


class ProblemError(Exception):
    """An error that is sent to the client as problem details (RFC 9457).

    Parameters
    ----------
    status : int
        HTTP status.
    code : str
        Stable, machine-readable error code, listed in docs/reference/errors.md.
    detail : str
        Human-readable description of the problem and its solution.
    headers : mapping of str to str, optional
        Additional response headers.
    """

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.headers = headers or {}


class OverloadedError(ProblemError):
    """The request is refused because the server is busy; it can be repeated.

    Parameters
    ----------
    detail : str
        Human-readable description of the problem and its solution.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(503, "overloaded", detail, {"Retry-After": str(RETRY_SECONDS)})


class Problem(BaseModel):
    """An error response (RFC 9457)."""

    type: str = Field(description="Always `about:blank`; `code` identifies the kind of error.")
    title: str = Field(description="Reason phrase of the HTTP status.")
    status: int = Field(description="HTTP status.")
    detail: str = Field(description="Human-readable description of the problem and its solution.")
    code: str = Field(description="Stable, machine-readable error code.")


def problem_of(error: Exception) -> ProblemError | None:
    """Convert an exception to a ProblemError.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    ProblemError or None
        None if the exception is unexpected, that is, an internal server error.
    """
    match error:
        case ProblemError():
            return error
        case ReaderFailedError():
            return ProblemError(STATUSES[error.code], error.code, str(error), RETRY)
        case StorageError():
            return _unavailable(str(error))
        case DeepskyError():
            return ProblemError(STATUSES[error.code], error.code, str(error))
        case SQLAlchemyError() if is_unavailable(error):
            return _unavailable("The database is unavailable. Try again in a moment.")
        case SQLAlchemyError():
            detail = "An internal error occurred in the database. See the log of the server."
            return ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_server_error", detail)
        case OSError() if error.errno in NO_SPACE:
            return _disk_problem(error)
        case OSError() if error.errno in NO_DESCRIPTORS:
            return OverloadedError("The server has too many open files. Try again in a moment.")
    return None


def problem_response(error: ProblemError) -> Response:
    """Return the response for an error.

    Parameters
    ----------
    error : ProblemError
    """
    status = HTTPStatus(error.status)
    body = Problem(
        type="about:blank",
        title=status.phrase,
        status=status,
        detail=str(error),
        code=error.code,
    )
    response = Response(json.dumps(body.model_dump()), status, content_type=MEDIA_TYPE)
    response.headers.update(error.headers)
    return response


def http_problem(status: int, name: str, detail: str) -> Response:
    """Return the response for an HTTP error for which deepsky defines no error code.

    Parameters
    ----------
    status : int
        HTTP status.
    name : str
        Reason phrase of the status, such as ``"Not Found"``. The error code is derived from it.
    detail : str
        Human-readable description of the problem.
    """
    return problem_response(ProblemError(status, name.lower().replace(" ", "_"), detail))


def too_large(limit: int) -> Response:
    """Return the response for a request that is too large.

    Parameters
    ----------
    limit : int
        Maximum size of a request, in bytes.
    """
    detail = (
        f"The request is too large: the limit is {limit:,} bytes. "
        "Send fewer or smaller files, or less text."
    )
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return problem_response(ProblemError(status, FileTooLargeError.code, detail))


def disk_problem(error: OSError) -> Response:
    """Return the response for a request whose data cannot be written to the disk.

    Parameters
    ----------
    error : OSError
    """
    return problem_response(_disk_problem(error))


def problems(*statuses: int) -> dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]:
    """Return the OpenAPI descriptions of a route's error responses.

    Parameters
    ----------
    *statuses : int
        HTTP statuses of the error responses.

    Returns
    -------
    dict
        Descriptions by status, for the ``responses`` argument of `APIBlueprint.doc`.
    """
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
            **({"headers": RETRY_AFTER} if status in TEMPORARY else {}),
        }
        for status in statuses
    }


def register_problems(app: APIFlask) -> None:
    """Register error handlers that return every error as problem details (RFC 9457).

    Parameters
    ----------
    app : APIFlask
    """
    for kind in (ProblemError, DeepskyError, SQLAlchemyError, OSError):
        app.register_error_handler(kind, _from_error)
    app.register_error_handler(HTTPError, _from_validation)
    # Flask logs unexpected errors with a traceback and passes them on as HTTPException.
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(RequestEntityTooLarge, _from_too_large)


def log_problem(problem: ProblemError, error: Exception) -> None:
    """Log an error of the server or of its storage.

    Messages of databases can contain file names and comments, so only their first line is logged.
    A traceback is logged only for internal errors: while the storage is unavailable, every request
    fails, and the log may be on the full disk.

    Parameters
    ----------
    problem : ProblemError
        The error that is sent to the client.
    error : Exception
        The cause.
    """
    is_internal = problem.status == HTTPStatus.INTERNAL_SERVER_ERROR
    if not isinstance(error, SQLAlchemyError):
        current_app.logger.error("%s", problem, exc_info=error if is_internal else None)
        return
    cause = getattr(error, "orig", None) or error
    first, *_ = str(cause).splitlines() or [""]
    trace = "".join(traceback.format_tb(error.__traceback__)) if is_internal else ""
    current_app.logger.error("%s\n%s%s: %s", problem, trace, type(cause).__name__, first)


def _unavailable(detail: str) -> ProblemError:
    return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, StorageError.code, detail, RETRY)


def _disk_problem(error: OSError) -> ProblemError:
    return _unavailable(
        f"The server cannot write to its disk ({error.strerror}). Free up space on the data disk "
        "and in the folder for temporary files, or try again later."
    )


def _from_error(error: Exception) -> Response:
    problem = problem_of(error)
    if problem is None:
        raise error
    if problem.code == StorageError.code or isinstance(error, SQLAlchemyError):
        log_problem(problem, error)
    return problem_response(problem)


def _from_validation(error: HTTPError) -> Response:
    reasons = [
        f"{field}: {' '.join(messages).rstrip('.')}."
        for fields in error.detail.values()
        for field, messages in fields.items()
    ]
    return problem_response(ProblemError(error.status_code, "invalid_request", " ".join(reasons)))


def _from_too_large(_error: RequestEntityTooLarge) -> Response:
    """Convert the error that Werkzeug raises for too large requests and for too large forms."""
    limit = request.max_content_length or 0
    if request.content_length is None or request.content_length > limit:
        return too_large(limit)
    parts, size = current_app.config["MAX_FORM_PARTS"], current_app.config["MAX_FORM_MEMORY_SIZE"]
    detail = (
        "image: Send one or more image files in this form field, as multipart/form-data. The form "
        f"can have at most {parts} fields, with at most {size:,} bytes of text."
    )
    return problem_response(ProblemError(400, "invalid_request", detail))


def _from_http(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    response = http_problem(status, error.name, error.description or error.name)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response

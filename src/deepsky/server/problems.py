"""Every error as one shape: ``application/problem+json`` (RFC 9457) with a stable ``code``."""

import errno
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from apiflask import APIFlask, HTTPError
from flask import Response, current_app, json, request
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from deepsky.errors import DeepskyError, FileTooLargeError, StorageError

__all__ = [
    "STATUSES",
    "Problem",
    "Refusal",
    "disk_problem",
    "http_problem",
    "problems",
    "register_problems",
    "too_large",
]

MEDIA_TYPE: Final = "application/problem+json"

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""How systems say that a file cannot be written on."""

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
    "read_timeout": HTTPStatus.UNPROCESSABLE_ENTITY,
    "model_error": HTTPStatus.INTERNAL_SERVER_ERROR,
    "model_not_found": HTTPStatus.NOT_FOUND,
    "model_corrupt": HTTPStatus.INTERNAL_SERVER_ERROR,
    "storage_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""HTTP status of each of deepsky's own errors, by its code."""


class Refusal(Exception):  # noqa: N818  # what the server does, not what fails
    """A request is turned down.

    Parameters
    ----------
    status : int
        HTTP status.
    code : str
        Why, for programs; documented in docs/api.md.
    detail : str
        What is wrong and what to do, for people.
    headers : mapping of str to str, optional
        Headers of the answer.
    """

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.headers = headers or {}


class Problem(BaseModel):
    """What went wrong, after RFC 9457."""

    type: str = Field(description="Always about:blank: the code tells problems apart.")
    title: str = Field(description="The HTTP status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong and what to do, for people.")
    code: str = Field(description="What is wrong, for programs; stays the same for good.")


def problem(status: int, code: str, detail: str) -> Response:
    """Answer with a problem.

    Parameters
    ----------
    status : int
        HTTP status.
    code : str
        What is wrong, for programs.
    detail : str
        What is wrong and what to do, for people.
    """
    title = HTTPStatus(status).phrase
    body = Problem(type="about:blank", title=title, status=status, detail=detail, code=code)
    return Response(json.dumps(body.model_dump()), status, content_type=MEDIA_TYPE)


def http_problem(status: int, name: str, detail: str) -> Response:
    """Answer with a problem of HTTP itself.

    Parameters
    ----------
    status : int
        HTTP status.
    name : str
        The status in words, which makes the code.
    detail : str
        What is wrong, for people.
    """
    code = name.lower().replace(" ", "_")
    return problem(status, code, detail)


def too_large(most: int) -> Response:
    """Answer to a request that is too large.

    Parameters
    ----------
    most : int
        Bytes that a request may have.
    """
    detail = (
        f"The request is too large: no more than {most:,} bytes are taken. "
        "Send less, such as fewer or smaller files."
    )
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, FileTooLargeError.code, detail)


def disk_problem(error: OSError) -> Response:
    """Answer to a request that needs more of the disk than there is."""
    detail = (
        f"The server's disk takes no more ({error.strerror}). Make room there, also in the folder "
        "for temporary files, or try again later."
    )
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, StorageError.code, detail)


def problems(*statuses: int) -> dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]:
    """Tell the API's description which problems a route may answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def register_problems(app: APIFlask) -> None:
    """Make every error that a request can meet a problem."""
    app.register_error_handler(DeepskyError, _from_deepsky)
    app.register_error_handler(StorageError, _from_storage)
    app.register_error_handler(Refusal, _from_refusal)
    app.register_error_handler(SQLAlchemyError, _from_database)
    app.register_error_handler(OSError, _from_disk)
    app.register_error_handler(HTTPError, _from_validation)
    # Flask logs what nobody caught with its traceback, and hands it here as an HTTPException.
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(RequestEntityTooLarge, _from_too_large)


def _from_deepsky(error: DeepskyError) -> Response:
    return problem(STATUSES[error.code], error.code, str(error))


def _from_storage(error: StorageError) -> Response:
    current_app.logger.error("%s", error)
    return _from_deepsky(error)


def _from_refusal(refusal: Refusal) -> Response:
    response = problem(refusal.status, refusal.code, str(refusal))
    response.headers.update(refusal.headers)
    return response


def _from_database(error: SQLAlchemyError) -> Response:
    current_app.logger.error("The database failed", exc_info=error)
    detail = "The database does not answer as it should. Try again in a moment."
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE, StorageError.code, detail)
    response.headers["Retry-After"] = "5"
    return response


def _from_disk(error: OSError) -> Response:
    if error.errno not in NO_ROOM:
        raise error
    current_app.logger.error("The disk takes no more", exc_info=error)
    return disk_problem(error)


def _from_validation(error: HTTPError) -> Response:
    reasons = [
        f"{field}: {' '.join(messages)}"
        for fields in error.detail.values()
        for field, messages in fields.items()
    ]
    return problem(error.status_code, "invalid_request", " ".join(reasons))


def _from_too_large(_error: RequestEntityTooLarge) -> Response:
    return too_large(request.max_content_length or 0)


def _from_http(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    response = http_problem(status, error.name, error.description or error.name)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response

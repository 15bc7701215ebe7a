"""Application factory for the Flask server."""

from pathlib import Path
from typing import Any, Final

from apiflask import APIFlask
from flask import Response, request
from flask.json.provider import DefaultJSONProvider

from deepsky import __version__
from deepsky.server import (
    annotated_images,
    classifications,
    detections,
    docs,
    feedback,
    health,
    lists,
    metrics,
    models,
    page,
    public_settings,
    sessions,
    sharing,
    sky,
    speed,
    stretches,
    tiles,
)
from deepsky.server.clients import API, register_clients
from deepsky.server.compression import register_compression
from deepsky.server.forms import FormRequest
from deepsky.server.metrics import register_metrics
from deepsky.server.openapi import complete
from deepsky.server.problems import ProblemError, register_problems
from deepsky.server.settings import Settings
from deepsky.server.state import State

__all__ = ["create_app"]

FORM_OVERHEAD: Final = 65_536
"""Maximum size of an upload request excluding its images, in bytes."""

FORM_FIELDS: Final = 16
"""Maximum number of parts in a form in addition to the images.

At least one more than the form has fields, so that too many images are reported as such.
"""

HEADERS: Final = {
    # Mantine and Swagger UI require inline styles. Scripts may only be loaded from this server.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class JSON(DefaultJSONProvider):
    """JSON provider that preserves the order of fields and rejects invalid JSON in requests."""

    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Parse the JSON body of a request.

        Parameters
        ----------
        s : str or bytes
            The request body.
        **kwargs
            Passed to `json.loads`.

        Raises
        ------
        ProblemError
            If the body is not valid JSON.
        """
        try:
            return super().loads(s, **kwargs)
        except (ValueError, RecursionError) as error:
            detail = f"The request body is not valid JSON: {error}."
            raise ProblemError(400, "invalid_request", detail) from error


def create_app(settings: Settings | None = None, *, built_page: Path = page.BUILT) -> APIFlask:
    """Create the WSGI application.

    Parameters
    ----------
    settings : Settings, optional
        Settings of the server. By default, they are read from the environment.
    built_page : Path
        Folder that contains the built web interface. The API also works if this folder is
        missing.

    Returns
    -------
    APIFlask

    Raises
    ------
    SolverError
        If the plate solver in the settings is not installed.

    Examples
    --------
    >>> from deepsky.server import Settings, create_app
    >>> app = create_app(Settings(access="open"))
    >>> app.test_client().get("/api/v1/models").status_code
    200
    """
    settings = settings or Settings()
    app = APIFlask(
        __name__,
        title="deepsky",
        version=__version__,
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
        static_folder=None,  # type: ignore[arg-type]  # Flask accepts None
    )
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_bytes + FORM_OVERHEAD,
        MAX_FORM_PARTS=settings.max_images + FORM_FIELDS,
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION="Classify images of the sky as galaxy, nebula, star cluster, or not a deep-sky "
        "object.",
        VALIDATION_ERROR_STATUS_CODE=400,
        AUTO_SERVERS=False,
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
    )
    app.json = JSON(app)
    app.request_class = FormRequest
    app.extensions["deepsky"] = State(settings, built_page)
    app.spec_processor(complete)
    register_problems(app)
    register_compression(app)
    register_metrics(app)
    register_clients(app)
    app.before_request(_limit_body)
    app.after_request(_add_headers)
    for resource in (
        sessions,
        classifications,
        lists,
        sky,
        tiles,
        stretches,
        annotated_images,
        sharing,
        detections,
        feedback,
        models,
        speed,
        health,
        public_settings,
        metrics,
        docs,
        page,
    ):
        app.register_blueprint(resource.blueprint)
    return app


def _limit_body() -> None:
    """Limit the size of requests that contain no images."""
    if request.endpoint != "classifications.create":
        request.max_content_length = FORM_OVERHEAD


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.path.startswith(API) and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response

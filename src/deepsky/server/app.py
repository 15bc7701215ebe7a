"""The application factory."""

from pathlib import Path
from typing import Any, Final

from apiflask import APIFlask
from flask import Response
from flask.json.provider import DefaultJSONProvider

from deepsky import __version__
from deepsky.server import (
    classifications,
    docs,
    feedback,
    health,
    metrics,
    models,
    page,
    speed,
)
from deepsky.server.clients import register_clients
from deepsky.server.metrics import register_metrics
from deepsky.server.openapi import complete
from deepsky.server.problems import Refusal, register_problems
from deepsky.server.settings import Settings
from deepsky.server.state import State

__all__ = ["create_app"]

FORM_OVERHEAD: Final = 65_536
"""Bytes of a request beside the image itself."""

HEADERS: Final = {
    # Mantine and Swagger UI set styles inline; scripts come from files of our own alone.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class JSON(DefaultJSONProvider):
    """Leaves the fields of a record in their own order, and refuses what is no JSON."""

    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read what a request says."""
        try:
            return super().loads(s, **kwargs)
        except (ValueError, RecursionError) as error:
            detail = f"The body of the request is broken JSON: {error}."
            raise Refusal(400, "invalid_request", detail) from error


def create_app(settings: Settings | None = None, *, built_page: Path = page.BUILT) -> APIFlask:
    """Make the server's WSGI application.

    Parameters
    ----------
    settings : Settings, optional
        Taken from the environment where not given.
    built_page : Path
        Folder with the built web page; the API works without one.
    """
    settings = settings or Settings()
    app = APIFlask(
        __name__,
        title="deepsky",
        version=__version__,
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
        static_folder=None,  # type: ignore[arg-type]  # as Flask takes it
    )
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_bytes + FORM_OVERHEAD,
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION="Is it a galaxy, a nebula, a star cluster, or no deep-sky object at all?",
        VALIDATION_ERROR_STATUS_CODE=400,
        AUTO_SERVERS=False,
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
    )
    app.json = JSON(app)
    app.extensions["deepsky"] = State(settings, built_page)
    app.spec_processor(complete)
    register_problems(app)
    register_metrics(app)
    register_clients(app)
    app.after_request(_add_headers)
    for resource in (classifications, feedback, models, speed, health, metrics, docs, page):
        app.register_blueprint(resource.blueprint)
    return app


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response

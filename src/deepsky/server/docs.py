"""Routes for the API documentation (Swagger UI)."""

from importlib.resources import files
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, send_from_directory

__all__ = ["blueprint"]

PAGES: Final = Path(__file__).parent / "pages"

blueprint = Blueprint(
    "docs",
    __name__,
    url_prefix="/api/docs",
    static_folder=str(files("flask_swagger_ui") / "dist"),
    static_url_path="/swagger-ui",
)


@blueprint.get("")
def index() -> Response:
    """Return the API documentation page."""
    return send_from_directory(PAGES, "docs.html")


@blueprint.get("/<any('docs.js', 'docs.css'):name>")
def file(name: str) -> Response:
    """Return the script that starts Swagger UI, or the styles of the red theme.

    The script is a separate file because the server's Content-Security-Policy forbids inline
    scripts.
    """
    return send_from_directory(PAGES, name)

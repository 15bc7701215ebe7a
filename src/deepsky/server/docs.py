"""The API documentation as a page: Swagger UI, served from this machine."""

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
    """Show the documentation."""
    return send_from_directory(PAGES, "docs.html")


@blueprint.get("/docs.js")
def script() -> Response:
    """Return the script that starts Swagger UI; the page allows no inline scripts."""
    return send_from_directory(PAGES, "docs.js")

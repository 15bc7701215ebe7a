"""Routes for the built web interface and its assets."""

from pathlib import Path
from typing import Final

from flask import Blueprint, Response

from deepsky.server.page_files import send_page_file
from deepsky.server.state import state

__all__ = ["BUILT", "blueprint"]

BUILT: Final = Path(__file__).parent / "static"
NOT_BUILT: Final = Path(__file__).parent / "pages" / "not_built.html"
YEAR: Final = 365 * 24 * 3600

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def index() -> Response | tuple[str, int]:
    """Return the home page, or build instructions if the web interface has not been built."""
    if not (state().page / "index.html").is_file():
        return NOT_BUILT.read_text(encoding="utf-8"), 503
    return show("index.html")


@blueprint.get("/<name>")
def show(name: str) -> Response:
    """Return a web interface file that has no content hash in its name."""
    return send_page_file(state().page, name)


@blueprint.get("/assets/<path:name>")
def show_asset(name: str) -> Response:
    """Return an asset; browsers may cache assets because their names contain a content hash."""
    response = send_page_file(state().page / "assets", name, max_age=YEAR)
    response.cache_control.immutable = True
    return response

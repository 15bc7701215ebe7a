"""Routes for the web page, which is one document at many addresses, and its assets."""

from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import NotFound

from deepsky.server.clients import needs_key
from deepsky.server.link_preview import describe_shared
from deepsky.server.page_files import send_page_file
from deepsky.server.problems import http_problem
from deepsky.server.state import state
from deepsky.storage.shares import find_shared

__all__ = ["BUILT", "blueprint"]

BUILT: Final = Path(__file__).parent / "static"
NOT_BUILT: Final = Path(__file__).parent / "pages" / "not_built.html"
HOUR: Final = 3600
YEAR: Final = 365 * 24 * HOUR

BASE: Final = '<base href="/" />'
"""Element of the document that contains the path under which the page is offered."""

ADDRESSES: Final = {
    "/": "index.html",
    "/history": "history.html",
    "/review": "review.html",
    "/models": "models.html",
    "/learn": "learn.html",
    "/learn/objects": "learn-objects.html",
    "/learn/kinds": "learn-kinds.html",
    "/learn/networks": "learn-networks.html",
    "/learn/figures": "learn-figures.html",
    "/learn/data": "learn-data.html",
}
"""Addresses of the page, as in ``web/src/app/router.tsx``, and their documents.

A document contains what its page shows first, as in ``web/plugins/shell.ts``. All documents load
the same code, which selects what to show.
"""

ANSWER: Final = "answers.html"
"""Document of a classification."""

SHARED: Final = "shared.html"
"""Document of a shared classification."""

OTHER: Final = "other.html"
"""Document of addresses at which there is no page."""

DOCUMENTS: Final = {*ADDRESSES.values(), ANSWER, SHARED, OTHER}

NOT_PAGES: Final = ("/api/", "/assets/")
"""Beginnings of paths that never show the page."""

ICONS: Final = (".svg", ".png")
"""Suffixes of icons, which browsers may cache although their names contain no content hash."""

IMAGE: Final = "image; fetchpriority=high"
"""Destination of a preloaded image, in a ``Link`` header."""

DATA: Final = "fetch; crossorigin"
"""Destination of preloaded data of the API, in a ``Link`` header."""

HEAD_END: Final = "</head>"

blueprint = Blueprint("page", __name__)


def show(document: str, **_: str) -> Response:
    """Return the page, or build instructions if the web interface has not been built."""
    return _document(document)


for address, document in ADDRESSES.items():
    blueprint.add_url_rule(
        address, view_func=show, defaults={"document": document}, strict_slashes=address == "/"
    )


@blueprint.get("/answers/<id>", strict_slashes=False)
def show_answer(id: str) -> Response:  # noqa: A002
    """Return the page of a classification."""
    response = _document(ANSWER)
    if not needs_key():  # browsers send no API key when they preload
        _preload(response, url_for("classifications.show_image", id=id), IMAGE)
    return response


@blueprint.get("/shared/<token>")
def show_shared(token: str) -> Response:
    """Return the page with tags that describe a shared classification."""
    with state().storage.database.read() as session:
        found = find_shared(session, token)
        tags = describe_shared(found, token) if found is not None else ""
    response = _document(SHARED, HTTPStatus.OK if found else HTTPStatus.NOT_FOUND, tags)
    response.headers["X-Robots-Tag"] = "noindex"
    if found is not None:
        _preload(response, url_for("sharing.show_image", token=token), IMAGE)
    return response


@blueprint.get("/<name>")
def show_file(name: str) -> Response:
    """Return a web interface file that has no content hash in its name."""
    if name in DOCUMENTS:
        return _document(name)
    return send_page_file(state().page, name, max_age=HOUR if name.endswith(ICONS) else None)


@blueprint.get("/assets/<path:name>")
def show_asset(name: str) -> Response:
    """Return an asset; browsers may cache assets because their names contain a content hash."""
    response = send_page_file(state().page / "assets", name, max_age=YEAR)
    response.cache_control.immutable = True
    return response


@blueprint.app_errorhandler(NotFound)
def show_not_found(error: NotFound) -> Response:
    """Return the page with status 404 to browsers, and problem details to other clients."""
    if _is_visit():
        response = _document(OTHER, HTTPStatus.NOT_FOUND)
        if not needs_key():  # the largest text is the accuracy in the footer
            _preload(response, url_for("models.index"), DATA)
        return response
    return http_problem(HTTPStatus.NOT_FOUND, error.name, error.description or error.name)


def _preload(response: Response, url: str, destination: str) -> None:
    """Let the browser load a resource of a page before it has loaded the page's code."""
    response.headers["Link"] = f"<{url}>; rel=preload; as={destination}"


def _is_visit() -> bool:
    """Return whether a browser opens an address of the page."""
    return (
        request.method in ("GET", "HEAD")
        and not f"{request.path}/".startswith(NOT_PAGES)
        and "text/html" in request.accept_mimetypes.values()
    )


def _document(name: str, status: int = HTTPStatus.OK, tags: str = "") -> Response:
    """Return a document, in which all paths are relative to its ``base`` element."""
    file = state().page / name
    if not file.is_file():
        return Response(NOT_BUILT.read_text(encoding="utf-8"), HTTPStatus.SERVICE_UNAVAILABLE)
    if status == HTTPStatus.OK and not request.script_root and not tags:
        return send_page_file(state().page, name)
    base = f'<base href="{escape(request.script_root)}/" />'
    text = file.read_text(encoding="utf-8").replace(BASE, base, 1)
    text = text.replace(HEAD_END, f"{tags}{HEAD_END}", 1)
    response = Response(text, status, mimetype="text/html")
    response.cache_control.no_cache = True
    return response

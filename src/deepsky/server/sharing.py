"""Routes for sharing a classification by a link, and for what everybody with the link can see."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response, abort, url_for
from sqlalchemy.orm import Session as OrmSession

from deepsky.models.contours import contours_svg
from deepsky.server.classifications import (
    evidence_response,
    find_own,
    image_missing,
    preview_response,
)
from deepsky.server.problems import problems
from deepsky.server.schemas.images import ImageQuery
from deepsky.server.schemas.sharing import Share, SharedClassification
from deepsky.server.serialization import serialize_shared
from deepsky.server.state import state
from deepsky.storage import Database
from deepsky.storage.classifications import unpack_evidence
from deepsky.storage.shares import find_shared, share, withdraw_share
from deepsky.storage.tables import Classification
from deepsky.taxonomy import Label

__all__ = ["blueprint"]

blueprint = APIBlueprint("sharing", __name__, url_prefix="/api/v1")

IMAGE: Final = FileSchema(type="string", format="binary")


@blueprint.post("/classifications/<id>/share")
@blueprint.output(Share, description="The token of the link")
@blueprint.doc(operation_id="shareClassification", responses=problems(401, 403, 404, 429, 503))
def create(id: str) -> dict[str, Any]:  # noqa: A002
    """Share a classification: everybody who knows the link can see it, and nobody can change it.

    If the classification is already shared, the link is the same.
    """
    with state().storage.database.write() as session:
        classification, _ = find_own(session, id, lock=True)
        token = share(classification)
    return {"token": token, "path": url_for("page.show_shared", token=token)}


@blueprint.delete("/classifications/<id>/share")
@blueprint.output({}, status_code=204, description="Withdrawn")
@blueprint.doc(operation_id="withdrawShare", responses=problems(401, 403, 404, 429, 503))
def withdraw(id: str) -> str:  # noqa: A002
    """Withdraw the link to a classification. The same link never works again."""
    database = state().storage.database
    database.run_on_full_disk(lambda: _withdraw(database, id))
    return ""


def _withdraw(database: Database, id: str) -> None:  # noqa: A002
    with database.write() as session:
        classification, _ = find_own(session, id, lock=True)
        withdraw_share(classification)


@blueprint.get("/shared/<token>")
@blueprint.output(SharedClassification, description="The classification")
@blueprint.doc(operation_id="getShared", responses=problems(404, 503))
def show(token: str) -> dict[str, Any]:
    """Get a shared classification, without the name of the file, the feedback and the client."""
    with state().storage.database.read() as session:
        return serialize_shared(_find(session, token))


@blueprint.get("/shared/<token>/image")
@blueprint.input(ImageQuery, location="query", arg_name="query")
@blueprint.output(IMAGE, content_type="image/jpeg", description="JPEG")
@blueprint.doc(operation_id="getSharedImage", responses=problems(400, 404, 413, 416, 422, 503))
def show_image(token: str, query: ImageQuery) -> Response:
    """Get a preview of the image of a shared classification, without metadata."""
    with state().storage.database.read() as session:
        classification = _find(session, token)
    with _missing_files_reported(token):
        return preview_response(classification, query.size)


@blueprint.get("/shared/<token>/evidence/<label>.svg")
@blueprint.output(IMAGE, content_type="image/svg+xml", description="SVG with transparency")
@blueprint.doc(operation_id="getSharedEvidence", responses=problems(404, 503))
def show_evidence(token: str, label: Label) -> Response:
    """Get contour lines of the evidence of a shared classification for a class."""
    with state().storage.database.read() as session:
        classification = _find(session, token)
        evidence = unpack_evidence(classification)
    return evidence_response(
        classification, evidence, label, contours_svg, content_type="image/svg+xml"
    )


@blueprint.after_request
def keep_out_of_search_engines(response: Response) -> Response:
    """Ask search engines not to list what is shared."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@contextmanager
def _missing_files_reported(token: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        with state().storage.database.read() as session:
            _find(session, token)
        raise image_missing() from None


def _find(session: OrmSession, token: str) -> Classification:
    found = find_shared(session, token)
    if found is None:
        abort(404, "Nothing is shared under this link. The link may have been withdrawn.")
    return found

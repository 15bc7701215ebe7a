"""Routes for annotated images."""

from typing import Any, Final, Literal, cast

from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response, request

from deepsky.annotation.annotate import annotate
from deepsky.record import Record
from deepsky.server.classifications import (
    find_own,
    get_preview,
    missing_files_reported,
    private,
)
from deepsky.server.clients import waiting_client
from deepsky.server.problems import problems
from deepsky.server.schemas.images import AnnotationQuery
from deepsky.server.serialization import serialize_classification
from deepsky.server.state import state
from deepsky.storage.classifications import ClassificationAndFeedback

__all__ = ["blueprint"]

blueprint = APIBlueprint("annotated_images", __name__, url_prefix="/api/v1/classifications")

IMAGE: Final = FileSchema(type="string", format="binary")
PROBLEMS: Final = problems(400, 401, 404, 413, 416, 422, 503)


@blueprint.get("/<id>/annotated.png")
@blueprint.input(AnnotationQuery, location="query", arg_name="query")
@blueprint.output(IMAGE, content_type="image/png", description="PNG")
@blueprint.doc(operation_id="getAnnotatedPng", responses=PROBLEMS)
def show_png(id: str, query: AnnotationQuery) -> Response:  # noqa: A002
    """Get the preview of the image with the outlines and names of the objects in it, as a PNG.

    If the place on the sky is not known, only a title is written below the image.
    """
    return _respond(id, query, "png", "image/png")


@blueprint.get("/<id>/annotated.svg")
@blueprint.input(AnnotationQuery, location="query", arg_name="query")
@blueprint.output(IMAGE, content_type="image/svg+xml", description="SVG")
@blueprint.doc(operation_id="getAnnotatedSvg", responses=PROBLEMS)
def show_svg(id: str, query: AnnotationQuery) -> Response:  # noqa: A002
    """Get the preview of the image with the outlines and names of the objects in it, as an SVG.

    If the place on the sky is not known, only a title is written below the image. The SVG contains
    the preview. Browsers save it to a file.
    """
    response = _respond(id, query, "svg", "image/svg+xml")
    response.headers["Content-Disposition"] = "attachment"
    return response


def _respond(
    id: str,  # noqa: A002
    query: AnnotationQuery,
    kind: Literal["png", "svg"],
    content_type: str,
) -> Response:
    server, client = state(), waiting_client()
    with server.storage.database.read() as session:
        found = find_own(session, id)
        record = _to_record(found)
    with missing_files_reported(id):
        preview = get_preview(client, found[0])
        with server.previews.drawing(client):
            drawn = annotate(record, preview.read_bytes(), kind, grid=query.grid)
    response = Response(drawn, content_type=content_type)
    response.add_etag()
    response.make_conditional(request)
    return private(response)


def _to_record(found: ClassificationAndFeedback) -> Record:
    fields: dict[str, Any] = serialize_classification(*found)
    if fields["sky"] is not None:  # earlier versions did not store the WCS
        fields["sky"] = {"wcs": "", **fields["sky"]}
    return cast("Record", fields)

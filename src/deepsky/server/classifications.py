"""Classifying uploads, and the answers that were given."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from functools import partial
from io import BytesIO
from typing import Any, Final, NoReturn

from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response, abort, request, send_file, url_for
from sqlalchemy.orm import Session as OrmSession
from werkzeug.datastructures import FileStorage

from deepsky.classifier import Classifier
from deepsky.errors import ImageError
from deepsky.imaging.preview import SIDES, encode_png, preview_size, shrink
from deepsky.models import available_models, overlay
from deepsky.preprocessing import make_preview
from deepsky.record import error_record
from deepsky.server.classification_service import Request, answer_upload, upload_name
from deepsky.server.clients import known_client_id, new_client_id
from deepsky.server.problems import Refusal, problems
from deepsky.server.schemas import (
    Classification,
    ClassificationForm,
    ClassificationHeaders,
    ClassificationList,
    ClassificationQuery,
    Classified,
    ImageQuery,
)
from deepsky.server.serialization import tell_classification
from deepsky.server.state import state
from deepsky.storage.classifications import (
    Answered,
    Filter,
    delete,
    evidence_of,
    find,
    page,
)
from deepsky.taxonomy import LABELS, Label

__all__ = ["blueprint", "find_own"]

blueprint = APIBlueprint("classifications", __name__, url_prefix="/api/v1/classifications")

IMAGE: Final = FileSchema(type="string", format="binary")
ALL: Final = "all"
LARGEST_NUMBER: Final = 2**63
"""That a database's numbers stay below."""

YEAR: Final = 365 * 24 * 3600


@blueprint.before_request
def refuse_when_full() -> None:
    """Refuse uploads before they are looked into, which is work too."""
    if request.method == "POST":
        state().admission.check()


@blueprint.post("")
@blueprint.input(ClassificationHeaders, location="headers", arg_name="headers")
@blueprint.input(ClassificationForm, location="files", arg_name="form")
@blueprint.output(Classified, status_code=201, description="The answer, or several")
@blueprint.doc(
    operation_id="classify",
    responses=problems(400, 401, 403, 404, 413, 415, 422, 429, 500, 503),
)
def create(
    form: ClassificationForm, headers: ClassificationHeaders
) -> tuple[dict[str, Any], dict[str, str]]:
    """Classify an image, or several, with a model, or with each.

    One image and one model give one answer, and a problem where the image cannot be used.
    Otherwise the answers come as `items`, in the order of the images and, for each, of the
    models' names; an image that cannot be used has an item that says why.
    """
    server = state()
    if len(form.image) > server.settings.max_images:
        most = server.settings.max_images
        raise Refusal(400, "too_many_images", f"Send no more than {most} images at once.")
    if len(request.form.getlist("model")) > 1:
        raise Refusal(400, "invalid_request", "model: Name one model, or all.")
    with server.admission.place():
        names = available_models() if form.model == ALL else [form.model]
        models = [server.models.get(name) for name in names]
        asked = Request(new_client_id(), headers.idempotency_key)
        if form.model != ALL and len(form.image) == 1:
            [answered] = answer_upload(server, asked, 0, form.image[0], models)
            body = tell_classification(*answered)
            return body, {"Location": url_for(".show", id=body["id"])}
        items = [
            item
            for part, upload in enumerate(form.image)
            for item in _items(asked, part, upload, models)
        ]
    return {"items": items}, {}


@blueprint.get("")
@blueprint.input(ClassificationQuery, location="query", arg_name="query")
@blueprint.output(ClassificationList, description="A page of answers")
@blueprint.doc(operation_id="listClassifications", responses=problems(400, 401, 503))
def index(query: ClassificationQuery) -> dict[str, Any]:
    """List one's own answers."""
    wanted = Filter(query.label, query.verdict, query.model, query.feedback)
    after = _place(query.cursor, query.sort) if query.cursor is not None else None
    with state().storage.database.read() as session:
        client = known_client_id(session)
        if client is None:
            return {"items": [], "next_cursor": None}
        found = page(session, client, wanted, query.sort, after, query.limit)
    return {
        "items": [tell_classification(*answered) for answered in found.answers],
        "next_cursor": _cursor(found.following, query.sort) if found.following else None,
    }


@blueprint.get("/<id>")
@blueprint.output(Classification, description="The answer")
@blueprint.doc(operation_id="getClassification", responses=problems(401, 404, 503))
def show(id: str) -> dict[str, Any]:  # noqa: A002
    """Fetch an answer again."""
    with state().storage.database.read() as session:
        return tell_classification(*find_own(session, id))


@blueprint.delete("/<id>")
@blueprint.output({}, status_code=204, description="Deleted")
@blueprint.doc(operation_id="deleteClassification", responses=problems(401, 403, 404, 429, 503))
def remove(id: str) -> str:  # noqa: A002
    """Delete an answer, what was said of it and, if no other answer is about it, the image."""
    storage = state().storage
    with storage.database.write() as session:
        client = known_client_id(session)
        sha256 = delete(session, client, id) if client is not None else None
    if sha256 is None:
        _abort_unknown(id)
    storage.collect(sha256)
    return ""


@blueprint.get("/<id>/image")
@blueprint.input(ImageQuery, location="query", arg_name="query")
@blueprint.output(IMAGE, content_type="image/jpeg", description="JPEG")
@blueprint.doc(operation_id="getImage", responses=problems(400, 401, 404, 413, 416, 422, 503))
def show_image(id: str, query: ImageQuery) -> Response:  # noqa: A002
    """Show the image as the model saw it: upright and stretched."""
    server = state()
    with server.storage.database.read() as session:
        answer, _ = find_own(session, id)
    image = answer.image
    work = partial(make_preview, size=preview_size(image.width, image.height))
    large = query.size == "large"
    try:
        preview = server.storage.preview(image, lambda path: server.readers.read(path, work))
        response = send_file(
            preview if large else BytesIO(shrink(preview, SIDES[query.size])),
            mimetype="image/jpeg",
            etag=f"{answer.image_sha256}-{query.size}",
        )
    except FileNotFoundError:
        with server.storage.database.read() as session:
            find_own(session, id)  # it may have been deleted between the two steps
        abort(404, "The image of this answer is missing on the server.")
    return _kept_by_browser(response)


@blueprint.get(f"/<id>/evidence/<any({', '.join(LABELS)}):label>.png")
@blueprint.output(IMAGE, content_type="image/png", description="PNG with transparency")
@blueprint.doc(operation_id="getEvidence", responses=problems(401, 404, 503))
def show_evidence(id: str, label: Label) -> Response:  # noqa: A002
    """Show where in the image a class draws its score from, as a layer to lay over it."""
    with state().storage.database.read() as session:
        answer, _ = find_own(session, id)
        evidence = evidence_of(answer)
    layer = overlay(evidence, label, preview_size(answer.image.width, answer.image.height))
    return _kept_by_browser(Response(encode_png(layer), content_type="image/png"))


def find_own(session: OrmSession, id: str, *, hold: bool = False) -> Answered:  # noqa: A002
    """Find one of the client's own answers, as `find`; for any other the request ends with 404."""
    client = known_client_id(session)
    found = find(session, client, id, hold=hold) if client is not None else None
    if found is None:
        _abort_unknown(id)
    return found


def _abort_unknown(id: str) -> NoReturn:  # noqa: A002
    abort(404, f"You have no answer {id!r}. It was deleted, or given to somebody else.")


def _items(
    asked: Request, part: int, upload: FileStorage, models: Sequence[Classifier]
) -> list[Any]:
    try:
        return [
            tell_classification(*a) for a in answer_upload(state(), asked, part, upload, models)
        ]
    except ImageError as error:
        return [error_record(upload_name(upload), error, model) for model in models]


def _cursor(following: tuple[float, ...], sort: str) -> str:
    """Tell where a page begins, as one word; it is for the same order alone."""
    return urlsafe_b64encode(json.dumps([sort, *following]).encode()).decode().rstrip("=")


def _place(cursor: str, sort: str) -> tuple[float, ...]:
    try:
        order, *place = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError):
        order, place = None, []
    length = 2 if sort == "most_uncertain" else 1
    numbers = all(type(n) in (int, float) and abs(n) < LARGEST_NUMBER for n in place)
    if order != sort or len(place) != length or not numbers:
        detail = "cursor: Send the next_cursor of a page in the same order, or none."
        raise Refusal(400, "invalid_request", detail)
    return tuple(place)


def _kept_by_browser(response: Response) -> Response:
    response.cache_control.no_cache = None  # which send_file says
    response.cache_control.private = True
    response.cache_control.immutable = True
    response.cache_control.max_age = YEAR
    return response

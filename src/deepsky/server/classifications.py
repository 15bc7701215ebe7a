"""Routes for creating, showing and deleting classifications."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Any, Final, NoReturn

import numpy as np
from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response, abort, request, send_file, url_for
from numpy.typing import NDArray
from sqlalchemy.orm import Session as OrmSession
from werkzeug.datastructures import FileStorage

from deepsky.classifier import Classifier
from deepsky.errors import ImageError, ReadCancelledError, StorageError
from deepsky.imaging.preview import SIDES, PreviewSize, encode_png, preview_size, shrink_preview
from deepsky.models import available_models, overlay
from deepsky.models.contours import contours_svg
from deepsky.preprocessing import make_preview
from deepsky.record import RecordError, error_record
from deepsky.server.classification_service import (
    ClassificationRequest,
    ClientRemovedError,
    classify_upload,
    describe_request,
    require_same_images,
    upload_name,
)
from deepsky.server.clients import ensure_client_id, find_client_id, waiting_client
from deepsky.server.problems import (
    OverloadedError,
    ProblemError,
    log_problem,
    problem_of,
    problems,
)
from deepsky.server.schemas.classifications import (
    Classification,
    ClassificationForm,
    ClassificationHeaders,
    Classified,
)
from deepsky.server.schemas.images import ImageQuery
from deepsky.server.serialization import serialize_classification
from deepsky.server.state import state
from deepsky.server.waiting_client import Client
from deepsky.storage.classifications import (
    ClassificationAndFeedback,
    find_classification,
    unpack_evidence,
)
from deepsky.storage.tables import Classification as StoredClassification
from deepsky.taxonomy import Label

__all__ = [
    "blueprint",
    "evidence_response",
    "find_own",
    "get_preview",
    "image_missing",
    "missing_files_reported",
    "preview_response",
    "private",
]

blueprint = APIBlueprint("classifications", __name__, url_prefix="/api/v1/classifications")

ONE: Final = "/<string(length=32):id>"
"""Path of one classification. The length distinguishes it from the paths of lists."""

IMAGE: Final = FileSchema(type="string", format="binary")
ALL: Final = "all"
DrawEvidence = Callable[[NDArray[np.float32], Label, tuple[int, int], tuple[Label, ...]], bytes]

SLOW_SECONDS: Final = 1
"""If storing one image fails after this time, the storage does not respond, and the remaining
images of the request are not tried."""


@blueprint.before_request
def refuse_when_full() -> None:
    """If the queue is full, reject an upload before its form is parsed."""
    if request.method == "POST":
        state().admission.check(waiting_client().name)


@blueprint.post("")
@blueprint.input(ClassificationHeaders, location="headers", arg_name="headers")
@blueprint.input(ClassificationForm, location="files", arg_name="form")
@blueprint.output(
    Classified, status_code=201, description="One classification, or a list of classifications"
)
@blueprint.doc(
    operation_id="classify",
    responses=problems(400, 401, 403, 404, 413, 415, 422, 429, 500, 503),
)
def create(
    form: ClassificationForm, headers: ClassificationHeaders
) -> tuple[dict[str, Any], dict[str, str]]:
    """Classify one or more images with one model or with all models.

    For one image and one model, the response is the classification, or an error response if the
    image cannot be classified. For several images or for all models, the response contains `items`:
    one item per image and model, sorted by the position of the image in the form, then by model
    name. If an image cannot be classified, its items contain an `error`. If no image can be
    classified, and at least one of the failures was not caused by an image, the response is an
    error response.
    """
    server = state()
    if len(request.form.getlist("model")) > 1:
        raise ProblemError(400, "invalid_request", "model: Send the name of one model, or `all`.")
    with server.admission.slot(waiting_client().name):
        names = available_models() if form.model == ALL else [form.model]
        models = [server.models.get(name) for name in names]
        try:
            return _classify(form, headers.idempotency_key, models)
        except ClientRemovedError:  # the session was removed; a new one is offered
            for image in form.image:
                image.stream.seek(0)
            return _classify(form, headers.idempotency_key, models)


def _classify(
    form: ClassificationForm, key: str | None, models: Sequence[Classifier]
) -> tuple[dict[str, Any], dict[str, str]]:
    client_id = ensure_client_id(
        lambda: describe_request(key, form.image, form.model, form.stretch)
    )
    client = ClassificationRequest(client_id, key, waiting_client(), form.stretch)
    require_same_images(state(), client, form.image)
    if form.model != ALL and len(form.image) == 1:
        [classified] = classify_upload(state(), client, 0, form.image[0], models)
        body = serialize_classification(*classified)
        return body, {"Location": url_for(".show", id=body["id"])}
    return {"items": _classify_each(client, form.image, models)}, {}


@blueprint.get(ONE)
@blueprint.output(Classification, description="The classification")
@blueprint.doc(operation_id="getClassification", responses=problems(401, 404, 503))
def show(id: str) -> dict[str, Any]:  # noqa: A002
    """Get a classification."""
    with state().storage.database.read() as session:
        return serialize_classification(*find_own(session, id))


@blueprint.delete(ONE)
@blueprint.output({}, status_code=204, description="Deleted")
@blueprint.doc(operation_id="deleteClassification", responses=problems(401, 403, 404, 429, 503))
def remove(id: str) -> str:  # noqa: A002
    """Delete a classification and its feedback; also delete the image if it is now unused."""
    storage = state().storage
    with storage.database.read() as session:
        client = find_client_id(session)
    if client is None or not storage.delete(client, id):
        _abort_unknown(id)
    return ""


@blueprint.get("/<id>/image")
@blueprint.input(ImageQuery, location="query", arg_name="query")
@blueprint.output(IMAGE, content_type="image/jpeg", description="JPEG")
@blueprint.doc(operation_id="getImage", responses=problems(400, 401, 404, 413, 416, 422, 503))
def show_image(id: str, query: ImageQuery) -> Response:  # noqa: A002
    """Get a preview of the image as a JPEG, with the stretch and the orientation applied.

    The preview is rendered on the first request. If too many requests are waiting for previews,
    the response has status 503 and a `Retry-After` header.
    """
    with state().storage.database.read() as session:
        classification, _ = find_own(session, id)
    with missing_files_reported(id):
        return preview_response(classification, query.size)


def preview_response(classification: StoredClassification, size: PreviewSize) -> Response:
    """Return the response that contains the preview of a classified image.

    Parameters
    ----------
    classification : Classification
    size : {"large", "medium", "small"}

    Returns
    -------
    flask.Response

    Raises
    ------
    FileNotFoundError
        If the image has been removed.
    """
    server, client = state(), waiting_client()
    preview: Path | BytesIO = get_preview(client, classification)
    if isinstance(preview, Path) and size != "large":
        with server.previews.drawing(client):
            preview = BytesIO(shrink_preview(preview, SIDES[size]))
    stretch = classification.stretch or "auto"
    response = send_file(
        preview,
        mimetype="image/jpeg",
        etag=f"{classification.image.sha256}-{stretch}-{size}",
    )
    return private(response)


def get_preview(client: Client, classification: StoredClassification) -> Path:
    """Return the path of the preview of a classified image; the first call renders it.

    Parameters
    ----------
    client : Client
        Client that waits for the preview.
    classification : Classification

    Returns
    -------
    Path

    Raises
    ------
    ProblemError
        If too many requests are waiting.
    FileNotFoundError
        If the image has been removed.
    ImageError
        If the image cannot be read.
    ReadCancelledError
        If the client has gone.
    """
    server, image = state(), classification.image
    stretch = classification.stretch or "auto"
    work = partial(make_preview, size=preview_size(image.width, image.height), stretch=stretch)
    return server.previews.get(
        client,
        server.storage,
        image,
        stretch,
        lambda waiting, path: server.readers.read(waiting, path, work),
    )


@contextmanager
def missing_files_reported(id: str) -> Iterator[None]:  # noqa: A002
    """Convert a FileNotFoundError in a ``with`` block to a response with status 404.

    Parameters
    ----------
    id : str
        Public identifier of the classification.

    Raises
    ------
    ProblemError
        If the file of the image is missing.
    werkzeug.exceptions.NotFound
        If the classification has just been deleted.
    """
    try:
        yield
    except FileNotFoundError:
        with state().storage.database.read() as session:
            find_own(session, id)
        raise image_missing() from None


@blueprint.get("/<id>/evidence/<label>.png")
@blueprint.output(IMAGE, content_type="image/png", description="PNG with transparency")
@blueprint.doc(operation_id="getEvidence", responses=problems(401, 404, 503))
def show_evidence(id: str, label: Label) -> Response:  # noqa: A002
    """Get the evidence overlay for a class: a transparent PNG of the same size as the preview."""
    return _draw_evidence(
        id, label, lambda *drawing: encode_png(overlay(*drawing)), content_type="image/png"
    )


@blueprint.get("/<id>/evidence/<label>.svg")
@blueprint.output(IMAGE, content_type="image/svg+xml", description="SVG with transparency")
@blueprint.doc(operation_id="getEvidenceContours", responses=problems(401, 404, 503))
def show_contours(id: str, label: Label) -> Response:  # noqa: A002
    """Get contour lines of the evidence for a class, as an SVG of the same size as the preview."""
    return _draw_evidence(id, label, contours_svg, content_type="image/svg+xml")


def _draw_evidence(
    id: str,  # noqa: A002
    label: Label,
    draw: DrawEvidence,
    *,
    content_type: str,
) -> Response:
    with state().storage.database.read() as session:
        classification, _ = find_own(session, id)
        evidence = unpack_evidence(classification)
    return evidence_response(classification, evidence, label, draw, content_type=content_type)


def evidence_response(
    classification: StoredClassification,
    evidence: NDArray[np.float32],
    label: Label,
    draw: DrawEvidence,
    *,
    content_type: str,
) -> Response:
    """Return the response that contains a drawing of the evidence of a classification.

    Parameters
    ----------
    classification : Classification
    evidence : ndarray of float32, shape (labels, rows, columns)
        The evidence maps of the classification.
    label : str
    draw : callable
        Function that draws the evidence maps for a label, with the size and all labels.
    content_type : str
        Media type of the drawing.

    Returns
    -------
    flask.Response

    Raises
    ------
    werkzeug.exceptions.NotFound
        If the model does not know the label.
    """
    labels = tuple(classification.probabilities)
    if label not in labels:
        abort(404, f"The labels of this classification are {', '.join(labels)}.")
    image = classification.image
    with state().previews.drawing(waiting_client()):
        content = draw(evidence, label, preview_size(image.width, image.height), labels)
    response = Response(content, content_type=content_type)
    response.add_etag()
    response.make_conditional(request)
    return private(response)


def find_own(
    session: OrmSession,
    id: str,  # noqa: A002
    *,
    lock: bool = False,
) -> ClassificationAndFeedback:
    """Return one of the client's own classifications, or abort the request with status 404.

    Parameters
    ----------
    session : sqlalchemy.orm.Session
    id : str
        Public identifier of the classification.
    lock : bool
        Whether to prevent deletion of the classification until the transaction ends.

    Returns
    -------
    tuple of (Classification, Feedback or None)

    Raises
    ------
    werkzeug.exceptions.NotFound
        If the client has no classification with this identifier.
    """
    client = find_client_id(session)
    found = find_classification(session, client, id, lock=lock) if client is not None else None
    if found is None:
        _abort_unknown(id)
    return found


def image_missing() -> ProblemError:
    """Return the error for a classification whose image file is missing."""
    detail = (
        "The file of this image is missing on the server. Its classification is still "
        "available. To see the image, upload it again."
    )
    return ProblemError(404, "image_missing", detail)


def _abort_unknown(id: str) -> NoReturn:  # noqa: A002
    abort(
        404,
        f"You have no classification with the id {id!r}. It may have been deleted, or it may "
        "belong to another client.",
    )


def _classify_each(
    client: ClassificationRequest, uploads: Sequence[FileStorage], models: Sequence[Classifier]
) -> list[Any]:
    """Classify each image; images that cannot be classified are returned as items with an error."""
    items: list[Any] = []
    refusal: Exception | None = None
    succeeded = False
    stalled: ProblemError | None = None
    for part, upload in enumerate(uploads):
        if stalled is not None:
            items += [_failed(upload_name(upload), stalled, model) for model in models]
            continue
        started = monotonic()
        try:
            classified = classify_upload(state(), client, part, upload, models)
        except (ClientRemovedError, OverloadedError, ReadCancelledError):
            raise
        except Exception as error:  # noqa: BLE001  # other images may already have been stored
            if not isinstance(error, ImageError):
                refusal = error
            problem = _problem(error)
            if problem.code == StorageError.code and monotonic() - started > SLOW_SECONDS:
                stalled = problem
            items += [_failed(upload_name(upload), problem, model) for model in models]
        else:
            succeeded = True
            items += [serialize_classification(*each) for each in classified]
    if refusal is not None and not succeeded:
        raise refusal
    return items


def _problem(error: Exception) -> ProblemError:
    """Convert a classification error to problem details, and log it if it is a server error."""
    problem = problem_of(error)
    if problem is None:
        detail = "An internal error occurred while classifying this image. Try again later."
        problem = ProblemError(500, "internal_server_error", detail)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log_problem(problem, error)
    return problem


def _failed(name: str, problem: ProblemError, model: Classifier) -> dict[str, Any]:
    """Return the record for an image that could not be classified."""
    error = RecordError(code=problem.code, message=str(problem))
    return {**error_record(name, ImageError(), model), "error": error}


def private(response: Response) -> Response:
    """Let only the client cache a response, and check before each use whether it was deleted.

    Parameters
    ----------
    response : flask.Response

    Returns
    -------
    flask.Response
        The same response.
    """
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response

"""Routes for the data in an image, and for classifying the image with another stretch."""

from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import Any, Final

from apiflask import APIBlueprint
from flask import request, url_for
from sqlalchemy.orm.attributes import set_committed_value

from deepsky.classifier import classify_with_each
from deepsky.errors import ImageNotFoundError
from deepsky.imaging.inspection import inspect_image
from deepsky.preprocessing import preprocess
from deepsky.server.classification_service import may_result_from, milliseconds, row_of
from deepsky.server.classifications import find_own, missing_files_reported
from deepsky.server.clients import waiting_client
from deepsky.server.detections import restore_position
from deepsky.server.problems import problems
from deepsky.server.schemas.classifications import Classification
from deepsky.server.schemas.stretches import Inspection, StretchForm
from deepsky.server.serialization import serialize_classification
from deepsky.server.state import state
from deepsky.storage.classifications import ClassificationAndFeedback, find_by_image
from deepsky.storage.tables import Classification as StoredClassification

__all__ = ["blueprint"]

blueprint = APIBlueprint("stretches", __name__, url_prefix="/api/v1/classifications/<id>")

MAX_BYTES: Final = 10_000
"""Maximum size of a request that chooses a stretch, in bytes."""


EXISTING: Final[dict[int | str, Any]] = {
    200: {
        "description": "The existing classification with this stretch",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Classification"}}
        },
    }
}
"""OpenAPI description of the response if the client already has the classification."""


@blueprint.before_request
def limit_size() -> None:
    """Limit the size of a request."""
    request.max_content_length = MAX_BYTES


@blueprint.get("/inspection")
@blueprint.output(Inspection, description="Header and histogram")
@blueprint.doc(operation_id="inspectImage", responses=problems(401, 404, 413, 415, 422, 503))
def inspect(id: str) -> dict[str, Any]:  # noqa: A002
    """Get the header of the image file, and a histogram of its values before the stretch.

    The image is read anew for each request, which counts as a classification in progress.
    """
    server, client = state(), waiting_client()
    with server.storage.database.read() as session:
        classification, _ = find_own(session, id)
    path = server.storage.images.path(classification.image_sha256)
    with server.admission.slot(client.name), missing_files_reported(id):
        try:
            found = server.readers.read(client, path, inspect_image)
        except ImageNotFoundError as error:
            raise FileNotFoundError(path) from error
    return {
        "header": [row._asdict() for row in found.header],
        "rows": found.rows,
        "histogram": found.histogram,
    }


@blueprint.post("/stretch")
@blueprint.input(StretchForm, arg_name="form")
@blueprint.output(
    Classification, status_code=201, description="The classification with this stretch"
)
@blueprint.doc(
    operation_id="changeStretch",
    responses=EXISTING | problems(400, 401, 403, 404, 413, 415, 422, 429, 500, 503),
)
def change(id: str, form: StretchForm) -> tuple[dict[str, Any], int, dict[str, str]]:  # noqa: A002
    """Classify the image of a classification again, with another stretch and the same model.

    The response is a new classification; the earlier one is kept. If the client already has a
    classification of the image with this model and stretch, the response is that one, with status
    200.
    """
    server, client = state(), waiting_client()
    with server.storage.database.read() as session:
        classification, _ = find_own(session, id)
    with server.admission.slot(client.name), missing_files_reported(id):
        classifier = server.models.get(classification.model)
        sha256 = classifier.bundle.sha256
        found = _find_existing(classification, sha256, form)
        status = 200
        if found is None:
            found, status = (_classify(classification, form), None), 201
    body = serialize_classification(*found)
    return body, status, {"Location": url_for("classifications.show", id=body["id"])}


def _find_existing(
    classification: StoredClassification, model_sha256: str, form: StretchForm
) -> ClassificationAndFeedback | None:
    """Return the newest classification of the same image by the same model with the stretch."""
    with state().storage.database.read() as session:
        same = find_by_image(session, classification.client_id, classification.image_sha256)
    for found in same:
        is_same_model = (found[0].model, found[0].model_sha256) == (
            classification.model,
            model_sha256,
        )
        if is_same_model and may_result_from(form.stretch, found[0].stretch):
            return found
    return None


def _classify(classification: StoredClassification, form: StretchForm) -> StoredClassification:
    """Classify the image with the stretch, and store the result."""
    server = state()
    classifier = server.models.get(classification.model)
    path = server.storage.images.path(classification.image_sha256)
    work = partial(preprocess, sizes=classifier.input_sizes, preview=None, stretch=form.stretch)
    started = perf_counter()
    try:
        reading = server.readers.read(waiting_client(), path, work)
    except ImageNotFoundError as error:
        raise FileNotFoundError(path) from error
    decode_ms = milliseconds(perf_counter() - started)
    [result] = classify_with_each([classifier], [reading.prepared])
    sky = restore_position(classification)
    row = row_of(classification.path, reading, result.predictions[0], sky=sky)
    row.client_id, row.created_at = classification.client_id, datetime.now(UTC)
    row.decode_ms, row.infer_ms = decode_ms, milliseconds(result.seconds)
    server.storage.add(classification.image, [row])
    set_committed_value(row, "image", classification.image)
    server.metrics.count_classification(row.model, row.model_sha256, row.label, row.verdict)
    return row

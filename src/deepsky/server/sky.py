"""Routes for the place of an image on the sky and the object that it shows."""

from functools import partial
from typing import Any

from apiflask import APIBlueprint

from deepsky.errors import ImageNotFoundError
from deepsky.identification.fields import identification_fields
from deepsky.identification.identify import identify
from deepsky.prediction import Prediction, Subtype
from deepsky.preprocessing import read_reduced
from deepsky.server.classifications import find_own, image_missing
from deepsky.server.clients import waiting_client
from deepsky.server.problems import problems
from deepsky.server.schemas.identification import Identification
from deepsky.server.serialization import serialize_identification
from deepsky.server.state import State, state
from deepsky.server.waiting_client import Client
from deepsky.storage.classifications import unpack_evidence
from deepsky.storage.tables import Classification

__all__ = ["blueprint"]

blueprint = APIBlueprint("sky", __name__, url_prefix="/api/v1/classifications/<id>/sky")


@blueprint.get("")
@blueprint.output(Identification)
@blueprint.doc(operation_id="getSky", responses=problems(401, 404, 503))
def show(id: str) -> dict[str, Any]:  # noqa: A002
    """Get the object that the image shows, its place on the sky, and all objects in the field."""
    with state().storage.database.read() as session:
        classification, _ = find_own(session, id)
        return serialize_identification(classification)


@blueprint.post("")
@blueprint.output(Identification)
@blueprint.doc(
    operation_id="solve", responses=problems(401, 403, 404, 413, 415, 422, 429, 500, 501, 503)
)
def solve(id: str) -> dict[str, Any]:  # noqa: A002
    """Find the place of the image on the sky by plate solving, and identify the object with it.

    If the place is already known, the response is the same as that of `GET`. If plate solving does
    not find the place, `sky_error` contains the reason. The result is stored.
    """
    server = state()
    server.solving.require_engine()
    with server.storage.database.read() as session:
        classification, _ = find_own(session, id)
        known = serialize_identification(classification)
        prediction = _restore_prediction(classification)
    if known["sky"] is not None:
        return known
    client = waiting_client()
    with server.solving.slot(client):
        found = _solve(server, client, classification, prediction)
    with server.storage.database.write() as session:
        classification, _ = find_own(session, id, lock=True)
        classification.identification = found
        return serialize_identification(classification)


def _solve(
    server: State, client: Client, classification: Classification, prediction: Prediction
) -> dict[str, Any]:
    """Search for the place of an image, and return the new identification."""
    name = classification.path
    work = partial(read_reduced, stretch=classification.stretch or "auto")
    path = server.storage.images.path(classification.image_sha256)
    try:
        info, reduced = server.readers.read(client, path, work)
    except ImageNotFoundError as error:
        raise image_missing() from error
    if reduced is None:  # the file contains the place; an earlier version did not read it
        return {**identification_fields(identify(prediction, info, name), info)}
    result = server.solving.find(client, info, reduced, name)
    prediction = identify(prediction, info, name, sky=result.position, sky_error=result.reason)
    return {**identification_fields(prediction, info)}


def _restore_prediction(classification: Classification) -> Prediction:
    """Return the prediction that was stored as a classification."""
    return Prediction(
        label=classification.label,
        verdict=classification.verdict,
        probabilities=classification.probabilities,
        prediction_set=tuple(classification.prediction_set),
        novelty=classification.novelty,
        evidence=unpack_evidence(classification),
        model=classification.model,
        model_version=classification.model_version,
        model_sha256=classification.model_sha256,
        subtype=_restore_subtype(classification),
    )


def _restore_subtype(classification: Classification) -> Subtype | None:
    """Return the kind that the network predicted, if it was stored."""
    stored = (classification.identification or {}).get("subtype")
    return Subtype(**stored) if stored and stored["source"] == "network" else None

"""Route for the objects that are found in an image."""

from functools import partial
from typing import Any, Final

from apiflask import APIBlueprint

from deepsky.classifier import Classifier
from deepsky.detection.detect import detect
from deepsky.detection.reading import read_for_finding
from deepsky.detection.record import detection_fields
from deepsky.server.admission import wait_for_turn
from deepsky.server.classifications import find_own, missing_files_reported
from deepsky.server.clients import waiting_client
from deepsky.server.problems import problems
from deepsky.server.schemas.detections import DetectionQuery, Detections
from deepsky.server.serialization import serialize_identification
from deepsky.server.state import state
from deepsky.storage.tables import Classification

__all__ = ["blueprint", "restore_position"]

blueprint = APIBlueprint("detections", __name__, url_prefix="/api/v1/classifications/<id>/objects")

TURN_SECONDS: Final = 30.0
"""Maximum time to wait until the networks are free, in seconds."""


@blueprint.get("")
@blueprint.input(DetectionQuery, location="query", arg_name="query")
@blueprint.output(Detections)
@blueprint.doc(
    operation_id="findObjects", responses=problems(400, 401, 404, 413, 415, 422, 500, 503)
)
def show(id: str, query: DetectionQuery) -> dict[str, Any]:  # noqa: A002
    """Find the objects in the image: boxes with labels and probabilities.

    If the place on the sky is known, these are the visible objects of the catalogue, each with the
    network's prediction for its cutout. The objects are found anew for each request. This takes
    some seconds, and counts as a classification in progress. The images of all clients are
    processed one after the other.
    """
    server, client = state(), waiting_client()
    with server.storage.database.read() as session:
        classification, _ = find_own(session, id)
    with server.admission.slot(client.name), missing_files_reported(id):
        classifier = server.models.get(classification.model)
        work = partial(read_for_finding, stretch=classification.stretch or "auto")
        path = server.storage.images.path(classification.image_sha256)
        image, _ = server.readers.read(client, path, work)
        with wait_for_turn(server.finding, client, TURN_SECONDS):
            sky = restore_position(classification)
            detections = detect(classifier, image, sky, query.min_probability)
    return {"items": [detection_fields(each) for each in detections], **_describe(classifier)}


def restore_position(classification: Classification) -> Any:
    """Return the place on the sky that was stored with a classification.

    Parameters
    ----------
    classification : Classification

    Returns
    -------
    SkyPosition or None
    """
    sky = serialize_identification(classification)["sky"]
    if sky is None or not sky.get("wcs"):  # earlier versions did not store the WCS
        return None
    from deepsky.sky.position import SkyPosition  # astropy.wcs is slow to import

    width, height = classification.image.width, classification.image.height
    return SkyPosition.from_header(sky["wcs"], width, height, sky["source"])


def _describe(classifier: Classifier) -> dict[str, str]:
    bundle = classifier.bundle
    return {
        "model": bundle.name,
        "model_version": bundle.version,
        "model_sha256": bundle.sha256,
    }

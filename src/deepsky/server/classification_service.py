"""Classify uploads: read the image, run the models and store the results."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.datastructures import FileStorage

from deepsky.classifier import Classifier, classify_with_each
from deepsky.identification.fields import identification_fields
from deepsky.identification.identify import identify
from deepsky.imaging.display.stretch_choice import StretchChoice
from deepsky.prediction import Prediction
from deepsky.preprocessing import PreprocessedImage, preprocess
from deepsky.record import make_record
from deepsky.server.admission import TURN_SECONDS
from deepsky.server.problems import ProblemError
from deepsky.server.state import State
from deepsky.server.waiting_client import Client
from deepsky.storage import Incoming
from deepsky.storage.classifications import (
    ClassificationAndFeedback,
    find_by_request_key,
    new_id,
    pack_evidence,
)
from deepsky.storage.clients import client_exists
from deepsky.storage.file_names import clean_file_name
from deepsky.storage.tables import Classification, StoredImage

if TYPE_CHECKING:
    from deepsky.sky.position import SkyPosition

__all__ = [
    "ClassificationRequest",
    "ClientRemovedError",
    "classify_upload",
    "describe_request",
    "may_result_from",
    "milliseconds",
    "require_same_images",
    "row_of",
    "upload_name",
]

CHUNK: Final = 1 << 20
"""Number of bytes of an upload to read at once."""


@dataclass(frozen=True, slots=True)
class ClassificationRequest:
    """Client, idempotency key and stretch of a classification request.

    Attributes
    ----------
    client_id : int
        Database id of the client.
    key : str or None
        Idempotency key, chosen by the client. If the client sends a request twice with the same
        key, the request is carried out only once.
    client : Client
        Client that waits for the response.
    stretch : str
        Name of the stretch that the client chose.
    """

    client_id: int
    key: str | None
    client: Client
    stretch: StretchChoice


def upload_name(upload: FileStorage) -> str:
    """Return the file name of an upload without folders, and with at most 255 bytes.

    Parameters
    ----------
    upload : FileStorage
    """
    return clean_file_name(upload.filename or "")


class ClientRemovedError(Exception):
    """The session of the client was removed while the request was being handled."""


def describe_request(
    key: str | None, uploads: Sequence[FileStorage], model: str, stretch: StretchChoice
) -> str | None:
    """Return a text that is the same if a request is repeated with the same idempotency key.

    Parameters
    ----------
    key : str or None
        Idempotency key of the request.
    uploads : sequence of FileStorage
    model : str
        Name of the model, or ``all``.
    stretch : str
        Name of the stretch.

    Returns
    -------
    str or None
        None if the request has no idempotency key.
    """
    if key is None:
        return None
    images = [(upload_name(upload), _sha256(upload)) for upload in uploads]
    return json.dumps([key, model, stretch, images])


def require_same_images(
    state: State, request: ClassificationRequest, uploads: Sequence[FileStorage]
) -> None:
    """Check that a repeated request has the same images and stretch as the earlier request.

    Parameters
    ----------
    state : State
    request : ClassificationRequest
    uploads : sequence of FileStorage

    Raises
    ------
    ProblemError
        If an earlier request with the same idempotency key contained different images or chose
        another stretch.
    """
    repeated = [classification for classification, _ in _find_repeated(state, request)]
    if not all(may_result_from(request.stretch, c.stretch) for c in repeated):
        raise _key_reused()
    known = {c.request_part: c.image_sha256 for c in repeated}
    for part, sha256 in known.items():
        if part is None or part >= len(uploads) or _sha256(uploads[part]) != sha256:
            raise _key_reused()


def may_result_from(chosen: StretchChoice, applied: str | None) -> bool:
    """Return whether a stored classification can be the result of a choice of stretch.

    Parameters
    ----------
    chosen : str
        Name of the stretch that the client chose.
    applied : str or None
        Name of the stretch that was applied.
    """
    return applied in (None, "mtf") if chosen == "auto" else applied == chosen


def _sha256(upload: FileStorage) -> str:
    found = hashlib.sha256()
    while chunk := upload.stream.read(CHUNK):
        found.update(chunk)
    upload.stream.seek(0)
    return found.hexdigest()


def classify_upload(
    state: State,
    request: ClassificationRequest,
    part: int,
    upload: FileStorage,
    models: Sequence[Classifier],
) -> list[ClassificationAndFeedback]:
    """Classify an uploaded image with each of several models and store the results.

    Parameters
    ----------
    state : State
        State of the server.
    request : ClassificationRequest
    part : int
        Index of the image in the request, from 0.
    upload : FileStorage
    models : sequence of Classifier

    Returns
    -------
    list of (Classification, Feedback or None)
        One classification per model, in the order of `models`, each with its latest feedback.
        Classifications that an earlier request with the same idempotency key stored are returned
        instead of new ones.

    Raises
    ------
    ImageError
        If the image cannot be read.
    ProblemError
        If the idempotency key was already used with a different image.
    ClientRemovedError
        If the client's session has been removed in the meantime.
    """
    with state.metrics.stage("read"):
        received = state.storage.images.receive(upload.stream)
    with received as incoming:
        stored = _find_stored(state, request, part, incoming)
        missing = [m for m in models if m.bundle.name not in stored]
        if missing:
            try:
                stored |= _classify(state, request, part, incoming, upload_name(upload), missing)
            except IntegrityError:
                # A concurrent duplicate of this request may have stored the classifications.
                stored = _find_stored(state, request, part, incoming)
                if any(model.bundle.name not in stored for model in models):
                    _require_client(state, request.client_id)
                    raise
    return [stored[model.bundle.name] for model in models]


def _find_stored(
    state: State, request: ClassificationRequest, part: int, incoming: Incoming
) -> dict[str, ClassificationAndFeedback]:
    """Return the classifications stored by an earlier request with this key, by model name."""
    own = {
        each[0].model: each
        for each in _find_repeated(state, request)
        if each[0].request_part == part
    }
    if any(c.image_sha256 != incoming.sha256 for c, _ in own.values()):
        raise _key_reused()
    return own


def _find_repeated(state: State, request: ClassificationRequest) -> list[ClassificationAndFeedback]:
    if request.key is None:
        return []
    with state.storage.database.read() as session:
        return find_by_request_key(session, request.client_id, request.key)


def _key_reused() -> ProblemError:
    detail = (
        "This Idempotency-Key was already used with different images or another stretch. "
        "Use a new key for each request."
    )
    return ProblemError(422, "idempotency_key_reused", detail)


def _require_client(state: State, client_id: int) -> None:
    with state.storage.database.read() as session:
        if not client_exists(session, client_id):
            raise ClientRemovedError


def _classify(
    state: State,
    request: ClassificationRequest,
    part: int,
    incoming: Incoming,
    name: str,
    models: Sequence[Classifier],
) -> dict[str, ClassificationAndFeedback]:
    stage = state.metrics.stage
    sizes = sorted({size for model in models for size in model.input_sizes})
    started = perf_counter()
    with stage("decode"):
        work = partial(preprocess, sizes=sizes, preview=None, stretch=request.stretch)
        # A request that has begun is not refused between two of its images.
        seconds = TURN_SECONDS if part == 0 else None
        reading = state.readers.read(request.client, incoming.path, work, seconds=seconds)
    decode_ms = milliseconds(perf_counter() - started)
    now = datetime.now(UTC)
    image = StoredImage(
        sha256=incoming.sha256,
        bytes=incoming.bytes,
        width=reading.info.width,
        height=reading.info.height,
        format=reading.info.format,
        created_at=now,
    )
    with stage("infer"):
        results = classify_with_each(models, [reading.prepared])
    classifications = []
    for result in results:
        row = row_of(name, reading, result.predictions[0])
        row.client_id, row.created_at = request.client_id, now
        row.request_key = request.key
        row.request_part = part if request.key is not None else None
        row.decode_ms, row.infer_ms = decode_ms, milliseconds(result.seconds)
        classifications.append(row)
    with stage("store"):
        state.storage.save(incoming, image, classifications)
    for row in classifications:
        set_committed_value(row, "image", image)
        state.metrics.count_classification(row.model, row.model_sha256, row.label, row.verdict)
    return {row.model: (row, None) for row in classifications}


def row_of(
    name: str,
    reading: PreprocessedImage,
    prediction: Prediction,
    *,
    sky: "SkyPosition | None" = None,
) -> Classification:
    """Return the database row for a prediction, with numbers rounded as in a record.

    Parameters
    ----------
    name : str
        Name of the file.
    reading : PreprocessedImage
    prediction : Prediction
    sky : SkyPosition, optional
        Place of the image on the sky. By default, it is read from the metadata.

    Returns
    -------
    Classification
        The row without its client, the time, and the durations.
    """
    prediction = identify(prediction, reading.info, name, sky=sky)
    record = make_record(name, reading.info, prediction)
    probabilities = {str(label): p for label, p in (record["probabilities"] or {}).items()}
    return Classification(
        id=new_id(),
        image_sha256=reading.info.sha256,
        path=name,
        label=prediction.label,
        verdict=prediction.verdict,
        confidence=max(probabilities.values()),
        probabilities=probabilities,
        prediction_set=list(prediction.prediction_set),
        novelty=record["novelty"],
        model=prediction.model,
        model_version=prediction.model_version,
        model_sha256=prediction.model_sha256,
        stretch=reading.info.stretch,
        identification={**identification_fields(prediction, reading.info)},
        evidence=pack_evidence(prediction.evidence),
    )


def milliseconds(seconds: float) -> float:
    """Return a duration in milliseconds, rounded as it is stored.

    Parameters
    ----------
    seconds : float
        Duration in seconds.
    """
    return round(seconds * 1000, 1)

"""From an upload to answers that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePath
from time import perf_counter

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.datastructures import FileStorage

from deepsky.classifier import Classifier, Prediction, classify_with_each
from deepsky.preprocessing import PreprocessedImage, preprocess
from deepsky.record import make_record
from deepsky.server.problems import Refusal
from deepsky.server.state import State
from deepsky.storage import Incoming
from deepsky.storage.classifications import Answered, find_requested, new_id, pack_evidence
from deepsky.storage.tables import Classification, StoredImage

__all__ = ["Request", "answer_upload", "upload_name"]


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, and under which name.

    Attributes
    ----------
    client_id : int
    key : str or None
        The client's name for the request, under which it may be sent again.
    """

    client_id: int
    key: str | None


def upload_name(upload: FileStorage) -> str:
    """Give the name of an uploaded file, without folders."""
    return PurePath(upload.filename or "").name.replace("\0", "")


def answer_upload(
    state: State, request: Request, part: int, upload: FileStorage, models: Sequence[Classifier]
) -> list[Answered]:
    """Classify an image with each of some models, and keep it with the answers.

    Parameters
    ----------
    state : State
    request : Request
    part : int
        Which of the request's images it is.
    upload : FileStorage
    models : sequence of Classifier

    Raises
    ------
    ImageError
        If the image cannot be used.
    Refusal
        If the name of the request was used for another image.
    """
    with state.metrics.stage("read"):
        received = state.storage.images.receive(upload.stream)
    with received as incoming:
        before = _answered_before(state, request, part, incoming)
        missing = [m for m in models if m.bundle.name not in before]
        if missing:
            try:
                before |= _classify(state, request, part, incoming, upload_name(upload), missing)
            except IntegrityError:  # the same request, sent twice at once: the other was first?
                before = _answered_before(state, request, part, incoming)
                if any(model.bundle.name not in before for model in models):
                    raise
    return [before[model.bundle.name] for model in models]


def _answered_before(
    state: State, request: Request, part: int, incoming: Incoming
) -> dict[str, Answered]:
    if request.key is None:
        return {}
    with state.storage.database.read() as session:
        found = find_requested(session, request.client_id, request.key)
    own = {a.model: (a, said) for a, said in found if a.request_part == part}
    if any(answer.image_sha256 != incoming.sha256 for answer, _ in own.values()):
        detail = "This Idempotency-Key came with another image before. Use each for one request."
        raise Refusal(422, "idempotency_key_reused", detail)
    return own


def _classify(
    state: State,
    request: Request,
    part: int,
    incoming: Incoming,
    name: str,
    models: Sequence[Classifier],
) -> dict[str, Answered]:
    time = state.metrics.stage
    sizes = sorted({size for model in models for size in model.input_sizes})
    started = perf_counter()
    with time("decode"):
        work = partial(preprocess, sizes=sizes, preview=False)
        reading = state.readers.read(incoming.path, work)
    decode_ms = _ms(perf_counter() - started)
    now = datetime.now(UTC)
    image = StoredImage(
        sha256=incoming.sha256,
        bytes=incoming.bytes,
        width=reading.info.width,
        height=reading.info.height,
        format=reading.info.format,
        created_at=now,
    )
    with time("infer"):
        said = classify_with_each(models, [reading.prepared])
    answers = []
    for one in said:
        answer = _row(name, reading, one.predictions[0])
        answer.client_id, answer.created_at = request.client_id, now
        answer.request_key = request.key
        answer.request_part = part if request.key is not None else None
        answer.decode_ms, answer.infer_ms = decode_ms, _ms(one.seconds)
        answers.append(answer)
    with time("store"):
        state.storage.keep(incoming, image, answers)
    for answer in answers:
        set_committed_value(answer, "image", image)
        state.metrics.count_answer(answer.model, answer.label, answer.verdict)
    return {answer.model: (answer, None) for answer in answers}


def _row(name: str, reading: PreprocessedImage, prediction: Prediction) -> Classification:
    """Turn a prediction into the row that keeps it, with the numbers of its record."""
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
        evidence=pack_evidence(prediction.evidence),
    )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)

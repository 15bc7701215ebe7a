"""Classifying uploads, and what is shown beside an answer."""

from pathlib import PurePath
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response, abort, url_for
from werkzeug.datastructures import FileStorage

from deepsky.classifier import Classifier
from deepsky.imaging import Limits, read_image
from deepsky.models import overlay
from deepsky.record import make_record
from deepsky.server.answers import Answer
from deepsky.server.preview import encode_png, render_preview
from deepsky.server.problems import problems
from deepsky.server.schemas import Classification, ClassificationForm
from deepsky.server.state import state
from deepsky.taxonomy import LABELS, Label

__all__ = ["blueprint"]

blueprint = APIBlueprint("classifications", __name__, url_prefix="/api/v1/classifications")

PICTURE: Final = FileSchema(type="string", format="binary")


@blueprint.post("")
@blueprint.input(ClassificationForm, location="files", arg_name="form")
@blueprint.output(Classification, status_code=201, description="The answer")
@blueprint.doc(operation_id="classify", responses=problems(400, 404, 413, 415, 422, 500))
def create(form: ClassificationForm) -> tuple[dict[str, Any], dict[str, str]]:
    """Classify a picture.

    The answer can be fetched again, for as long as the server runs and keeps it, from the
    address that the header Location tells.
    """
    answer = _classify(form.image, state().classifiers.get(form.model), state().settings.limits)
    state().answers.add(answer)
    return answer.body, {"Location": url_for(".show", id=answer.body["id"])}


@blueprint.get("/<id>")
@blueprint.output(Classification, description="The answer")
@blueprint.doc(operation_id="getClassification", responses=problems(404))
def show(id: str) -> dict[str, Any]:  # noqa: A002
    """Fetch an answer again."""
    return _find(id).body


@blueprint.get("/<id>/image")
@blueprint.output(PICTURE, content_type="image/jpeg", description="JPEG")
@blueprint.doc(operation_id="getImage", responses=problems(404))
def show_image(id: str) -> Response:  # noqa: A002
    """Show the picture as the model saw it: upright, stretched, at most 1600 pixels a side."""
    return _picture(_find(id).preview.jpeg, "image/jpeg")


@blueprint.get(f"/<id>/evidence/<any({', '.join(LABELS)}):label>.png")
@blueprint.output(PICTURE, content_type="image/png", description="PNG with transparency")
@blueprint.doc(operation_id="getEvidence", responses=problems(404))
def show_evidence(id: str, label: Label) -> Response:  # noqa: A002
    """Show where in the picture a class draws its score from, as a layer to lay over it."""
    answer = _find(id)
    layer = overlay(answer.evidence, label, answer.preview.size)
    return _picture(encode_png(layer), "image/png")


def _classify(upload: FileStorage, classifier: Classifier, limits: Limits) -> Answer:
    started = perf_counter()
    picture = read_image(upload.read(), limits=limits)
    read = perf_counter()
    prediction = classifier.classify(picture.pixels)
    inferred = perf_counter()
    name = PurePath(upload.filename or "").name
    body = {
        **make_record(name, picture, prediction),
        "id": uuid4().hex,
        "elapsed_ms": {"read": _ms(read - started), "infer": _ms(inferred - read)},
    }
    return Answer(body, render_preview(picture.pixels), prediction.evidence)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _find(id: str) -> Answer:  # noqa: A002
    answer = state().answers.get(id)
    if answer is None:
        kept = state().settings.kept_answers
        abort(404, f"There is no answer {id!r}. The server keeps the newest {kept} until it stops.")
    return answer


def _picture(content: bytes, media_type: str) -> Response:
    response = Response(content, content_type=media_type)
    response.cache_control.private = True
    response.cache_control.immutable = True
    response.cache_control.max_age = 3600
    return response

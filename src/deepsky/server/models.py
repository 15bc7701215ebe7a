"""Routes for the installed models."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify
from pydantic import ValidationError

from deepsky.errors import ModelCorruptError
from deepsky.models import ModelBundle, available_models, find_bundle
from deepsky.server.problems import problems
from deepsky.server.schemas import Card, ModelSummary

__all__ = ["blueprint"]

blueprint = APIBlueprint("models", __name__, url_prefix="/api/v1/models")


@blueprint.get("")
@blueprint.output(list[ModelSummary], description="The main fields of each card")  # type: ignore[arg-type]
@blueprint.doc(operation_id="listModels", responses=problems(401, 500))
def index() -> list[dict[str, Any]]:
    """List the installed models with the main fields of their cards."""
    return [_summary(find_bundle(name)) for name in available_models()]


@blueprint.get("/<name>")
@blueprint.output(Card, description="The model's card")
@blueprint.doc(operation_id="getModel", responses=problems(401, 404, 500))
def show(name: str) -> Response:
    """Get the card of a model."""
    # The file as it is: the schema only documents it.
    return jsonify(find_bundle(name).card)


def _summary(bundle: ModelBundle) -> dict[str, Any]:
    try:
        return ModelSummary.model_validate({"members": [], **bundle.card}).model_dump()
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        msg = f"The model card in {bundle.directory} is incomplete or wrong: {wrong}."
        raise ModelCorruptError(msg) from error

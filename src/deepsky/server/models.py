"""Routes for listing the installed models and getting their cards."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from deepsky.models import available_models, find_bundle
from deepsky.models.card import ModelCard
from deepsky.server.problems import problems
from deepsky.server.schemas.models import ModelSummary

__all__ = ["blueprint"]

blueprint = APIBlueprint("models", __name__, url_prefix="/api/v1/models")


@blueprint.get("")
@blueprint.output(list[ModelSummary], description="Main fields of each model card")  # type: ignore[arg-type]
@blueprint.doc(operation_id="listModels", responses=problems(401, 500))
def index() -> list[dict[str, Any]]:
    """List the installed models with the main fields of their cards."""
    cards = [find_bundle(name).card for name in available_models()]
    return [ModelSummary.model_validate(card).model_dump(mode="json") for card in cards]


@blueprint.get("/<name>")
@blueprint.output(ModelCard, description="The model card")
@blueprint.doc(operation_id="getModel", responses=problems(401, 404, 500))
def show(name: str) -> Response:
    """Get the card of a model."""
    # The output schema would add unset optional fields as null. A Response bypasses the schema.
    return jsonify(find_bundle(name).card.as_dict())

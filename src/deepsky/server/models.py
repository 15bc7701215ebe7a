"""The installed models."""

from apiflask import APIBlueprint
from flask import Response, jsonify

from deepsky.models import available_models, find_bundle
from deepsky.server.problems import problems
from deepsky.server.schemas import Card

__all__ = ["blueprint"]

blueprint = APIBlueprint("models", __name__, url_prefix="/api/v1/models")

# Cards are given as they are on disk: the schema describes them, and drops or adds nothing.


@blueprint.get("")
@blueprint.output(list[Card], description="All cards")  # type: ignore[arg-type]
@blueprint.doc(operation_id="listModels", responses=problems(401, 500))
def index() -> Response:
    """List the installed models."""
    return jsonify([find_bundle(name).card for name in available_models()])


@blueprint.get("/<name>")
@blueprint.output(Card, description="The model's card")
@blueprint.doc(operation_id="getModel", responses=problems(401, 404, 500))
def show(name: str) -> Response:
    """Show one model's card."""
    return jsonify(find_bundle(name).card)

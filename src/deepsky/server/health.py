"""Whether the server is well."""

from typing import Any

from apiflask import APIBlueprint

from deepsky import __version__
from deepsky.models import DEFAULT_MODEL
from deepsky.server.schemas import Health
from deepsky.server.state import state

__all__ = ["blueprint"]

blueprint = APIBlueprint("health", __name__, url_prefix="/api/v1/health")


@blueprint.get("")
@blueprint.output(Health, description="The server answers")
@blueprint.doc(operation_id="getHealth")
def show() -> dict[str, Any]:
    """Tell whether the server answers, keeps what it is told, and has the default model loaded."""
    loaded, reachable = state().models.loaded, state().storage.is_reachable()
    return {
        "status": "ok" if reachable else "degraded",
        "ready": reachable and DEFAULT_MODEL in loaded,
        "version": __version__,
        "loaded": loaded,
    }

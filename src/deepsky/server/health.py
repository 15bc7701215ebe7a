"""Route for checking the health of the server."""

from typing import Any

from apiflask import APIBlueprint

from deepsky import __version__
from deepsky.models import DEFAULT_MODEL
from deepsky.server.schemas.health import Health
from deepsky.server.state import state

__all__ = ["blueprint"]

blueprint = APIBlueprint("health", __name__, url_prefix="/api/v1/health")


@blueprint.get("")
@blueprint.output(Health, description="The server is running")
@blueprint.doc(operation_id="getHealth")
def show() -> dict[str, Any]:
    """Show whether the storage is usable and whether the default model is loaded."""
    loaded, usable = state().models.loaded, state().is_storage_usable()
    return {
        "status": "ok" if usable else "degraded",
        "ready": usable and DEFAULT_MODEL in loaded,
        "version": __version__,
        "loaded": loaded,
        "solver": state().solving.engine,
    }

"""Route that reports the speed of the models on this server."""

from statistics import median
from typing import Any

from apiflask import APIBlueprint

from deepsky.server.problems import problems
from deepsky.server.schemas.speed import SpeedSummary
from deepsky.server.state import state
from deepsky.storage.classifications import latest_timings

__all__ = ["blueprint"]

blueprint = APIBlueprint("speed", __name__, url_prefix="/api/v1/speed")


@blueprint.get("")
@blueprint.output(SpeedSummary, description="Speed of each model")
@blueprint.doc(operation_id="getSpeed", responses=problems(401, 503))
def show() -> dict[str, Any]:
    """Show the median durations for each model, based on recent classifications of all clients."""
    with state().storage.database.read() as session:
        timings = latest_timings(session)
    return {
        "models": [
            {
                "model": key.model,
                "model_version": key.version,
                "model_sha256": key.sha256,
                "answers": len(rows),
                "decode_ms": median(row.decode_ms for row in rows),
                "infer_ms": median(row.infer_ms for row in rows),
            }
            for key, rows in sorted(timings.items())
        ]
    }

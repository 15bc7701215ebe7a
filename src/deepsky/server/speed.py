"""How fast the models answer here."""

from statistics import median
from typing import Any

from apiflask import APIBlueprint

from deepsky.server.problems import problems
from deepsky.server.schemas import SpeedSummary
from deepsky.server.state import state
from deepsky.storage.classifications import latest_times

__all__ = ["blueprint"]

blueprint = APIBlueprint("speed", __name__, url_prefix="/api/v1/speed")


@blueprint.get("")
@blueprint.output(SpeedSummary, description="Speed of each model")
@blueprint.doc(operation_id="getSpeed", responses=problems(401, 503))
def show() -> dict[str, Any]:
    """Tell how fast each model answered, over the latest of everybody's answers."""
    with state().storage.database.read() as session:
        times = latest_times(session)
    return {
        "models": [
            {
                "model": model,
                "model_version": version,
                "answers": len(taken),
                "decode_ms": median(one.decode_ms for one in taken),
                "infer_ms": median(one.infer_ms for one in taken),
            }
            for (model, version), taken in sorted(times.items())
        ]
    }

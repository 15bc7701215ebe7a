"""Route for the settings of the server that concern its users."""

from typing import Any

from apiflask import APIBlueprint
from flask import g

from deepsky import __version__
from deepsky.imaging.formats import FORMATS
from deepsky.models import DEFAULT_MODEL
from deepsky.server.clients import needs_key
from deepsky.server.schemas.settings import PublicSettings
from deepsky.server.state import state

__all__ = ["blueprint"]

blueprint = APIBlueprint("settings", __name__, url_prefix="/api/v1/settings")


@blueprint.get("")
@blueprint.output(PublicSettings, description="The settings that concern users")
@blueprint.doc(operation_id="getSettings")
def show() -> dict[str, Any]:
    """Get the access, retention, limits, formats and default model of the server."""
    settings = state().settings
    return {
        "version": __version__,
        "access": "keys" if needs_key() else "open",
        "client": "session" if g.key_id is None else "key",
        "retention_days": settings.retention_days,
        "default_model": DEFAULT_MODEL,
        "solver": state().solving.engine,
        "limits": {
            "max_bytes": settings.max_bytes,
            "max_pixels": settings.max_pixels,
            "max_frames": settings.max_frames,
            "max_images": settings.max_images,
        },
        "formats": [
            {"name": one.name, "title": one.title, "suffixes": list(one.suffixes)}
            for one in FORMATS
        ],
    }

"""Flask server for the REST API and the web interface."""

from deepsky.server.app import create_app
from deepsky.server.settings import Settings

__all__ = ["Settings", "create_app"]

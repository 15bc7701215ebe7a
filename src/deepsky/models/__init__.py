"""What a trained model is: files, how they run, and what their numbers mean."""

from deepsky.models.bundle import ModelBundle
from deepsky.models.evidence import overlay
from deepsky.models.registry import DEFAULT_MODEL, available_models, find_bundle

__all__ = ["DEFAULT_MODEL", "ModelBundle", "available_models", "find_bundle", "overlay"]

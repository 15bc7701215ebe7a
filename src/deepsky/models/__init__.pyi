from .bundle import ModelBundle as ModelBundle
from .card import ModelCard as ModelCard
from .evidence import overlay as overlay
from .registry import DEFAULT_MODEL as DEFAULT_MODEL
from .registry import available_models as available_models
from .registry import find_bundle as find_bundle

__all__ = [
    "DEFAULT_MODEL",
    "ModelBundle",
    "ModelCard",
    "available_models",
    "find_bundle",
    "overlay",
]

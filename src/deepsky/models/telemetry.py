"""Import OpenVINO and NNCF without their telemetry."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

__all__ = ["no_telemetry"]

TELEMETRY: Final = "openvino_telemetry"


@contextmanager
def no_telemetry() -> Iterator[None]:
    """Hide the package ``openvino_telemetry`` from the imports in this context.

    OpenVINO sends an event when it is imported, and NNCF with each use. Both decide at import
    whether they can, and send nothing if the package is missing. Afterwards, other code can import
    the package as before.
    """
    modules: dict[str, Any] = sys.modules
    is_loaded, loaded = TELEMETRY in modules, modules.get(TELEMETRY)
    modules[TELEMETRY] = None
    try:
        yield
    finally:
        if is_loaded:
            modules[TELEMETRY] = loaded
        else:
            modules.pop(TELEMETRY, None)

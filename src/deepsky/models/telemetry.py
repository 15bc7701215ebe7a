"""Import OpenVINO and NNCF without enabling their telemetry."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

__all__ = ["no_telemetry"]

TELEMETRY: Final = "openvino_telemetry"


@contextmanager
def no_telemetry() -> Iterator[None]:
    """Prevent the import of the package ``openvino_telemetry`` within this context.

    OpenVINO sends an event when it is imported, and NNCF sends one each time it is used. Both check
    for the package when they are imported, and send nothing if it is missing. Outside the
    context, the package can be imported as usual.
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

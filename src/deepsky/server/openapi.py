"""Additions to the OpenAPI document that APIFlask generates."""

import json
import re
from typing import Any, Final

from deepsky.server.clients import COOKIE, PUBLIC
from deepsky.server.problems import Problem
from deepsky.server.state import state
from deepsky.taxonomy import LABELS

__all__ = ["complete"]

SECURITY: Final = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "A browser session. The response to the first upload sets the cookie.",
    },
}


def complete(spec: Any) -> Any:
    """Add error responses, security schemes and limits to an OpenAPI document.

    Parameters
    ----------
    spec : dict
        OpenAPI document that APIFlask generated.

    Returns
    -------
    dict
        The completed document, in which duplicate schemas are merged.
    """
    spec["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    upload = spec["components"]["schemas"]["ClassificationForm"]["properties"]["image"]
    upload["maxItems"] = state().settings.max_images
    spec["components"]["securitySchemes"] = SECURITY
    requires_keys = state().settings.requires_keys
    spec["security"] = [{"key": []}] if requires_keys else [{"session": []}, {"key": []}, {}]
    for address, path in spec["paths"].items():
        for operation in path.values():
            if address in PUBLIC:
                operation["security"] = []
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
            for parameter in operation.get("parameters", []):
                if (parameter["in"], parameter["name"]) == ("path", "label"):
                    parameter["schema"]["enum"] = list(LABELS)
    return _with_shared_schemas(spec)


def _with_shared_schemas(spec: Any) -> Any:
    """Merge duplicate schemas: APIFlask repeats nested schemas as ``Outer.Inner``."""
    schemas = spec["components"]["schemas"]
    for name in [name for name in schemas if "." in name]:
        schemas.setdefault(name.rpartition(".")[2], schemas.pop(name))
    text = re.sub(r'(#/components/schemas/)(?:\w+\.)+(\w+")', r"\1\2", json.dumps(spec))
    return json.loads(text)

"""The routes and schemas of the REST API, as its OpenAPI document describes them."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from deepsky.server import Settings, create_app
from scripts.reference.markdown import table

__all__ = ["document", "routes", "schemas"]

METHODS: Final = ("post", "get", "put", "patch", "delete")


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document of a server that requires no API keys."""
    with TemporaryDirectory() as folder:
        app = create_app(Settings(data=Path(folder), access="open", readers=1))
        with app.app_context():
            found: dict[str, Any] = json.loads(json.dumps(app.spec))
        app.extensions["deepsky"].close()
    return found


def routes() -> str:
    """Return a section for each route, with its parameters and responses."""
    paths = document()["paths"]
    return "\n\n".join(
        "\n\n".join(_operation(method, path, paths[path][method]))
        for path in sorted(paths)
        for method in METHODS
        if method in paths[path]
    )


def schemas() -> str:
    """Return a section for each schema, with its fields."""
    found = document()["components"]["schemas"]
    return "\n\n".join("\n\n".join(_schema(name, found[name])) for name in sorted(found))


def _operation(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"### `{method.upper()} {path}`"
    yield operation["summary"]
    if operation.get("description"):
        yield operation["description"]
    parameters = [_parameter(item) for item in operation.get("parameters", [])]
    if parameters:
        yield table(["parameter", "in", "type", "meaning"], parameters)
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"Request: `{media}`, {_type(content['schema'])}."
    yield table(["status", "response"], _responses(operation["responses"]))


def _parameter(item: dict[str, Any]) -> list[str]:
    text = item.get("description", "")
    if item.get("required") and item["in"] != "path":
        text += " Required."
    return [f"`{item['name']}`", item["in"], _with_default(item["schema"]), text]


def _responses(responses: dict[str, Any]) -> Iterator[list[str]]:
    for status, response in responses.items():
        shown = [
            f"{response['description']}: {_type(content['schema'])}"
            if content.get("schema")
            else f"{response['description']}: `{media}`"
            for media, content in response.get("content", {}).items()
        ]
        yield [status, "; ".join(dict.fromkeys(shown)) or response["description"]]


def _schema(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"### {name} {{ #schema-{name.lower()} }}"
    if schema.get("description"):
        yield schema["description"]
    if schema.get("properties"):
        required = schema.get("required", [])
        yield table(
            ["field", "type", "meaning"],
            (
                [
                    f"`{field}`" + ("" if field in required else " (optional)"),
                    _with_default(item),
                    item.get("description", ""),
                ]
                for field, item in schema["properties"].items()
            ),
        )
    else:
        yield _type(schema)


def _with_default(schema: dict[str, Any]) -> str:
    default = schema.get("default")
    return _type(schema) + (f", default `{json.dumps(default)}`" if default is not None else "")


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#schema-{name.lower()})"
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(_type(item) for item in schema[key]))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum") or [schema["const"]]
        return " or ".join(f"`{json.dumps(value)}`" for value in values)
    kind = schema.get("format") or schema.get("type", "any value")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type(schema['additionalProperties'])}"
    return str(kind)

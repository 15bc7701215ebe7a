"""The examples in the OpenAPI document are complete, and match the schemas."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from deepsky.server.problem_codes import PROBLEM_CODES
from deepsky.server.problems import STATUSES

WITHOUT = re.compile("image/.*|multipart/form-data")
"""Media types of bodies without an example. Others have one in at least one media type."""

CARD = "ModelCard"
"""The schema of the only response that omits optional fields."""

WRONG = [{"wrong": None}]


class Body(NamedTuple):
    name: str
    media: str
    schema: Any
    example: Any


@pytest.fixture
def document(client: FlaskClient) -> Any:
    return client.get("/api/v1/openapi.json").get_json()


def bodies(document: Any) -> Iterator[Body]:
    for path in document["paths"].values():
        for operation in path.values():
            parts = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for kind, part in parts.items():
                for media, content in part.get("content", {}).items():
                    name = f"{operation['operationId']} {kind}"
                    yield Body(name, media, content.get("schema"), content.get("example"))


def json_bodies(document: Any) -> Iterator[Body]:
    """Return the JSON bodies that have an example."""
    found = (body for body in bodies(document) if "json" in body.media)
    return (body for body in found if body.example is not None)


def close_schemas(document: Any) -> Any:
    """Return the schemas, changed so that objects have all of their fields and no others."""
    schemas = deepcopy(document["components"]["schemas"])
    incomplete = find_schemas(CARD, schemas)
    for name, schema in schemas.items():
        if "properties" in schema:
            schema["additionalProperties"] = False
            if name not in incomplete:
                schema["required"] = list(schema["properties"])
    return schemas


def find_schemas(name: str, schemas: Any) -> set[str]:
    """Return the names of a schema and of the schemas in it."""
    found, waiting = set(), [name]
    while waiting:
        found.add(one := waiting.pop())
        names = set(re.findall(r"'#/components/schemas/(\w+)'", repr(schemas[one])))
        waiting += names - found
    return found


def make_validator(schemas: Any, schema: Any) -> OAS31Validator:
    whole = {**schema, "components": {"schemas": schemas}}
    return OAS31Validator(whole, format_checker=oas31_format_checker)


def test_all_bodies_except_images_and_uploads_have_examples(document: Any) -> None:
    names = {body.name for body in bodies(document)}
    described = {body.name for body in bodies(document) if body.example is not None}
    assert names - described == {
        body.name for body in bodies(document) if WITHOUT.fullmatch(body.media)
    }


def test_examples_match_the_schemas(document: Any) -> None:
    schemas = close_schemas(document)
    for body in json_bodies(document):
        errors = list(make_validator(schemas, body.schema).iter_errors(body.example))
        assert not errors, (body.name, errors[0].message, list(errors[0].path))


def test_missing_fields_and_wrong_types_are_found(document: Any) -> None:
    schemas = close_schemas(document)
    for body in json_bodies(document):
        [example] = body.example[:1] if isinstance(body.example, list) else [body.example]
        schema = body.schema.get("items", body.schema)
        validator = make_validator(schemas, schema)
        required = schemas[schema["$ref"].rpartition("/")[2]].get("required", example)
        for field in example:
            without = {name: value for name, value in example.items() if name != field}
            assert validator.is_valid(without) == (field not in required), (body.name, field)
            assert not validator.is_valid({**example, field: WRONG}), (body.name, field)


def test_examples_of_problems_have_the_status_and_a_documented_code(document: Any) -> None:
    statuses = STATUSES | {code: status for code, (status, _) in PROBLEM_CODES.items()}
    for body in bodies(document):
        if body.media == "application/problem+json":
            status = int(body.name.split()[1])
            assert (body.example["status"], statuses[body.example["code"]]) == (status, status)


def test_responses_of_temporary_problems_have_a_retry_after_header(document: Any) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                assert ("Retry-After" in response.get("headers", {})) == (status in {"429", "503"})

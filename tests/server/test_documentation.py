import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate

import deepsky.server
from deepsky.models import available_models, find_bundle
from deepsky.models.card import ModelCard
from deepsky.record import Record
from deepsky.server.schemas.classifications import Classification, Unclassified

SERVER = Path(deepsky.server.__file__).parent


def in_braces(rule: str) -> str:
    return re.sub(r"<(?:[^<:]+:)?([^>]+)>", r"{\1}", rule)


def test_document_is_openapi_3_1(client: FlaskClient) -> None:
    response = client.get("/api/v1/openapi.json")
    description = response.get_json()

    assert response.content_type == "application/json"
    assert description["openapi"].startswith("3.1.")
    validate(description)


def test_document_has_every_route_with_its_responses(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    rules = {
        in_braces(rule.rule)
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
    }
    assert set(paths) == rules

    post = paths["/api/v1/classifications"]["post"]
    form = post["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form == {"$ref": "#/components/schemas/ClassificationForm"}
    assert post["requestBody"]["required"]
    refused = {"400", "401", "403", "404", "413", "415", "422", "429", "500", "503"}
    assert set(post["responses"]) == {"201"} | refused
    for status, response in post["responses"].items():
        kind = "application/json" if status == "201" else "application/problem+json"
        assert list(response["content"]) == [kind]


def test_document_describes_the_parameters(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    parameters = {
        each["name"]: each for each in paths["/api/v1/classifications"]["get"]["parameters"]
    }
    assert parameters["cursor"]["description"] == "`next_cursor` from the previous page."
    assert "description" not in parameters["cursor"]["schema"]


def test_document_has_both_formats_of_exports(client: FlaskClient) -> None:
    operations = client.get("/api/v1/openapi.json").get_json()["paths"][
        "/api/v1/classifications/export"
    ]
    for operation in operations.values():
        content = operation["responses"]["200"]["content"]
        assert set(content) == {"text/csv", "application/json"}
        assert content["text/csv"]["example"].startswith("path,label,")
        assert "example" not in content["application/json"]


@pytest.mark.parametrize(
    ("name", "is_valid"),
    [
        ("auto", True),
        ("mtf-0.01-0", True),
        ("mtf-0.99-20.0", True),
        ("mtf-0.00-1", False),
        ("mtf-0.2-20.1", False),
        ("mtf-0.2-1.5 ", False),
        ("gamma", False),
    ],
)
def test_document_has_the_pattern_of_stretches(
    client: FlaskClient, name: str, is_valid: bool
) -> None:
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    pattern = schemas["StretchForm"]["properties"]["stretch"]["pattern"]
    assert (re.search(pattern, name) is not None) == is_valid


def test_allowed_methods_are_those_in_the_document(client: FlaskClient) -> None:
    for path, operations in client.get("/api/v1/openapi.json").get_json()["paths"].items():
        filled = re.sub(r"\{(level|column|row)\}", "0", path.replace("{label}", "galaxy"))
        allowed = client.options(re.sub(r"\{\w+\}", "0" * 32, filled)).allow
        assert set(allowed) - {"HEAD", "OPTIONS"} == {name.upper() for name in operations}, path


def test_document_has_the_security_requirements(make_client: Callable[..., FlaskClient]) -> None:
    expected_for: dict[str, list[dict[str, list[str]]]] = {
        "open": [{"session": []}, {"key": []}, {}],
        "keys": [{"key": []}],
    }
    for access, expected in expected_for.items():
        client = make_client(access=access)
        description = client.get("/api/v1/openapi.json").get_json()
        assert description["security"] == expected
        assert {name for one in expected for name in one} <= set(
            description["components"]["securitySchemes"]
        )
        for path in ("/api/v1/health", "/api/v1/shared/{token}"):
            assert description["paths"][path]["get"]["security"] == []


def test_schemas_have_the_fields_of_the_record() -> None:
    server_fields = ["id", "created_at", "elapsed_ms", "feedback", "share"]
    assert list(Classification.model_fields) == [*Record.__annotations__, *server_fields]
    assert list(Unclassified.model_fields) == list(Record.__annotations__)


def test_shipped_cards_match_the_schema() -> None:
    for name in available_models():
        ModelCard.model_validate(find_bundle(name).card)


def test_documentation_page_loads_local_files_only(client: FlaskClient) -> None:
    page = client.get("/api/docs", buffered=True).get_data(as_text=True)
    references = re.findall(r'(?:href|src)="(.*?)"', page)

    assert len(references) >= 4
    for reference in references:
        assert client.get(urljoin("/api/docs", reference), buffered=True).status_code == 200

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from functions.about.examples import example_of
from functions.about.openapi import VERSION
from functions.bootstrap import build_app
from functions.http.problems import ProblemDetails
from functions.http.unmatched import UNMATCHED
from tests.site import Site
from tests.unit.api.test_settings import LOCAL

CONTRACT = """
GET /connection
POST /connection
DELETE /connection
POST /connection/consent
GET /access
PUT /access
GET /me/connection
POST /me/connection
DELETE /me/connection
GET /oauth/callback
GET /preferences
PUT /preferences
GET /fields/vendor/{object}
GET /fields/dynamics/{object}
GET /mappings/{object}
PUT /mappings/{object}
DELETE /mappings/{object}
POST /mappings/{object}/verify
POST /mappings/{object}/preview
POST /exports
GET /exports
GET /exports/{id}
GET /exports/{id}/records
GET /exports/{id}/results.csv
POST /exports/{id}/cancel
POST /exports/{id}/retry
GET /health
GET /openapi.json
GET /docs
"""


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(app=build_app(LOCAL))


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    return site.call("GET", "/openapi.json").json


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def resolve(document: dict[str, Any], node: Any) -> Any:
    while "$ref" in node:
        steps = node["$ref"].removeprefix("#/").split("/")
        node = document
        for step in steps:
            node = node[step]
    return node


def test_every_function_is_described_and_every_description_is_a_function(
    site: Site, operations: dict[str, Any]
) -> None:
    functions = {f"{each.method} /{each.path}" for each in site.routes if each.name != UNMATCHED.name}
    assert functions == set(operations)


def test_every_promised_operation_exists(operations: dict[str, Any]) -> None:
    assert set(CONTRACT.split("\n")) - {""} <= set(operations)


def test_no_two_functions_share_a_route(site: Site) -> None:
    shapes = [(each.method, re.sub(r"\{\w+\}", "{}", each.path)) for each in site.routes]
    assert len(set(shapes)) == len(shapes)


def test_the_function_for_everything_else_comes_last_in_the_hosts_order(site: Site) -> None:
    names = sorted({each.name for each in site.routes}, key=str.upper)
    assert names[-1] == UNMATCHED.name


def test_every_operation_has_a_name_of_its_own_a_summary_and_a_tag(operations: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names)
    for place, operation in operations.items():
        assert operation["summary"], place
        assert not operation["summary"].endswith("."), place
        assert operation["tags"], place


def test_only_what_is_for_anybody_needs_no_token(
    operations: dict[str, Any], document: dict[str, Any]
) -> None:
    assert document["security"] == [{"caller": []}]
    free = {place for place, operation in operations.items() if operation.get("security") == []}
    browsers = {"GET /oauth/callback", "GET /oauth/approval", "GET /oauth/waiting"}
    assert free == {*browsers, "GET /health", "GET /openapi.json", "GET /docs"}


USERS = """
GET /connection
POST /connection/confirm
GET /exports
POST /exports
GET /exports/{id}
POST /exports/{id}/cancel
POST /exports/{id}/pause
GET /exports/{id}/records
GET /exports/{id}/records/{position}/candidates
POST /exports/{id}/records/{position}/choose
GET /exports/{id}/results.csv
POST /exports/{id}/resume
POST /exports/{id}/retry
POST /exports/{id}/undo
GET /fields/vendor/{object}
GET /limits
DELETE /me/connection
GET /me/connection
POST /me/connection
GET /preferences
POST /exports/uploads
"""


def test_what_users_may_do_is_written_down_here_as_well(operations: dict[str, Any]) -> None:
    """The sweep of the security tests believes what each operation says of itself."""
    words = "For every user of the tenant."
    of_users = {place for place, operation in operations.items() if operation["description"].endswith(words)}
    assert of_users == set(USERS.split("\n")) - {""}


def test_every_operation_tells_its_errors_as_problem_details(
    operations: dict[str, Any], document: dict[str, Any]
) -> None:
    for place, operation in operations.items():
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert "500" in errors, place
        for status, answer in errors.items():
            content = resolve(document, answer)["content"]["application/problem+json"]
            example = ProblemDetails.model_validate(content["example"])
            assert str(example.status) == status, place
        if operation.get("security") != []:
            assert "401" in errors, place
        if "{" in place:
            assert "404" in errors, place


def test_an_export_that_has_ended_already_is_described_beside_one_that_goes_on(
    operations: dict[str, Any],
) -> None:
    answers = operations["POST /exports"]["responses"]
    assert answers["200"]["content"] == answers["202"]["content"]
    assert answers["200"]["headers"] == answers["202"]["headers"]


def test_every_path_parameter_is_described(operations: dict[str, Any]) -> None:
    for place, operation in operations.items():
        described = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert described == set(re.findall(r"\{(\w+)\}", place)), place


def test_every_put_needs_if_match(operations: dict[str, Any]) -> None:
    for place, operation in operations.items():
        needed = {each["name"] for each in operation["parameters"] if each["required"]}
        if place.startswith("PUT"):
            assert "If-Match" in needed, place
            assert {"412", "428"} <= set(operation["responses"]), place


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = re.findall(r'"\$ref": "(#[^"]+)"', json.dumps(document))
    assert references
    for reference in references:
        assert resolve(document, {"$ref": reference})


def test_every_json_body_has_an_example_that_the_operation_takes(
    site: Site, operations: dict[str, Any], document: dict[str, Any]
) -> None:
    for place, operation in operations.items():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None:
            assert content["example"], place
            schema = resolve(document, content["schema"])
            assert set(content["example"]) <= set(schema["properties"]), place
            assert set(schema.get("required", ())) <= set(content["example"]), place


def arrays(node: Any, document: dict[str, Any], seen: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Every array in a schema, with what it refers to."""
    if isinstance(node, list):
        return [each for item in node for each in arrays(item, document, seen)]
    if not isinstance(node, dict):
        return []
    if node.get("$ref") in seen:
        return []
    if "$ref" in node:
        return arrays(resolve(document, node), document, (*seen, node["$ref"]))
    own = [node] if node.get("type") == "array" else []
    return own + [
        each for name, item in node.items() if name != "examples" for each in arrays(item, document, seen)
    ]


def test_no_body_may_hold_a_list_without_an_end(operations: dict[str, Any], document: dict[str, Any]) -> None:
    for place, operation in operations.items():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        for array in arrays(content["schema"], document) if content else ():
            assert "maxItems" in array, (place, array)


def test_the_version_is_that_of_the_project(document: dict[str, Any]) -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))["project"]
    assert document["info"]["version"] == VERSION == project["version"]
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": LOCAL["PUBLIC_API_URL"]}]


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date-time"}, "2026-01-31T09:30:00Z"),
        ({"type": "integer", "minimum": 3}, 3),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, None),
        ({"type": ["string", "number"]}, "text"),
        ({"enum": ["a", "b"]}, "a"),
        ({"const": 5}, 5),
        ({"type": "boolean", "default": False}, False),
        ({"type": "array", "items": {"type": "boolean"}}, [True]),
        ({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/B"}}}, {"a": 7}),
        ({"type": "object", "examples": [{"x": 1}]}, {"x": 1}),
    ],
)
def test_an_example_is_put_together_from_a_schema(schema: dict[str, Any], example: Any) -> None:
    assert example_of(schema, {"B": {"examples": [7]}}) == example


def test_a_schema_that_contains_itself_has_an_example_all_the_same() -> None:
    tree = {
        "type": "object",
        "properties": {"below": {"type": "array", "items": {"$ref": "#/components/schemas/T"}}},
    }
    assert TypeAdapter(dict[str, Any]).validate_python(example_of(tree, {"T": tree}))

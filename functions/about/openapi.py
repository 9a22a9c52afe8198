"""The description of the API (OpenAPI 3.1), made from the operations that were registered."""

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema

from functions.about.examples import example_of
from functions.about.problem_examples import example_problem
from functions.http.operations import Operation, Parameter, Who
from functions.http.problems import MEDIA_TYPE, THROTTLED, ProblemDetails, status_of
from shared.domain import errors
from shared.domain.ids import ObjectType

VERSION = "0.1.0"
_PATH_PARAMETER = re.compile(r"\{(\w+)\}")
_REFERENCE = "#/components/schemas/{model}"
_JSON = "application/json"
_HTML = "text/html"

_PATH_PARAMETERS: dict[str, dict[str, Any]] = {
    "object": {
        "description": "What a vendor record becomes in Dynamics.",
        "schema": {"type": "string", "enum": [each.value for each in ObjectType]},
        "example": "lead",
    },
    "id": {
        "description": "The id of an export or of an erasure, as the service gave it.",
        "schema": {"type": "string", "pattern": r"^\d{15}-[0-9a-f]{12}$"},
        "example": "998232000000000-0a1b2c3d4e5f",
    },
    "position": {
        "description": "The number of a record in its export, from 1.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 7,
    },
    "version": {
        "description": "The number of a version of the mapping.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 3,
    },
}
_WHO = {
    Who.ANYBODY: "For anybody, without a token.",
    Who.USER: "For every user of the tenant.",
    Who.ADMIN: "For administrators of the tenant.",
}
_ETAG = Parameter("ETag", "Names this state of the resource.", example='"Vy8iMSI"')
_IF_MATCH = Parameter(
    "If-Match", "The ETag that was read, or * to overwrite whatever is there.", required=True, example="*"
)
_IF_NONE_MATCH = Parameter("If-None-Match", "An ETag: the answer is 304 while nothing has changed.")
_GOES_ON = Parameter("Location", "Where it goes on.")
_RETRY_AFTER = Parameter("Retry-After", "Seconds to wait.", least=1, example="10")
_CHALLENGE = Parameter("WWW-Authenticate", "Says that a bearer token is needed, or what is wrong with it.")
_ERROR_HEADERS = {401: (_CHALLENGE,), THROTTLED: (_RETRY_AFTER,), 503: (_RETRY_AFTER,)}


def document(operations: Sequence[Operation], server: str) -> dict[str, Any]:
    """The whole description. `server` is the address that the paths begin with."""
    schemas = _Schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    tags = dict.fromkeys(operation.tag for operation in operations if operation.tag)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dynamics Export",
            "version": VERSION,
            "description": "Exports people and companies of a B2B data vendor into Dynamics 365.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server}],
        "tags": [{"name": tag} for tag in tags],
        "security": [{"caller": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.all,
            "responses": {_name(status): _problem_answer(status) for status in _statuses(operations)},
            "securitySchemes": {
                "caller": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "RS256; claims `sub`, `org_id`, `roles`, `email`, `name`.",
                },
            },
        },
    }


class _InWrittenOrder(GenerateJsonSchema):
    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:  # noqa: ARG002 - the parent's parameter
        """Members as their authors ordered them; examples would be sorted by name otherwise."""
        return value


class _Schemas:
    """The schema of every model that goes in or out."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(ProblemDetails, "serialization"): None}
        for operation in operations:
            if operation.body is not None:
                wanted[operation.body, "validation"] = None
            if operation.answer is not None:
                wanted[operation.answer, "serialization"] = None
        self._references, definitions = models_json_schema(
            list(wanted), ref_template=_REFERENCE, schema_generator=_InWrittenOrder
        )
        self.all: dict[str, Any] = definitions.get("$defs", {})

    def media(self, model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
        reference = self._references[model, mode]
        return {"schema": reference, "example": example_of(reference, self.all)}


def _operation(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": to_camel(operation.name),
        "summary": operation.summary,
        "description": " ".join(filter(None, (operation.description, _WHO[operation.who]))),
        "tags": [operation.tag] if operation.tag else [],
        "parameters": _parameters(operation),
        "responses": _answers(operation, schemas),
    }
    if operation.who is Who.ANYBODY:
        described["security"] = []
    if operation.takes_body:
        described["requestBody"] = {"required": True, "content": _body(operation, schemas)}
    return described


def _body(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {"schema": {"type": "string"}} for kind in operation.body_types}
    for kind, example in operation.body_examples.items():
        content[kind]["example"] = example
    if operation.body is not None:
        content = {_JSON: schemas.media(operation.body, "validation")} | content
    return content


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, **_PATH_PARAMETERS[name]}
        for name in _PATH_PARAMETER.findall(operation.path)
    ]
    headers = operation.headers + _conditions(operation)
    return [
        *in_path,
        *(_parameter(parameter, "query") for parameter in operation.query),
        *(_parameter(parameter, "header") for parameter in headers),
    ]


def _conditions(operation: Operation) -> tuple[Parameter, ...]:
    if not operation.etag:
        return ()
    return (_IF_NONE_MATCH,) if operation.method == "GET" else (_IF_MATCH,)


def _parameter(parameter: Parameter, place: str) -> dict[str, Any]:
    return {"name": parameter.name, "in": place, "required": parameter.required, **_described(parameter)}


def _described(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string" if parameter.least is None else "integer"}
    limits = {"enum": list(parameter.choices), "minimum": parameter.least, "maximum": parameter.most}
    schema |= {word: limit for word, limit in limits.items() if limit not in (None, [])}
    shown = {} if parameter.example is None else {"example": parameter.example}
    return {"description": parameter.description, "schema": schema, **shown}


def _answers(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    good: dict[str, Any] = {}
    if operation.answer is not None:
        good["content"] = {_JSON: schemas.media(operation.answer, "serialization")}
    if operation.answer_types:
        content = good.setdefault("content", {})
        content |= {kind: {"schema": {"type": "string"}} for kind in operation.answer_types}
    headers = operation.answer_headers + ((_ETAG,) if operation.etag and operation.method != "DELETE" else ())
    if headers:
        good["headers"] = _headers(headers)
    statuses = (operation.status, *operation.also)
    answers = {str(each): {"description": HTTPStatus(each).phrase, **good} for each in statuses}
    if operation.etag and operation.method == "GET":
        answers["304"] = {"description": "Nothing has changed since the state that If-None-Match names."}
    if operation.page or operation.elsewhere:
        answers["303"] = {"description": "Goes on there.", "headers": _headers((_GOES_ON,))}
    for status in error_statuses(operation):
        answers[str(status)] = (
            _page_answer(status) if operation.page else {"$ref": f"#/components/responses/{_name(status)}"}
        )
    return answers


def error_statuses(operation: Operation) -> list[int]:
    """Every status with which the operation may answer an error."""
    kinds: list[type[errors.ServiceError]] = [errors.ServiceError, *operation.errors]
    if operation.who is not Who.ANYBODY:
        kinds += [errors.Unauthenticated, errors.Transient, errors.Throttled]
    if operation.who is Who.ADMIN:
        kinds.append(errors.Forbidden)
    if operation.takes_body:
        kinds += [errors.InvalidRequest, errors.TooLarge, errors.UnsupportedType]
    if operation.query:
        kinds.append(errors.InvalidRequest)
    if "{" in operation.path:
        kinds.append(errors.NotFound)
    if operation.etag and operation.method != "GET":
        kinds += [errors.Stale, errors.PreconditionMissing]
    return sorted({status_of(kind) for kind in kinds})


def _statuses(operations: Iterable[Operation]) -> list[int]:
    return sorted({status for operation in operations for status in error_statuses(operation)})


def _name(status: int) -> str:
    return "".join(word.capitalize() for word in re.findall(r"\w+", HTTPStatus(status).phrase))


def _problem_answer(status: int) -> dict[str, Any]:
    example = example_problem(status).model_dump(mode="json", by_alias=True)
    answer: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="ProblemDetails")}, "example": example}
        },
    }
    if status in _ERROR_HEADERS:
        answer["headers"] = _headers(_ERROR_HEADERS[status])
    return answer


def _page_answer(status: int) -> dict[str, Any]:
    """The same as a problem, or as a page."""
    answer = _problem_answer(status)
    return {**answer, "content": {**answer["content"], _HTML: {"schema": {"type": "string"}}}}


def _headers(parameters: Iterable[Parameter]) -> Mapping[str, Any]:
    return {parameter.name: _described(parameter) for parameter in parameters}

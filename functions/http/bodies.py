"""Reads what a request brings: its body by media type and its query parameters by their rules."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from functions.http.operations import Operation, Parameter
from functions.http.problems import invalid_body
from shared.domain.errors import InvalidRequest, Problem, TooLarge, UnsupportedType

_JSON = "application/json"


def media_type_of(headers: Mapping[str, str]) -> str:
    """The Content-Type without its parameters, in lower case."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def read_body(operation: Operation, headers: Mapping[str, str], raw: bytes) -> BaseModel | None:
    """The body as the operation's model; None where it has none or the bytes are taken as they are."""
    if len(raw) > operation.max_bytes:
        raise TooLarge(
            "bodyTooLarge",
            f"The body has {len(raw):,} bytes; at most {operation.max_bytes:,} are taken. Send less at once.",
        )
    if not operation.takes_body:
        return None
    media_type = media_type_of(headers)
    if media_type not in _accepted(operation) or headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedType(
            "contentTypeUnsupported",
            f"This operation takes {' or '.join(_accepted(operation))}, uncompressed. "
            f"Set the Content-Type header (it is “{media_type[:100] or 'missing'}”).",
        )
    return _parse(operation.body, raw) if operation.body and media_type == _JSON else None


def check_parameters(parameters: tuple[Parameter, ...], given: Mapping[str, str], mark: str) -> None:
    """Refuses values that a parameter does not take, all of them at once. `mark` starts each path."""
    problems = [
        Problem(code="parameterInvalid", message=message, path=f"{mark}{parameter.name}")
        for parameter in parameters
        if (message := _misfit(parameter, given.get(parameter.name)))
    ]
    if problems:
        raise InvalidRequest(
            "parameterInvalid", " ".join(problem.message for problem in problems), problems=problems
        )


def _accepted(operation: Operation) -> tuple[str, ...]:
    return ((_JSON,) if operation.body else ()) + operation.body_types


def _parse(model: type[BaseModel], raw: bytes) -> BaseModel:
    if not raw.strip():
        raise InvalidRequest("bodyMissing", "The body is empty; send a JSON object.")
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise invalid_body(error) from error


def _misfit(parameter: Parameter, value: Any) -> str | None:
    if value is None:
        return f"“{parameter.name}” is missing." if parameter.required else None
    if parameter.choices and value not in parameter.choices:
        return f"“{parameter.name}” has to be one of {', '.join(parameter.choices)}."
    if parameter.least is not None and not _is_within(parameter, value):
        return f"“{parameter.name}” has to be a whole number from {parameter.least} to {parameter.most}."
    return None


def _is_within(parameter: Parameter, value: str) -> bool:
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        return False
    least, most = parameter.least or 0, parameter.most
    return least <= int(value) and (most is None or int(value) <= most)

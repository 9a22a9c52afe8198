"""Reads what a request brings: its body by media type and its query parameters by their rules."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from functions.http.operations import Operation, Parameter
from functions.http.problems import invalid_body
from shared.domain.errors import InvalidRequest, Problem, TooLarge, UnsupportedType
from shared.domain.unpacking import unpacked

_JSON = "application/json"
_GZIP = "gzip"
_AS_IT_IS = "identity"


def media_type_of(headers: Mapping[str, str]) -> str:
    """The Content-Type without its parameters, in lower case."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def is_gzip(headers: Mapping[str, str]) -> bool:
    """Whether the body is said to be packed with gzip."""
    return _encoding(headers) == _GZIP


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
    if media_type not in _accepted(operation):
        raise UnsupportedType(
            "contentTypeUnsupported",
            f"This operation takes {' or '.join(_accepted(operation))}. "
            f"Set the Content-Type header (it is “{media_type[:100] or 'missing'}”).",
        )
    packings = (_AS_IT_IS,) if operation.most_unpacked is None else (_AS_IT_IS, _GZIP)
    if _encoding(headers) not in packings:
        raise UnsupportedType(
            "contentEncodingUnsupported",
            f"This operation takes a body as {' or '.join(packings)}. "
            f"Set the Content-Encoding header (it is “{_encoding(headers)[:100]}”).",
        )
    if not operation.body or media_type != _JSON:
        return None
    return _parse(operation.body, _unpacked_json(raw, operation) if is_gzip(headers) else raw)


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


def _encoding(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Encoding", "").strip().lower() or _AS_IT_IS


def _unpacked_json(raw: bytes, operation: Operation) -> bytes:
    """No more than the same body might have had unpacked: JSON is read as a whole."""
    return b"".join(unpacked([raw], most=operation.max_bytes))


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

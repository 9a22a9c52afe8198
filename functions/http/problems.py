"""What an error looks like to the caller: problem details (RFC 9457) and the one table of statuses."""

import math
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from functions.http.payload import Payload
from shared.domain import errors
from shared.domain.errors import Problem, ServiceError, Transient

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:dynamics-export:problem:"
MOST_PROBLEMS = 100
_MOST_NAMED = 1000  # of what an operation found itself: a mapping's rows, each with all that is wrong
_SENTENCES = {
    "extra_forbidden": "There is no such member here; check its spelling, or remove it.",
    "missing": "This member is missing.",
}
_DEFAULT_RETRY_SECONDS = 10.0


class MethodNotAllowed(errors.RequestRefused):
    """The path is known, the method is not. `allowed` are those that are."""

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__("methodNotAllowed", f"This path answers {', '.join(allowed)} only.")
        self.allowed = allowed


STATUS_OF: dict[type[ServiceError], int] = {
    errors.InvalidRequest: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.NeedsUser: 409,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.UnsupportedType: 415,
    errors.Unverified: 422,
    errors.RecordRejected: 422,
    errors.PreconditionMissing: 428,
    errors.Transient: 503,
    errors.Throttled: 429,
    errors.RequestRefused: 400,
    errors.ServiceError: 500,
}
THROTTLED = 429


class ProblemItem(Payload):
    """One of several things that are wrong."""

    path: str = Field(description="JSON pointer into the body, or `?name` of a query parameter.")
    code: str = Field(description="Stable name of the problem.")
    message: str = Field(description="What is wrong and what to do.")
    row: int | None = Field(default=None, description="Row of a mapping, from 1.")
    vendor_field: str | None = None
    column: str | None = None


class ProblemDetails(Payload):
    """An error, in the form of RFC 9457."""

    type: str = Field(examples=[f"{TYPE_PREFIX}recordsMissing"])
    title: str = Field(examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["What happened and what to do."])
    instance: str = Field(description="This one occurrence; it stands in the log as well.")
    code: str = Field(examples=["recordsMissing"])
    errors: list[ProblemItem] = Field(default_factory=list)


def status_of(kind: type[ServiceError]) -> int:
    """The status of a kind of error: its own, or that of the nearest kind above."""
    return next(STATUS_OF[each] for each in kind.__mro__ if each in STATUS_OF)


def problem_of(error: ServiceError, request_id: str) -> ProblemDetails:
    """What the caller is told about a deliberate error."""
    problems: Sequence[Problem] = getattr(error, "problems", ())
    status = _status(error)
    return ProblemDetails(
        type=f"{TYPE_PREFIX}{error.code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=error.message,
        instance=f"urn:uuid:{request_id}",
        code=error.code,
        errors=[_item(problem) for problem in problems[:_MOST_NAMED]],
    )


def unexpected_problem(request_id: str) -> ProblemDetails:
    """What the caller is told about a bug: that it is ours, and what to quote."""
    return ProblemDetails(
        type=f"{TYPE_PREFIX}unexpected",
        title=HTTPStatus(500).phrase,
        status=500,
        detail=f"Something went wrong on our side. Quote {request_id} when you ask for help.",
        instance=f"urn:uuid:{request_id}",
        code="unexpected",
    )


def headers_of(error: ServiceError) -> dict[str, str]:
    """The headers that an error's status calls for."""
    if isinstance(error, Transient):
        return {"Retry-After": str(max(1, math.ceil(error.retry_after or _DEFAULT_RETRY_SECONDS)))}
    if isinstance(error, errors.Unauthenticated):
        challenge = 'Bearer realm="dynamics-export"'
        known = error.code == "tokenMissing"
        return {"WWW-Authenticate": challenge if known else f'{challenge}, error="invalid_token"'}
    if isinstance(error, MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    return {}


def invalid_body(error: ValidationError) -> errors.InvalidRequest:
    """A body that does not fit its model: each misfit with a JSON pointer to it."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    if any(detail["type"] == "json_invalid" for detail in details):
        return errors.InvalidRequest(
            "jsonInvalid", f"The body is not valid JSON: {_reason(details[0])}. Correct it and send it again."
        )
    count = len(details)
    return errors.InvalidRequest(
        "bodyInvalid",
        f"The body has {count} thing{'s' if count > 1 else ''} to correct; “errors” names each.",
        problems=[
            Problem(_code(detail), _sentence(detail), pointer(detail["loc"]), row=_row(detail["loc"]))
            for detail in details[:MOST_PROBLEMS]
        ],
    )


def pointer(location: Iterable[Any]) -> str:
    """The JSON pointer (RFC 6901) of a place in a document."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in location)


def _row(location: Sequence[int | str]) -> int | None:
    """The row of a mapping, from 1, in which a place lies."""
    match location:
        case ["rows", int(index), *_]:
            return index + 1
    return None


def _reason(detail: ErrorDetails) -> str:
    return detail["msg"].removeprefix("Invalid JSON: ")


def _sentence(detail: ErrorDetails) -> str:
    return _SENTENCES.get(detail["type"], detail["msg"].removeprefix("Value error, ").rstrip(".") + ".")


def _code(detail: ErrorDetails) -> str:
    first, *others = detail["type"].split("_")
    return first + "".join(word.capitalize() for word in others)


def _status(error: ServiceError) -> int:
    if isinstance(error, Transient) and error.code.lower().endswith("throttled"):
        return THROTTLED
    return status_of(type(error))


def _item(problem: Problem) -> ProblemItem:
    return ProblemItem(
        path=problem.path,
        code=problem.code,
        message=problem.message,
        row=problem.row,
        vendor_field=problem.vendor_field,
        column=problem.column,
    )

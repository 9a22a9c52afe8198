"""The shell around every HTTP function: who calls, what was sent, what goes back."""

import time
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, Unpack, overload

import azure.functions as func
from pydantic import BaseModel

from functions import origins
from functions.bodies import check_parameters, media_type_of, read_body
from functions.etags import entity_tag, etag_to_replace, is_unchanged
from functions.identity import Caller, Callers
from functions.operations import Operation, OperationFields, Parameter, Who
from functions.paging import NEXT, Page
from functions.payload import Payload
from functions.problems import MEDIA_TYPE, ProblemDetails, headers_of, problem_of, unexpected_problem
from shared import log
from shared.domain.errors import Forbidden, NotFound, ServiceError, Transient
from shared.domain.ids import ObjectType

__all__ = ["NEXT", "Api", "Operation", "Page", "Parameter", "Payload", "Reply", "Request", "Who"]

Body = TypeVar("Body")
Model = TypeVar("Model", bound=BaseModel)
Endpoint = Callable[[func.HttpRequest], func.HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Generic[Body]):
    """What came in, checked. `body` is None where other bytes than JSON came: these are in `raw`."""

    body: Body
    raw: bytes = b""
    media_type: str = ""
    route: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    known_caller: Caller | None = None

    @property
    def caller(self) -> Caller:
        """The person who calls; an operation for anybody has none."""
        if self.known_caller is None:
            raise LookupError("this operation is for anybody, so nobody was identified")
        return self.known_caller

    @property
    def object_type(self) -> ObjectType:
        """The `{object}` of the path; NotFound for anything but an object."""
        try:
            return ObjectType(self.route.get("object", ""))
        except ValueError as error:
            raise NotFound("objectUnknown", "There is no such object. Use “account” or “lead”.") from error

    def etag_to_replace(self, current: str) -> str | None:
        """What a write is bound to by If-Match: the current ETag, or None for `*`."""
        return etag_to_replace(self.headers, current)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes out. `status` None means the operation's own; `etag` is the storage's, in its own form."""

    body: BaseModel | str | bytes | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str | None = None
    etag: str | None = None


Handler = Callable[[Request[Body]], Reply]


def _random_id() -> str:
    return str(uuid.uuid4())


@dataclass(slots=True, kw_only=True)
class Api:
    """Registers operations as Azure functions, and remembers them for the API's description."""

    callers: Callers
    portal_origins: Collection[str] = ()
    new_request_id: Callable[[], str] = _random_id
    operations: list[Operation] = field(default_factory=list)

    @overload
    def operation(
        self,
        blueprint: func.Blueprint,
        *,
        body: type[Model],
        body_types: tuple[str, ...],
        **fields: Unpack[OperationFields],
    ) -> Callable[[Handler[Model | None]], Endpoint]: ...

    @overload
    def operation(
        self, blueprint: func.Blueprint, *, body: type[Model], **fields: Unpack[OperationFields]
    ) -> Callable[[Handler[Model]], Endpoint]: ...

    @overload
    def operation(
        self,
        blueprint: func.Blueprint,
        *,
        body: None = None,
        body_types: tuple[str, ...] = (),
        **fields: Unpack[OperationFields],
    ) -> Callable[[Handler[None]], Endpoint]: ...

    def operation(
        self,
        blueprint: func.Blueprint,
        *,
        body: type[BaseModel] | None = None,
        body_types: tuple[str, ...] = (),
        **fields: Unpack[OperationFields],
    ) -> Callable[[Handler[Any]], Endpoint]:
        """Makes a function of `Request -> Reply` an operation of the API and a function of Azure."""
        operation = Operation(body=body, body_types=body_types, **fields)
        self.operations.append(operation)

        def register(handler: Handler[Any]) -> Endpoint:
            def endpoint(req: func.HttpRequest) -> func.HttpResponse:
                return self._answer(operation, handler, req)

            endpoint.__name__ = operation.name
            endpoint.__doc__ = operation.summary
            _publish(blueprint, endpoint, name=operation.name, path=operation.path, method=operation.method)
            return endpoint

        return register

    def preflight(self, blueprint: func.Blueprint) -> None:
        """Registers the one function that answers browsers' OPTIONS for every path."""

        def preflight(req: func.HttpRequest) -> func.HttpResponse:
            headers = origins.PROTECTIVE | origins.preflight(req.headers, self.portal_origins)
            return func.HttpResponse(status_code=204, headers=headers)

        _publish(blueprint, preflight, name="preflight", path="{*path}", method="OPTIONS")

    def _answer(
        self, operation: Operation, handler: Handler[Any], req: func.HttpRequest
    ) -> func.HttpResponse:
        """Runs one request; whatever goes wrong becomes problem details."""
        request_id, started = self.new_request_id(), time.perf_counter()
        with log.context(request=request_id, operation=operation.name):
            reply = self._reply(operation, handler, req, request_id)
            log.info(
                "request answered",
                status=reply.status,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        own = {"X-Request-Id": request_id} | origins.cross_origin(req.headers, self.portal_origins)
        return _response(reply, origins.PROTECTIVE | own)

    def _reply(
        self, operation: Operation, handler: Handler[Any], req: func.HttpRequest, request_id: str
    ) -> Reply:
        try:
            return _settled(operation, self._handle(operation, handler, req), req.headers)
        except ServiceError as error:
            write = log.warning if isinstance(error, Transient) else log.info
            write("request refused", code=error.code, reason=error.message, detail=error.detail)
            return _problem_reply(problem_of(error, request_id), headers_of(error))
        except Exception as error:  # noqa: BLE001 - the shell: the caller deserves problem details, the log the rest
            log.exception("request failed", error)
            return _problem_reply(unexpected_problem(request_id), {})

    def _handle(self, operation: Operation, handler: Handler[Any], req: func.HttpRequest) -> Reply:
        caller = self._caller(operation, req.headers)
        check_parameters(operation.query, req.params, "?")
        raw = req.get_body() or b""
        request = Request(
            body=read_body(operation, req.headers, raw),
            raw=raw,
            media_type=media_type_of(req.headers),
            route=req.route_params,
            query=req.params,
            headers=req.headers,
            known_caller=caller,
        )
        return handler(request)

    def _caller(self, operation: Operation, headers: Mapping[str, str]) -> Caller | None:
        if operation.who is Who.ANYBODY:
            return None
        caller = self.callers.identify(headers)
        log.add(tenant=caller.tenant, user=caller.user)
        if operation.who is Who.ADMIN and not caller.is_admin:
            raise Forbidden("adminsOnly", "Only an administrator may do this. Ask one of yours.")
        return caller


def _publish(blueprint: func.Blueprint, endpoint: Endpoint, *, name: str, path: str, method: str) -> None:
    routed = blueprint.route(route=path.lstrip("/"), methods=[method], auth_level=func.AuthLevel.ANONYMOUS)
    blueprint.function_name(name)(routed(endpoint))


def _settled(operation: Operation, reply: Reply, headers: Mapping[str, str]) -> Reply:
    """The reply with the operation's own status and its entity tag, or 304 where the caller has it."""
    tags = {} if reply.etag is None else {"ETag": entity_tag(reply.etag)}
    settled = Reply(
        body=reply.body,
        status=reply.status or operation.status,
        headers={**reply.headers, **tags},
        media_type=reply.media_type,
    )
    if operation.method == "GET" and reply.etag is not None and is_unchanged(headers, reply.etag):
        return Reply(status=304, headers=settled.headers)
    return settled


def _problem_reply(problem: ProblemDetails, headers: Mapping[str, str]) -> Reply:
    return Reply(body=problem, status=problem.status, headers=headers, media_type=MEDIA_TYPE)


def _response(reply: Reply, headers: Mapping[str, str]) -> func.HttpResponse:
    body, media_type = reply.body, reply.media_type
    if isinstance(body, BaseModel):
        body, media_type = body.model_dump_json(by_alias=True), media_type or "application/json"
    typed = {} if body is None else {"Content-Type": media_type or "text/plain; charset=utf-8"}
    return func.HttpResponse(body, status_code=reply.status, headers={**headers, **typed, **reply.headers})

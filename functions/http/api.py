"""The shell around every HTTP function: who calls, what was sent, what goes back."""

import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, Unpack, overload

import azure.functions as func
from pydantic import BaseModel

from functions.http import origins
from functions.http.bodies import check_parameters, media_type_of, read_body
from functions.http.etags import entity_tag, is_unchanged
from functions.http.exchange import Body, Reply, Request
from functions.http.operations import Operation, OperationFields, Who
from functions.http.problems import MEDIA_TYPE, ProblemDetails, headers_of, problem_of, unexpected_problem
from functions.http.unmatched import METHODS, UNMATCHED, unmatched
from functions.identity import Caller, Callers
from shared import log, telemetry
from shared.domain.errors import Forbidden, ServiceError, Transient

Model = TypeVar("Model", bound=BaseModel)
Endpoint = Callable[[func.HttpRequest], func.HttpResponse]


Handler = Callable[[Request[Body]], Reply]


def _random_id() -> str:
    return str(uuid.uuid4())


@dataclass(slots=True, kw_only=True)
class Api:
    """Registers operations as Azure functions, and remembers them for the API's description."""

    callers: Callers
    portal_origins: Collection[str] = ()
    limit: Callable[[Caller], None] = lambda _: None
    seen: Callable[[Caller], None] = lambda _: None
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
            return self._publish(blueprint, operation, handler, (operation.method,))

        return register

    def unmatched(self, blueprint: func.Blueprint) -> None:
        """Registers the function that answers what no operation does: OPTIONS, unknown paths and methods."""

        def handler(request: Request[None]) -> Reply:
            return unmatched(request, self.operations, self.portal_origins)

        self._publish(blueprint, UNMATCHED, handler, METHODS)

    def _publish(
        self, blueprint: func.Blueprint, operation: Operation, handler: Handler[Any], methods: Sequence[str]
    ) -> Endpoint:
        """The indexer of Azure takes a plain function with this parameter and these annotations alone."""

        def endpoint(req: func.HttpRequest) -> func.HttpResponse:
            return self._answer(operation, handler, req)

        endpoint.__name__ = operation.name
        endpoint.__doc__ = operation.summary
        route = operation.path.lstrip("/")
        routed = blueprint.route(route=route, methods=methods, auth_level=func.AuthLevel.ANONYMOUS)
        blueprint.function_name(operation.name)(routed(endpoint))
        return endpoint

    def _answer(
        self, operation: Operation, handler: Handler[Any], req: func.HttpRequest
    ) -> func.HttpResponse:
        """Runs one request; whatever goes wrong becomes problem details."""
        request_id, started = self.new_request_id(), time.perf_counter()
        name, kind = f"{req.method} {operation.path}", telemetry.Kind.SERVER
        with (
            log.context(request=request_id, operation=operation.name),
            telemetry.span(name, kind, method=req.method, request=request_id, operation=operation.name),
        ):
            reply = self._reply(operation, handler, req, request_id)
            telemetry.note(status=reply.status or 0)
            if reply.status and reply.status >= 500:
                telemetry.fail(str(reply.status))
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
            method=req.method,
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
        telemetry.note(tenant=caller.tenant)
        self.limit(caller)
        self.seen(caller)
        if operation.who is Who.ADMIN and not caller.is_admin:
            raise Forbidden("adminsOnly", "Only an administrator may do this. Ask one of yours.")
        return caller


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

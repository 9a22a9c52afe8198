"""The ASGI application: one request received, checked, answered, delayed or dropped."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from local.emulators.dataverse import errors
from local.emulators.dataverse.addresses import SERVICE_ROOT
from local.emulators.dataverse.auth import KeysUnavailableError
from local.emulators.dataverse.batch import answer_batch
from local.emulators.dataverse.denials import unauthenticated
from local.emulators.dataverse.exchange import Call, Reply
from local.emulators.dataverse.faults import Action, Fault
from local.emulators.dataverse.journal import Entry, error_code, names_only, told_headers, without_texts
from local.emulators.dataverse.odata.preferences import read_preferences
from local.emulators.dataverse.router import refusal, route
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.site import Post, Site

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LONGEST_URL: Final = 32_768  # "Query data using OData": the most for a GET outside a batch
LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1"})
LARGEST_BODY: Final = 128 * 1024 * 1024


@dataclass(slots=True)
class Arrival:
    """One HTTP request on its way, with the connection that it came by."""

    call: Call
    address: str
    post: Post
    receive: Receive
    transport: asyncio.Transport | None
    scheme: str = "http"
    user: str = ""
    fault: str = ""

    def cut(self) -> None:
        """Ends the connection at once."""
        if self.transport:
            self.transport.abort()


class WebApi:
    """Serves `/api/data/...` of all organizations."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answers one request."""
        arrival = await self._arrival(scope, receive)
        started = time.perf_counter()
        fault = arrival.post.faults.take(arrival.call.method, arrival.address)
        arrival.fault = str(fault.action) if fault else ""
        try:
            reply = await self._answer(arrival, fault)
        except asyncio.CancelledError:  # the emulator ends
            arrival.cut()
            return
        self._note(arrival, reply, time.perf_counter() - started)
        if reply is None:
            arrival.cut()
            await asyncio.sleep(0)  # lets the server notice that the connection has ended
        else:
            await _respond(reply, send)

    async def _arrival(self, scope: Message, receive: Receive) -> Arrival:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _body(receive)
        raw = scope.get("raw_path") or scope["path"].encode()
        path = raw.decode("latin-1").partition("?")[0]
        found = SERVICE_ROOT.match(path)
        call = Call(
            method=scope["method"],
            path=path[found.end() :] if found else path.lstrip("/"),
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=body,
            version=found[1] if found else "",
        )
        post = self.site.post(headers.get("host", ""))
        return Arrival(
            call, path, post, receive, scope.get("state", {}).get("transport"), scheme=scope["scheme"]
        )

    async def _answer(self, arrival: Arrival, fault: Fault | None) -> Reply | None:
        """The answer; None where the connection is to end without one."""
        if fault and fault.action is Action.DROP_BEFORE:
            return None
        if fault and fault.action is Action.STATUS:
            return _fault_reply(fault)
        try:
            reply = await self._admitted(arrival)
        except errors.DataverseError as error:
            reply = refusal(error)
        except KeysUnavailableError as error:
            reply = refusal(errors.DataverseError(503, "", str(error)))
        if fault and fault.action is Action.DELAY:
            await asyncio.sleep(fault.seconds)
        if fault and fault.action is Action.TIMEOUT:
            await arrival.receive()  # ends when the caller gives up
        return None if fault and fault.action in {Action.DROP_AFTER, Action.TIMEOUT} else reply

    async def _admitted(self, arrival: Arrival) -> Reply:
        organization, guard = arrival.post.organization, arrival.post.guard
        call = arrival.call
        if not call.version:
            raise errors.segment_not_found(call.path)
        caller, sender = await self.site.gatekeeper.caller(organization, call.headers)
        user = arrival.user = (sender or caller).id
        guard.enter(user)
        started = time.perf_counter()
        try:
            scope = Scope(
                organization=organization,
                caller=caller,
                root=f"{_own_address(organization.seed.url, arrival)}/api/data/{call.version}",
                preferences=read_preferences(call.headers),
                headers=call.headers,
                real_caller=sender,
            )
            reply = await self._perform(arrival, scope)
        finally:
            guard.leave(user, time.perf_counter() - started)
        # "Send parallel requests" names no request that is answered without the recommendation.
        hint = {"x-ms-dop-hint": str(organization.settings.degree_of_parallelism)}
        for name, value in (hint | guard.headers(user)).items():
            reply.headers.setdefault(name, value)
        return reply

    async def _perform(self, arrival: Arrival, scope: Scope) -> Reply:
        """The work, and what is left then of the time that the service would take for it."""
        began = time.perf_counter()
        try:
            reply = _dispatch(scope, arrival.call)
        except errors.DataverseError as error:
            reply = refusal(error)
        latency = arrival.post.latency
        left = latency.request + latency.record * reply.records - (time.perf_counter() - began)
        if left > 0:
            await asyncio.sleep(left)
        return reply

    def _note(self, arrival: Arrival, reply: Reply | None, elapsed: float) -> None:
        call = arrival.call
        arrival.post.journal.add(
            Entry(
                at=self.site.clock.seconds(),
                method=call.method,
                path=without_texts(arrival.address),
                query=names_only(call.query),
                status=reply.status if reply else 0,
                milliseconds=elapsed * 1000,
                records=reply.records if reply else 0,
                user=arrival.user,
                number=arrival.post.journal.total + 1,
                code=error_code(reply.status, reply.body) if reply else "",
                sent=len(call.body),
                answered=len(reply.body) if reply else 0,
                fault=arrival.fault,
                headers=told_headers(call.headers),
            )
        )


def _dispatch(scope: Scope, call: Call) -> Reply:
    if len(call.body) > LARGEST_BODY:
        raise errors.DataverseError(413, "", "The request body is too large.")
    if call.method == "GET" and len(call.path) + len(call.query) > LONGEST_URL:
        raise errors.url_too_long(LONGEST_URL)
    if call.path.strip("/") in {"$batch", "%24batch"}:
        if call.method != "POST":
            raise errors.no_resource(f"{scope.root}/$batch")
        return answer_batch(scope, call)
    return route(scope, call)


def _own_address(url: str, arrival: Arrival) -> str:
    """What addresses in answers begin with: whoever calls the loopback address gets ones to follow there."""
    host = arrival.call.headers.get("host", "")
    return f"{arrival.scheme}://{host}" if host.partition(":")[0] in LOOPBACK_HOSTS else url


def _fault_reply(fault: Fault) -> Reply:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    error = errors.DataverseError(fault.status, fault.code, fault.message, headers)
    if fault.status == 401:
        error = unauthenticated("Bearer", fault.message)
    return refusal(error)


async def _body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return b"".join(chunks)


async def _respond(reply: Reply, send: Send) -> None:
    headers = {"OData-Version": "4.0", "x-ms-service-request-id": str(uuid4()), **reply.headers}
    if reply.body or reply.status not in {204, 304}:
        headers["Content-Length"] = str(len(reply.body))
    encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": encoded})
    await send({"type": "http.response.body", "body": reply.body})

"""Serves the HTTP functions: an ASGI application that routes as the Functions host does."""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from local.host.admin import Admin
from local.host.answer import Answer, encode_answer
from local.host.invoke import InvocationFailedError, Invoker
from local.host.request import BodyTooLargeError, ClientGoneError, decode_request, read_body
from local.host.routes import Route, decode_path

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

logger = logging.getLogger(__name__)


class HttpHost:
    """The host's HTTP side; create it once the functions are indexed."""

    def __init__(
        self, routes: list[Route], prefix: str, *, invoker: Invoker, body_limit: int, admin: Admin
    ) -> None:
        """Functions answer below `prefix`, which may be empty."""
        self._routes = routes
        self._prefix = f"/{prefix}/".lower() if prefix else "/"
        self._invoker = invoker
        self._body_limit = body_limit
        self._admin = admin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, by the ASGI protocol."""
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope, receive)
        except ClientGoneError:
            logger.info("a client went away before its request was complete: no function ran")
            return
        except BodyTooLargeError:
            answer = Answer(413, headers=[("Connection", "close")])
        await _send(answer, send, head=scope["method"] == "HEAD")

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path = decode_path(scope["raw_path"])
        if path.startswith("/admin/"):
            body = await read_body(scope, receive, self._body_limit)
            return self._admin.answer(scope["method"], path.removeprefix("/admin/"), body)
        if not path.lower().startswith(self._prefix):
            return Answer(404)
        return await self._route(scope, receive, path[len(self._prefix) :])

    async def _route(self, scope: Scope, receive: Receive, path: str) -> Answer:
        method = scope["method"].upper()
        others: set[str] = set()
        for route in self._routes:
            parameters = route.match(path)
            if parameters is None:
                continue
            if route.answers(method):
                return await self._run(route, parameters, scope, receive)
            others |= route.methods
        # A path that only answers browsers' questions about other origins is none that exists.
        if others - {"OPTIONS"}:
            return Answer(405, headers=[("Allow", ", ".join(sorted(others)))])
        return Answer(404)

    async def _run(self, route: Route, parameters: dict[str, str], scope: Scope, receive: Receive) -> Answer:
        body = await read_body(scope, receive, self._body_limit)
        request, trace_parent = decode_request(scope, parameters, body)
        try:
            return await self._invoker.invoke(
                route.function, request, finish=encode_answer, trace_parent=trace_parent
            )
        except InvocationFailedError:
            return Answer(500)


async def _send(answer: Answer, send: Send, *, head: bool) -> None:
    bodyless = answer.status in {204, 304} or answer.status < 200
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if not bodyless:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = b"" if head or bodyless else answer.body
    await send({"type": "http.response.body", "body": body})

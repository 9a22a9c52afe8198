"""What happens to every request before its handler: its ids, its line in the journal, an ordered fault."""

import asyncio
import uuid
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local.emulators.entra.emulator import Emulator
from local.emulators.entra.errors import EntraError, Incident, stamp
from local.emulators.entra.faults import Fault
from local.emulators.entra.handlers.token import refusal
from local.emulators.entra.journal import Entry


class Front:
    """The outermost ASGI application."""

    def __init__(self, app: ASGIApp, emulator: Emulator) -> None:
        """Stand before the application."""
        self._app = app
        self._emulator = emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection of the server."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        incident = self._incident(Headers(scope=scope))
        notes: dict[str, Any] = {}
        scope["state"] = {**scope.get("state", {}), "incident": incident, "notes": notes}
        fault = self._emulator.faults.take() if _is_token_call(scope) else None
        if fault:
            notes["fault"] = "dropped" if fault.dropped else fault.status or "delayed"
            await asyncio.sleep(fault.delay)
        if fault and fault.dropped:
            self._note(scope, 0)
            await _hang_up(receive, send)
            return
        app = _broken(fault, incident) if fault and fault.status else self._app
        await app(scope, receive, self._observed(scope, send))

    def _incident(self, headers: Headers) -> Incident:
        return Incident(
            trace_id=str(uuid.uuid4()),
            correlation_id=headers.get("client-request-id") or str(uuid.uuid4()),
            timestamp=stamp(self._emulator.clock.now()),
        )

    def _observed(self, scope: Scope, send: Send) -> Send:
        incident: Incident = scope["state"]["incident"]

        async def observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-ms-request-id"] = incident.trace_id
                headers["client-request-id"] = incident.correlation_id
                self._note(scope, message["status"])
            await send(message)

        return observed

    def _note(self, scope: Scope, status: int) -> None:
        if scope["path"].startswith("/_emulator/"):
            return
        host = Headers(scope=scope).get("host", "")
        incident: Incident = scope["state"]["incident"]
        notes = scope["state"]["notes"]
        entry = Entry(incident.timestamp, scope["method"], host, scope["path"], status, notes)
        self._emulator.journal.write(entry)


def _is_token_call(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.endswith("/oauth2/v2.0/token")


def _broken(fault: Fault, incident: Incident) -> ASGIApp:
    """An application that only refuses."""
    response = refusal(EntraError(90055 if fault.status == 429 else 90033), incident)
    response.status_code = fault.status or response.status_code
    if response.status_code == 429:
        response.headers["Retry-After"] = "1"
    return response


async def _hang_up(receive: Receive, send: Send) -> None:
    """Close the connection without an answer."""
    # ASGI has no word for this; uvicorn's `send` is a method of an object that holds the transport.
    cycle: Any = getattr(send, "__self__")  # noqa: B009 - a plain attribute of methods, not of callables
    cycle.transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass

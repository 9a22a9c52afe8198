"""The HTTP server: uvicorn with connections that can be cut, a free port on request, a clean end."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LOOPBACK: Final = "127.0.0.1"
CLOSING_SECONDS: Final = 1


@dataclass(frozen=True, slots=True)
class Certificate:
    """The files that the server shows itself with over TLS; some clients refuse plain HTTP."""

    chain: Path
    key: Path


class CuttableProtocol(HttpToolsProtocol):
    """Shows each request its connection, so that a fault can end it without an answer."""

    def on_message_begin(self) -> None:
        """Puts the transport beside the request."""
        super().on_message_begin()
        self.scope["state"]["transport"] = self.transport


class AnnouncingServer(uvicorn.Server):
    """Prints where it listens as soon as it accepts connections."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self.address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, then says so."""
        await super().startup(sockets)
        print(f"listening on {self.address}", flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends on SIGTERM and SIGINT as uvicorn does, without raising the signal again: exit code 0."""
        with super().capture_signals():
            try:
                yield
            finally:
                self._captured_signals.clear()


def listen(port: int) -> socket.socket:
    """A socket on the loopback interface; port 0 takes a free one. OSError where the port is taken."""
    # Named as TCP, for asyncio sends small packets at once (TCP_NODELAY) on such sockets only.
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((LOOPBACK, port))
    return found


def make_server(
    application: Any, bound: socket.socket, certificate: Certificate | None = None
) -> AnnouncingServer:
    """A server for the application on a bound socket, over TLS where it has a certificate."""
    config = uvicorn.Config(
        application,
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=CLOSING_SECONDS,
        ssl_certfile=certificate.chain if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )
    host, port = bound.getsockname()
    return AnnouncingServer(config, f"{'https' if certificate else 'http'}://{host}:{port}")


def serve(application: Any, bound: socket.socket, certificate: Certificate | None = None) -> None:
    """Serves until a signal ends it."""
    asyncio.run(make_server(application, bound, certificate).serve(sockets=[bound]))

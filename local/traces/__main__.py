"""`python -m local.traces`: serves the collector until it is told to end."""

import argparse
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from local.traces.app import application
from local.traces.store import Received


class _Server(uvicorn.Server):
    """A server for which a requested end is an end with code 0."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """End on SIGINT and SIGTERM; uvicorn would raise them again when it is done."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections, and say so."""
        await super().startup(sockets)
        for each in sockets or ():
            print(f"listening on http://127.0.0.1:{each.getsockname()[1]}", flush=True)


def main() -> int:
    """Parse the command line and serve; 2 where the port cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m local.traces", description=__doc__)
    parser.add_argument("--port", type=int, default=4318, help="0 chooses a free one")
    port = parser.parse_args().port
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        print(f"The collector did not start: port {port} cannot be used ({error.strerror}).", file=sys.stderr)
        return 2
    config = uvicorn.Config(
        application(Received()),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    _Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m local.emulators.entra`: serves the emulator until it is told to end."""

import argparse
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from local.emulators.entra.directory import read_world
from local.emulators.entra.emulator import create_emulator
from local.emulators.entra.urls import application


class _Server(uvicorn.Server):
    """A server that says where it listens, and for which a requested end is an end with code 0."""

    address = ""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """End on SIGINT and SIGTERM; uvicorn would raise them again when it is done."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections, and say so."""
        await super().startup(sockets)
        print(f"listening on {self.address}", flush=True)


def main() -> int:
    """Parse the command line and serve; 2 where the world or the port cannot be used."""
    arguments = _arguments()
    try:
        world = read_world(arguments.world)
        listener = _listen(arguments.port)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        world = world.with_redirect_uris(tuple(arguments.redirect_uri))
        emulator = create_emulator(address, world, arguments.state)
    except (OSError, ValueError) as error:
        print(f"The Entra ID emulator did not start: {error}", file=sys.stderr)
        return 2
    config = uvicorn.Config(
        application(emulator),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    server.address = address
    server.run(sockets=[listener])
    return 0


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise OSError(f"port {port} of 127.0.0.1 cannot be used ({error.strerror})") from error
    return listener


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.emulators.entra", description=__doc__)
    parser.add_argument("--port", type=int, default=7073, help="0 chooses a free one")
    parser.add_argument("--world", type=Path, default=Path("local/world.json"), help="who exists")
    parser.add_argument("--state", type=Path, help="folder for keys and consents; nothing is kept without it")
    parser.add_argument(
        "--redirect-uri",
        action="append",
        default=[],
        help="one more address that applications may return to; may be given several times",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

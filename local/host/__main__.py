"""`python -m local.host`: serves function_app.py of the folder it is started in."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import uvicorn

from local.host.host import Host
from local.host.index import load_functions
from local.host.queues import LEASE
from local.host.settings import StartError, read_settings

# How long invocations may go on after the host was told to end.
GRACE_SECONDS = 10
# Kestrel's limit, the web server of the Functions host.
KEEP_ALIVE_SECONDS = 130

_ENDING = (signal.SIGTERM, signal.SIGINT)

logger = logging.getLogger("local.host")


def main() -> int:
    """Serves until SIGTERM or SIGINT; 1 where the app cannot be served."""
    options = _options()
    _set_up_logging()
    # Until the event loop takes the signals over, there is nothing to end in order.
    for number in _ENDING:
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        return asyncio.run(_serve(options))
    except StartError as error:
        sys.stdout.flush()
        sys.stderr.write(f"local.host: {error}\n")
        return 1


class _Server(uvicorn.Server):
    """Leaves signals to this program, which ends functions as well as connections."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            print(f"listening on http://127.0.0.1:{listening.getsockname()[1]}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.host", description=__doc__)
    parser.add_argument("--port", type=int, default=7071, help="0 chooses a free one (default: %(default)s)")
    parser.add_argument("--app", type=Path, default=Path("function_app.py"), help="default: %(default)s")
    parser.add_argument(
        "--lease",
        type=lambda text: timedelta(seconds=float(text)),
        default=LEASE,
        metavar="SECONDS",
        help="how long a received queue message stays hidden, for drills (default: Azure's 600)",
    )
    return parser.parse_args()


def _set_up_logging() -> None:
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    # These log every request that they make, with headers and addresses.
    for noisy in ("azure", "urllib3", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


async def _serve(options: argparse.Namespace) -> int:
    root = options.app.resolve().parent
    settings = read_settings(root, dict(os.environ))
    functions = load_functions(options.app, settings.environment)
    host = Host(functions, settings, lease=options.lease)
    listening = _bind(options.port)
    server = _Server(
        uvicorn.Config(
            host.http,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    stop = _stop_event()
    logger.info(
        "serving %d functions: %s", len(functions), ", ".join(function.name for function in functions)
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    working = asyncio.create_task(host.run())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    host.stop()
    _, unfinished = await asyncio.wait({serving, working}, timeout=GRACE_SECONDS)
    host.close()
    if unfinished:
        _leave_at_once()
    await asyncio.gather(serving, working)
    return 0


def _bind(port: int) -> socket.socket:
    # asyncio turns off Nagle's algorithm, 40 ms an answer, only where a socket names its protocol.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise StartError(
            f"port {port} cannot be used ({error.strerror}): choose another with --port"
        ) from error
    return listening


def _stop_event() -> asyncio.Event:
    stop = asyncio.Event()
    for number in _ENDING:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _leave_at_once() -> None:
    # Python would wait for the threads of functions that do not end.
    logger.warning("functions still ran after %d s: they are cut off", GRACE_SECONDS)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())

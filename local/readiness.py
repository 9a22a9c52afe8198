"""Waits until a part of the stack answers, or says why it will not."""

import http.client
import socket
import time
from urllib.parse import urlsplit

from local.errors import DevError
from local.ports import LOOPBACK
from local.processes import Part, Processes

TIMEOUT_SECONDS = 240.0
_PAUSE_SECONDS = 0.03


def wait_for(part: Part, processes: Processes) -> None:
    """Returns when the part answers; an error where any part ends, or time runs out."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not part.answers():
        processes.refuse_ended()
        if time.monotonic() > deadline:
            raise DevError(
                f"{part.name} does not answer after {TIMEOUT_SECONDS:.0f} s; the last lines of "
                f"{processes.log_of(part.name)}:\n{processes.last_lines(part.name)}"
            )
        time.sleep(_PAUSE_SECONDS)
    processes.refuse_ended()


def accepts(port: int) -> bool:
    """Whether something listens on a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def answers_ok(url: str) -> bool:
    """Whether a GET of a loopback address answers with 200."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()

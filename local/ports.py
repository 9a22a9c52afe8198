"""The ports of one local stack: seven in a row on the loopback interface."""

import random
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from local.errors import DevError

LOOPBACK = "127.0.0.1"
DEFAULT_BASE = 7071
COUNT = 7

# Below the range that Linux and macOS give to outgoing connections.
_STEP = 10
_FREE_BASES = range(20_000, 32_000, _STEP)

_PARTS = {
    "host": "the functions host",
    "portal": "the portal",
    "entra": "the Entra ID emulator",
    "dataverse": "the Dataverse emulator",
    "blob": "Azurite's blobs",
    "queue": "Azurite's queues",
    "table": "Azurite's tables",
}


@dataclass(frozen=True, slots=True)
class Ports:
    """Which part of the stack listens where."""

    host: int
    portal: int
    entra: int
    dataverse: int
    blob: int
    queue: int
    table: int


def from_base(base: int) -> Ports:
    """The seven ports that start with the base."""
    return Ports(*range(base, base + COUNT))


def chosen_base(environment: Mapping[str, str]) -> int:
    """The base in DEV_PORT_BASE, or the default one."""
    text = environment.get("DEV_PORT_BASE") or str(DEFAULT_BASE)
    highest = 65_536 - COUNT
    if not text.isdecimal() or not 1024 <= int(text) <= highest:
        raise DevError(f"DEV_PORT_BASE has to be a number from 1024 to {highest}, not '{text}'.")
    return int(text)


def refuse_taken(ports: Ports) -> None:
    """An error that names the first port which something else holds."""
    for part, port in asdict(ports).items():
        if not is_free(port):
            raise DevError(
                f"port {port}, meant for {_PARTS[part]}, is taken; end what listens there, or move all ports "
                f"with DEV_PORT_BASE, for instance DEV_PORT_BASE={_next_base(ports.host)}."
            )


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        # As servers do: connections that a dead server left waiting do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_ports() -> Ports:
    """Seven ports in a row that are free now, and that no other search finds while this process lives."""
    bases = list(_FREE_BASES)
    random.shuffle(bases)
    for base in bases:
        if all(is_free(port) for port in range(base, base + COUNT)) and _claim(base + _STEP - 1):
            return from_base(base)
    raise DevError(
        f"no {COUNT} free ports in a row from {_FREE_BASES.start} to {_FREE_BASES.stop} on {LOOPBACK}."
    )


def _claim(port: int) -> bool:
    """Holds a port behind the seven for the rest of this process; False where another search has it.

    The parts of a stack start one after another, so that its ports look free for a while.
    """
    claim = socket.socket()
    try:
        claim.bind((LOOPBACK, port))
    except OSError:
        claim.close()
        return False
    claim.detach()
    return True


def _next_base(base: int) -> int:
    return base + 100 if base + 100 + COUNT < 65_536 else DEFAULT_BASE

"""A connected stack whose storage is reached through a door, and whose processes may die."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from local import azurite
from local.callers import loopback_session
from local.ports import Ports, free_ports
from local.stack import Stack, StackOptions, running_stack
from tests.chaos.colleague import Colleague, colleague_of
from tests.chaos.door import OpenDoor, door_before
from tests.chaos.door_orders import DoorScript
from tests.e2e.conversation import Dataverse, Talk, connect

ADMIN = "ada.lindqvist@contoso.example"
READ_SECONDS = 2
"""How long the service waits for an answer of Dynamics; what is to time out takes longer."""

_PATIENCE = 180.0
_SETTINGS = {
    "EXPORT_WINDOW": "4",
    # So short that a worker may outlive its lease, as after a long pause of its process.
    "EXPORT_LEASE_SECONDS": "8",
    "REVIVE_SCHEDULE": "* * * * * *",
    "HTTP_READ_SECONDS": str(READ_SECONDS),
    "LIMIT_REQUESTS_PER_MINUTE": "1000000",
    "LIMIT_USER_REQUESTS_PER_MINUTE": "1000000",
    "LIMIT_RUNNING_EXPORTS": "100",
    "LIMIT_USER_RUNNING_EXPORTS": "100",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What a disturbance can reach."""

    stack: Stack
    door: OpenDoor
    script: DoorScript
    dataverse: Dataverse
    admin: Talk
    colleague: Colleague
    processes: Lock

    def kill_host(self) -> None:
        """The worker dies in the middle of whatever it does, and another one comes."""
        with self.processes:
            self.stack.crash("host")
            self.stack.start("host")

    def restart_storage(self) -> None:
        """The storage account goes away and comes back with what it had."""
        with self.processes:
            self.door.shut()
            self.stack.end("azurite")
            self.stack.start("azurite")
            self.door.reopen()

    def entra(self, method: str, path: str, body: Any = None) -> None:
        """Sets something at the Entra ID emulator."""
        with loopback_session() as session:
            answer = session.request(
                method, f"{self.stack.entra}/_emulator/{path}", json=body, timeout=_PATIENCE
            )
        answer.raise_for_status()


@contextmanager
def open_stage(chunk_size: int = 20) -> Iterator[Stage]:
    """A stage of its own on free ports, its tenant connected; its exports have chunks of so many records."""
    script, ports = DoorScript(), free_ports()
    with tempfile.TemporaryDirectory() as state, door_before(_services(ports), script) as door:
        through = azurite.connection_string(replace(ports, **door.ports))
        options = StackOptions(
            port_base=ports.host,
            persistent=True,
            settings={
                **_SETTINGS,
                "EXPORT_CHUNK_SIZE": str(chunk_size),
                "AzureWebJobsStorage": through,
            },
        )
        with running_stack(Path(state), options) as stack:
            admin = Talk(stack, "contoso", "ada")
            connect(admin, ADMIN)
            dataverse = Dataverse(stack.dataverse)
            yield Stage(stack, door, script, dataverse, admin, colleague_of(stack, dataverse), Lock())


def _services(ports: Ports) -> dict[str, int]:
    return {"blob": ports.blob, "queue": ports.queue, "table": ports.table}

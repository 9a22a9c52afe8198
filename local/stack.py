"""The local stack: what the product needs of Azure, on one machine, for as long as it is wanted."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from local import azurite, parts
from local.callers import caller_token
from local.description import StackDescription, publish, withdraw
from local.ports import Ports, free_ports, from_base, refuse_taken
from local.processes import Part, Processes
from local.readiness import wait_for
from local.state import held
from local.world import World, read_world

ROOT = Path(__file__).resolve().parents[1]
_WATCH_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOptions:
    """How a stack differs from the usual one."""

    port_base: int | None = None  # None: seven free ports
    persistent: bool = False  # whether its content is still there the next time
    metadata: Sequence[Path] = ()  # further tables for the Dataverse emulator
    settings: Mapping[str, str] = field(default_factory=dict)  # of the product, beside the usual ones
    traces: bool = False  # whether a collector shows traces and metrics


class Stack:
    """A running stack, as the programs that started it see it."""

    def __init__(
        self, description: StackDescription, processes: Processes, parts: Mapping[str, Part]
    ) -> None:
        """The parts are started one by one with `start`."""
        self.api = description.api
        self.portal = description.portal
        self.organization_url = description.organization_url
        self.dataverse = description.dataverse
        self.entra = description.entra
        self.storage_connection_string = description.storage_connection_string
        self.demo = description.demo
        self.traces = description.traces
        self._description = description
        self._processes = processes
        self._parts = parts

    @property
    def description(self) -> StackDescription:
        """What stack.json says, with the process ids of now."""
        return replace(self._description, pids={"stack": os.getpid(), **self._processes.pids()})

    def token(self, tenant: str, user: str, *, admin: bool | None = None) -> str:
        """A caller's token; where admin is None the demo world says whether that person is one."""
        return caller_token(self.entra, tenant, user, admin=admin)

    def forget_logs(self) -> None:
        """Removes what the parts printed in an earlier stack."""
        for name in self._parts:
            self._processes.log_of(name).unlink(missing_ok=True)

    def start(self, *names: str) -> None:
        """Starts parts side by side and returns when they all answer."""
        for name in names:
            self._processes.start(self._parts[name])
        for name in names:
            wait_for(self._parts[name], self._processes)

    def end(self, name: str) -> None:
        """Ends a part in good order; `start` brings it back."""
        self._processes.end(name)

    def crash(self, name: str) -> None:
        """Ends a part in the middle of whatever it does; `start` brings it back."""
        self._processes.kill(name)

    def watch(self) -> NoReturn:
        """Stays until a part ends by itself, which is an error."""
        while True:
            self._processes.refuse_ended()
            time.sleep(_WATCH_SECONDS)


@contextmanager
def running_stack(state: Path, options: StackOptions | None = None) -> Iterator[Stack]:
    """A stack that answers until the block is left; logs, and what is to persist, lie in the state folder."""
    options = options or StackOptions()
    with held(state):
        ports = _ports(options.port_base)
        with Processes(state / "logs", ROOT) as processes:
            stack = _stack(parts.Addresses(ports), state, options, processes)
            stack.forget_logs()
            stack.start("azurite", "entra", "dataverse", "portal", *(["traces"] if options.traces else []))
            azurite.create_storage(stack.storage_connection_string, _storage_names())
            stack.start("host")
            publish(stack.description, state)
            try:
                yield stack
            finally:
                withdraw(state)


def _ports(base: int | None) -> Ports:
    if base is None:
        return free_ports()
    ports = from_base(base)
    refuse_taken(ports)
    return ports


def _stack(addresses: parts.Addresses, state: Path, options: StackOptions, processes: Processes) -> Stack:
    world = read_world()
    description = _description(addresses, world, traces=addresses.traces if options.traces else None)
    return Stack(description, processes, _parts(addresses, state, options, world))


def _parts(addresses: parts.Addresses, state: Path, options: StackOptions, world: World) -> dict[str, Part]:
    keep = state if options.persistent else None
    environment = {**os.environ, "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
    settings = parts.product_settings(addresses, world, state / "token-key.json")
    telling = parts.telemetry_settings(addresses) if options.traces else {}
    everything = (
        parts.traces(addresses, environment),
        azurite.azurite(addresses.ports, keep and keep / "azurite", environment),
        parts.entra(addresses, keep and keep / "entra", environment),
        parts.dataverse(addresses, keep and keep / "dataverse", options.metadata, environment),
        parts.portal(addresses, environment),
        parts.host(addresses, {**settings, **telling, **options.settings}, environment),
    )
    return {part.name: part for part in everything}


def _description(addresses: parts.Addresses, world: World, *, traces: str | None) -> StackDescription:
    return StackDescription(
        api=addresses.api,
        portal=addresses.portal,
        organization_url=world.organization_url,
        dataverse=addresses.dataverse,
        entra=addresses.entra,
        storage_connection_string=azurite.connection_string(addresses.ports),
        pids={},
        demo=world.demo,
        traces=traces,
    )


def _storage_names() -> azurite.StorageNames:
    from shared.storage.names import CONTAINERS, QUEUES, TABLES

    return azurite.StorageNames(tables=TABLES, queues=QUEUES, containers=CONTAINERS)

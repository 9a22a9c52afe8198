"""The Dataverse emulator by itself, for other projects: kept or fresh, with tokens or without."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from local import parts
from local.callers import loopback_session
from local.certificates import Certificates, make_certificates
from local.errors import DevError
from local.ports import Ports, free_ports, from_base, is_free
from local.processes import Part, Processes
from local.readiness import accepts, wait_for
from local.stack import ROOT
from local.state import held
from local.world import WORLD_FILE, read_organization

_TIMEOUT_SECONDS = 10
_WATCH_SECONDS = 0.2
_ADMINISTRATOR = "System Administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class AloneOptions:
    """How the emulator is wanted; port 0 takes a free one."""

    port: int
    fresh: bool = False
    anonymous: bool = False
    https: bool = False
    metadata: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Alone:
    """A running emulator and how to reach it; `entra` is empty where no token is asked for."""

    address: str
    entra: str
    organization: str
    directory: str
    client_id: str
    secret: str
    authority: Path | None
    processes: Processes

    def watch(self) -> NoReturn:
        """Stays until a part ends by itself, which is an error."""
        while True:
            self.processes.refuse_ended()
            time.sleep(_WATCH_SECONDS)


@contextmanager
def running_alone(state: Path, options: AloneOptions) -> Iterator[Alone]:
    """The emulator, answering until the block is left; its rows lie in the state folder."""
    folder = state / "emulator"
    with held(folder):
        if options.fresh:
            shutil.rmtree(folder / "dataverse", ignore_errors=True)
        ports = _ports(options)
        certificates = make_certificates(folder / "certificates") if options.https else None
        with Processes(folder / "logs", ROOT) as processes:
            started = _parts(parts.Addresses(ports), folder, options, certificates)
            for part in started:
                processes.log_of(part.name).unlink(missing_ok=True)
                processes.start(part)
            for part in started:
                wait_for(part, processes)
            alone = _described(ports, options, certificates, processes)
            if alone.entra:
                _admit_application(alone)
            yield alone


def _ports(options: AloneOptions) -> Ports:
    if options.port == 0:
        return free_ports()
    ports = replace(from_base(options.port - 3), dataverse=options.port)
    wanted = (ports.dataverse,) if options.anonymous else (ports.dataverse, ports.entra)
    for port in wanted:
        if not is_free(port):
            raise DevError(
                f"port {port} is taken; end what listens there, or choose another with --port. The Entra ID "
                "emulator takes the port below the one that is chosen."
            )
    return ports


def _parts(
    addresses: parts.Addresses, folder: Path, options: AloneOptions, certificates: Certificates | None
) -> list[Part]:
    environment = {**os.environ, "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
    dataverse = parts.dataverse(addresses, folder / "dataverse", options.metadata, environment)
    more: list[str] = []
    if options.anonymous:
        more.append("--anonymous")
    if certificates:
        more += ["--tls-cert", str(certificates.chain), "--tls-key", str(certificates.key)]
    port = addresses.ports.dataverse
    dataverse = replace(dataverse, command=(*dataverse.command, *more), answers=lambda: accepts(port))
    if options.anonymous:
        return [dataverse]
    return [parts.entra(addresses, folder / "entra", environment), dataverse]


def _described(
    ports: Ports, options: AloneOptions, certificates: Certificates | None, processes: Processes
) -> Alone:
    organization = read_organization(WORLD_FILE)
    addresses = parts.Addresses(ports)
    return Alone(
        address=addresses.dataverse.replace("http:", "https:") if certificates else addresses.dataverse,
        entra="" if options.anonymous else addresses.entra,
        organization=organization.url,
        directory=organization.directory,
        client_id=organization.client_id,
        secret=organization.client_secret,
        authority=certificates.authority if certificates else None,
        processes=processes,
    )


def _admit_application(alone: Alone) -> None:
    """Lets the demo application in with its own token, as an administrator would for a service."""
    with loopback_session() as session:
        session.verify = str(alone.authority) if alone.authority else True

        def post(address: str, content: dict[str, Any]) -> None:
            answer = session.post(address, json=content, timeout=_TIMEOUT_SECONDS)
            answer.raise_for_status()

        directory = {"directory": alone.directory}
        post(f"{alone.entra}/_emulator/consent", directory)
        application = {"applicationId": alone.client_id, "name": "Demo application"}
        host = alone.organization.removeprefix("https://")
        users = f"{alone.address}/_emulator/users?organization={host}"
        post(users, {**application, "roles": [_ADMINISTRATOR]})

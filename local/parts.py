"""The parts of the stack that are Python programs: how each is run, wired to the others."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.azurite import connection_string
from local.ports import COUNT, LOOPBACK, Ports
from local.processes import Part
from local.readiness import answers_ok
from local.world import WORLD_FILE, World

_HEALTH = "/_emulator/health"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of one stack are reached."""

    ports: Ports

    @property
    def functions(self) -> str:
        """The functions host."""
        return f"http://{LOOPBACK}:{self.ports.host}"

    @property
    def api(self) -> str:
        """The HTTP API of the product."""
        return f"{self.functions}/api"

    @property
    def entra(self) -> str:
        """The Entra ID emulator."""
        return f"http://{LOOPBACK}:{self.ports.entra}"

    @property
    def dataverse(self) -> str:
        """The Dataverse emulator."""
        return f"http://{LOOPBACK}:{self.ports.dataverse}"

    @property
    def traces(self) -> str:
        """The collector of traces and metrics, which stands behind the others."""
        return f"http://{LOOPBACK}:{self.ports.host + COUNT}"

    @property
    def portal(self) -> str:
        """The web frontend."""
        return f"http://{LOOPBACK}:{self.ports.portal}"

    @property
    def issuer(self) -> str:
        """Who signs callers' tokens."""
        return f"{self.entra}/callers"

    @property
    def portal_origins(self) -> tuple[str, ...]:
        """The origins that a portal on this machine may have."""
        return (
            self.portal,
            f"http://localhost:{self.ports.portal}",
            self.functions,
        )


def entra(addresses: Addresses, folder: Path | None, environment: Mapping[str, str]) -> Part:
    """The Entra ID emulator; without a folder it forgets everything when it ends."""
    options = ["--port", str(addresses.ports.entra), "--world", str(WORLD_FILE)]
    options += ["--redirect-uri", f"{addresses.api}/oauth/callback"]
    options += ["--state", str(folder)] if folder else []
    return _part("entra", "local.emulators.entra", options, environment, addresses.entra + _HEALTH)


def dataverse(
    addresses: Addresses, folder: Path | None, metadata: Sequence[Path], environment: Mapping[str, str]
) -> Part:
    """The Dataverse emulator; without a folder it forgets everything when it ends."""
    options = ["--port", str(addresses.ports.dataverse), "--world", str(WORLD_FILE)]
    options += ["--entra", addresses.entra]
    options += ["--state", str(folder)] if folder else []
    options += [word for file in metadata for word in ("--metadata", str(file))]
    return _part(
        "dataverse", "local.emulators.dataverse", options, environment, addresses.dataverse + _HEALTH
    )


def traces(addresses: Addresses, environment: Mapping[str, str]) -> Part:
    """The collector of traces and metrics; it forgets everything when it ends."""
    port = str(addresses.ports.host + COUNT)
    return _part("traces", "local.traces", ["--port", port], environment, f"{addresses.traces}/health")


def telemetry_settings(addresses: Addresses) -> dict[str, str]:
    """Where the product sends what it tells of itself, soon enough to be looked at."""
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": addresses.traces,
        "OTEL_EXPORTER_OTLP_TIMEOUT": "2",
        "OTEL_BSP_SCHEDULE_DELAY": "500",
        "OTEL_BLRP_SCHEDULE_DELAY": "500",
        "OTEL_METRIC_EXPORT_INTERVAL": "1000",
    }


def portal(addresses: Addresses, environment: Mapping[str, str]) -> Part:
    """The server of the built portal; without a build it says so on its pages."""
    options = ["serve", "--port", str(addresses.ports.portal), "--api", addresses.api]
    options += ["--issuer", addresses.issuer, "--upload", f"http://{LOOPBACK}:{addresses.ports.blob}"]
    return _part("portal", "local.portal", options, environment, f"{addresses.portal}/config.json")


def host(addresses: Addresses, settings: Mapping[str, str], environment: Mapping[str, str]) -> Part:
    """The functions host with the settings of the product."""
    return _part(
        "host",
        "local.host",
        ["--port", str(addresses.ports.host)],
        {**environment, **settings},
        f"{addresses.functions}/admin/host/status",
        f"{addresses.api}/health",
    )


def product_settings(addresses: Addresses, world: World, key_file: Path) -> dict[str, str]:
    """What the product finds in its environment; in Azure the deployment sets the same names."""
    reroute = {"login.microsoftonline.com": addresses.entra, ".dynamics.com": addresses.dataverse}
    return {
        "AzureWebJobsStorage": connection_string(addresses.ports),
        "FUNCTIONS_WORKER_RUNTIME": "python",
        # Lanes and HTTP requests share the worker's threads: the cores plus four are too few for both.
        "PYTHON_THREADPOOL_THREAD_COUNT": "32",
        "API_ISSUER": addresses.issuer,
        "API_AUDIENCE": "dynamics-export-api",
        "API_JWKS_URL": f"{addresses.issuer}/jwks",
        "PUBLIC_API_URL": addresses.api,
        "PORTAL_ORIGINS": ",".join(addresses.portal_origins),
        "ENTRA_CLIENT_ID": world.client_id,
        "ENTRA_CLIENT_SECRET": world.client_secret,
        "TOKEN_KEY_FILE": str(key_file),
        "LOCAL_REROUTE": json.dumps(reroute),
    }


def _part(
    name: str, module: str, options: Sequence[str], environment: Mapping[str, str], *health: str
) -> Part:
    command = (sys.executable, "-m", module, *options)
    return Part(name, command, environment, lambda: all(answers_ok(url) for url in health))

"""The emulator as a process, a callback server, and MSAL's way to both."""

import json
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msal
import pytest
from entra_client import CLIENT, CONTOSO, LOGIN, Entra, end_emulator, start_emulator


class _Callback(BaseHTTPRequestHandler):
    """Answers with the parameters it got."""

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, encoded: str) -> None:
        body = json.dumps(dict(parse_qsl(encoded))).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def callback() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Callback)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/oauth/callback"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def emulator_address() -> Iterator[str]:
    process, address = start_emulator()
    yield address
    end_emulator(process)


@pytest.fixture
def entra(emulator_address: str, callback: str) -> Entra:
    running = Entra(emulator_address, callback)
    running.control("POST", "reset")
    return running


@pytest.fixture
def consented(entra: Entra) -> Entra:
    entra.control("POST", "consent", directory=CONTOSO)
    return entra


@pytest.fixture
def run_emulator() -> Iterator[Callable[..., str]]:
    """Starts emulators of the test's own, and ends the one before each new one."""
    processes: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> str:
        for process in processes:
            end_emulator(process)
        processes.clear()
        process, address = start_emulator(*arguments)
        processes.append(process)
        return address

    yield run
    for process in processes:
        end_emulator(process)


MsalApp = Callable[..., msal.ConfidentialClientApplication]


@pytest.fixture
def msal_app(entra: Entra) -> MsalApp:
    def create(tenant: str = CONTOSO, **options: Any) -> msal.ConfidentialClientApplication:
        return msal.ConfidentialClientApplication(
            CLIENT,
            client_credential=options.pop("secret", "local-development-only"),
            authority=f"{LOGIN}/{tenant}",
            http_client=entra.session(),
            **{"instance_discovery": False} | options,
        )

    return create

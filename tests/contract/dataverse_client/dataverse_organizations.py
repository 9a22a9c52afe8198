"""Organizations to test the client against: the emulator, and one that answers what a test scripts."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from shared.dataverse.client import DataverseClient
from shared.domain.organization import parse_organization_url
from shared.transport import session

CHECKOUT = Path(__file__).resolve().parents[3]
CONTOSO = parse_organization_url("https://contoso.crm4.dynamics.com")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


# People of local/world.json: an administrator, a salesperson, one who is no user there, one who is disabled.
ADA = "0d7f3c1a-52e8-4b96-a4c0-9e18f6b2d301"
DILIP = "30ac6f4d-851b-4ec9-97f3-c14bc9e50604"
EDITH = "41bd705e-962c-4fda-a804-d25cdaf61705"
DIRECTORY = "6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801"


class Signer:
    """Signs access tokens as the directory would; its public key goes to the emulator."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def keys(self) -> bytes:
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return json.dumps({"keys": [{**public, "kid": "test", "use": "sig", "alg": "RS256"}]}).encode()

    def token(self, oid: str) -> str:
        claims = {"tid": DIRECTORY, "aud": CONTOSO.url, "oid": oid, "exp": 4_000_000_000}
        return jwt.encode(claims, self._key, "RS256", headers={"kid": "test"})


@dataclass
class Emulator:
    """The Dataverse emulator's process and its control surface."""

    url: str
    signer: Signer

    def client(self, oid: str = ADA, **options: Any) -> DataverseClient:
        signed = self.signer.token(oid)
        return client_of(self.url, token=lambda _: signed, **options)

    def control(self, path: str, content: Any = None, method: str = "POST") -> Any:
        response = requests.request(method, f"{self.url}/_emulator/{path}", json=content, timeout=60)
        assert response.status_code == 200, response.text
        return response.json()

    def fault(self, **fault: Any) -> None:
        self.control("faults", fault)

    def requests_seen(self) -> list[dict[str, Any]]:
        seen: list[dict[str, Any]] = self.control("journal", method="GET")
        return seen


def token(_fresh: bool) -> str:  # noqa: FBT001 - the client's seam takes it so
    """What the scripted organization and the anonymous emulator accept."""
    return "test-token"


def no_pause(_attempt: int) -> None:
    """Tests wait for nothing."""


def client_of(url: str, **options: Any) -> DataverseClient:
    given = {"clock": lambda: NOW, "pause": no_pause, **options}
    given_token = given.pop("token", token)
    return DataverseClient(session({".dynamics.com": url}, pool_size=4), CONTOSO, given_token, **given)


@dataclass
class Answer:
    """One scripted answer. `cut` sends only so many bytes of the body that was announced.

    `trickle` sends the body byte by byte, with so many seconds between.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: int | None = None
    vanish: bool = False
    trickle: float = 0.0


@dataclass
class Request:
    """What an organization was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]


@dataclass
class Organization:
    """An organization that answers what a test tells it to, for what no emulator would do."""

    url: str
    asked: list[Request]

    def client(self, **options: Any) -> DataverseClient:
        return client_of(self.url, **options)


Play = Callable[..., Organization]


def _pieces(answer: Answer) -> list[bytes]:
    sent = answer.body[: answer.cut]
    return [sent[place : place + 1] for place in range(len(sent))] if answer.trickle else [sent]


@contextmanager
def served(answers: tuple[Answer, ...]) -> Iterator[Organization]:
    asked: list[Request] = []
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65_536  # one packet an answer, or each waits for a delayed acknowledgement

        def _reply(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            asked.append(
                Request(
                    self.command,
                    self.path,
                    dict(self.headers.items()),
                    self.rfile.read(length),
                    self.client_address,
                )
            )
            answer = answers[min(len(asked), len(answers)) - 1]
            if answer.vanish:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            for piece in _pieces(answer):
                self.wfile.write(piece)
                self.wfile.flush()
                stopped.wait(answer.trickle)
            self.close_connection = answer.cut is not None

        do_GET = do_POST = do_PATCH = _reply  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Says nothing: the tests look at `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Organization(f"http://127.0.0.1:{server.server_address[1]}", asked)
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(5)

"""The Dataverse emulator as a process, with a directory of the tests' own that signs tokens."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

ROOT = Path(__file__).parents[3]
WORLD = json.loads((ROOT / "local" / "world.json").read_text(encoding="utf-8"))
CONTOSO, FABRIKAM = WORLD["organizations"]
HOST = CONTOSO["url"].removeprefix("https://")
ADA, BRUNO, CARLA, EDITH = (user["directoryObjectId"] for user in CONTOSO["users"])
DILIP = next(
    user["id"]
    for user in WORLD["directories"][0]["users"]
    if user["enabled"] and user["id"] not in {ADA, BRUNO, CARLA, EDITH}
)
API = "/api/data/v9.2/"
Answer = requests.Response


class Directory:
    """Signs tokens and serves the keys to check them with, as Entra ID does."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key_id = "first"
        self.fetches = 0
        directory = self

        class Keys(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                directory.fetches += 1
                body = json.dumps({"keys": [directory.public_key()]}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def public_key(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return found | {"kid": self.key_id, "use": "sig"}

    def roll(self) -> None:
        """A new key with a new id, as directories do now and then."""
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key_id += "+"

    def token(self, user: str = ADA, **claims: Any) -> str:
        now = int(time.time())
        content = {
            "aud": CONTOSO["url"],
            "tid": CONTOSO["directory"],
            "oid": user,
            "iat": now,
            "exp": now + 3600,
        }
        return jwt.encode(content | claims, self.key, algorithm="RS256", headers={"kid": self.key_id})


class Organization:
    """One caller of one organization; paths are those below the service root."""

    def __init__(self, base: str, token: str | None, host: str = HOST) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.headers["Host"] = host
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        raw = {"data": body} if isinstance(body, bytes) else {"json": body}
        return self.session.request(
            method, self.base + API + path, headers=names, timeout=180, allow_redirects=False, **raw
        )

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("PATCH", path, body, **headers)

    def create(self, entity_set: str, **values: Any) -> str:
        """The id of a new row."""
        answer = self.post(entity_set, values)
        assert answer.status_code == 204, answer.text
        return answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")

    def row(self, entity_set: str, row_id: str, **headers: str) -> dict[str, Any]:
        answer = self.get(f"{entity_set}({row_id})", **headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def rows(self, path: str, **headers: str) -> list[dict[str, Any]]:
        answer = self.get(path, **headers)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["value"]
        return found

    def bulk(self, table: str, action: str, targets: Sequence[dict[str, Any]]) -> Answer:
        kind = {"@odata.type": f"Microsoft.Dynamics.CRM.{table}"}
        path = f"{table}s/Microsoft.Dynamics.CRM.{action}"
        return self.post(path, {"Targets": [target | kind for target in targets]})

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.session.request(method, f"{self.base}/_emulator/{path}", json=body, timeout=180)
        assert answer.status_code < 400, answer.text
        return answer.json()


def error(answer: Answer) -> tuple[int, str]:
    """The status and the code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]


@contextmanager
def running(*options: str | Path) -> Iterator[str]:
    """The address of an emulator that runs as long as the block."""
    command = [sys.executable, "-m", "local.emulators.dataverse", "--port", "0", *map(str, options)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line.startswith(("listening on http://127.0.0.1:", "listening on https://127.0.0.1:")), (
                line
            )
            yield line.split()[-1]
        finally:
            process.terminate()
            assert process.wait(120) == 0

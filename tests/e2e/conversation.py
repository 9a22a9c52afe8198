"""A caller's conversation with the API, and what the emulators know afterwards."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
import requests

from local.sign_in import confirmation_of, sign_in
from local.stack import Stack

NDJSON = "application/x-ndjson"
CSV = "text/csv"
_PATIENCE = 180.0
_KEPT_SECONDS = 60


@dataclass(frozen=True)
class Talk:
    """One person's view of the API."""

    stack: Stack
    tenant: str
    user: str

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        answer = self._send(method, path, **options)
        if answer.status_code == 401:  # the token that was kept is worth nothing any more
            _kept_token.cache_clear()
            answer = self._send(method, path, **options)
        return answer

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token()}", **options.pop("headers", {})}
        return requests.request(
            method, f"{self.stack.api}{path}", headers=headers, timeout=_PATIENCE, **options
        )

    def get(self, path: str, **options: Any) -> Any:
        answer = self.call("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def start(self, object_type: str, records: list[Any], **options: Any) -> str:
        body = b"\n".join(orjson.dumps(record) for record in records)
        return self.start_file(object_type, body, NDJSON, **options)

    def start_file(self, object_type: str, body: bytes, media_type: str, **options: Any) -> str:
        params = {"object": object_type, "again": "true", **options.pop("params", {})}
        headers = {"Content-Type": media_type, **options.pop("headers", {})}
        answer = self.call("POST", "/exports", params=params, data=body, headers=headers, **options)
        assert answer.status_code == 202, answer.text
        assert answer.headers["Location"].endswith(answer.json()["id"])
        return str(answer.json()["id"])

    def wait(self, export_id: str, patience: float = _PATIENCE, *, pause: float = 0.1) -> dict[str, Any]:
        """The export once it has ended; it is looked at after each pause."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            export: dict[str, Any] = self.get(f"/exports/{export_id}")
            if export["endedAt"]:
                return export
            time.sleep(pause)
        raise AssertionError(f"the export did not end in {patience} s: {export}")

    def export(self, object_type: str, records: list[Any], **options: Any) -> dict[str, Any]:
        return self.wait(self.start(object_type, records, **options))

    def outcomes(self, export_id: str, **params: Any) -> list[dict[str, Any]]:
        """All of them, page by page."""
        items: list[dict[str, Any]] = []
        token = None
        while True:
            page = self.get(f"/exports/{export_id}/records", params={**params, "next": token})
            items += page["items"]
            token = page["next"]
            if token is None:
                return items

    def _token(self) -> str:
        return _kept_token(self.stack, self.tenant, self.user, int(time.monotonic() / _KEPT_SECONDS))


@lru_cache
def _kept_token(stack: Stack, tenant: str, user: str, period: int) -> str:
    """A token for a period: a new one for each of many small requests takes as long as they do."""
    return stack.token(tenant, user)


def connect(admin: Talk, email: str) -> None:
    """Connects the tenant through the real flow, and switches the integration on for everybody."""
    organization = next(
        tenant["organizationUrl"] for tenant in admin.stack.demo["tenants"] if tenant["id"] == admin.tenant
    )
    started = admin.call("POST", "/connection", json={"organizationUrl": organization})
    assert started.status_code == 201, started.text
    ended = sign_in(started.json()["authorizationUrl"], email)
    assert ended.status_code == 200, ended.text
    confirm(admin, ended.text)
    switched = admin.call("PUT", "/access", json={"enabled": True, "users": "all"}, headers={"If-Match": "*"})
    assert switched.status_code == 200, switched.text


def confirm(person: Talk, page: str) -> None:
    """Completes a sign-in as the window that opened it would, where the page at its end asks for that."""
    code = confirmation_of(page)
    if code is not None:
        answer = person.call("POST", "/connection/confirm", json={"confirmation": code})
        assert answer.status_code == 200, answer.text


@dataclass(frozen=True)
class Dataverse:
    """The control surface of the Dataverse emulator, for the first organization."""

    address: str

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.address}/_emulator/{path}", json=body, timeout=_PATIENCE)
        assert answer.ok, answer.text
        return answer.json()

    def rows(self, table: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.control("GET", f"rows/{table}")["rows"]
        return rows

    def fault(self, **fault: Any) -> None:
        self.control("POST", "faults", fault)

    def seed(self, table: str, *rows: dict[str, Any]) -> list[str]:
        ids: list[str] = self.control("POST", f"rows/{table}", list(rows))["ids"]
        return ids

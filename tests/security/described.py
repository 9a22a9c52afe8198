"""The operations of the served description, and a request that each of them takes."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import requests

from local.callers import loopback_session

_PATIENCE = 180
_WHO = {"For anybody": "anybody", "For every user": "user", "For administrators": "admin"}
_USUAL = {"object": "lead", "version": "1", "position": "1", "id": "998232000000000-0a1b2c3d4e5f"}
# What an example would do to the tenant that the other tests need.
_HARMLESS: dict[str, Any] = {
    "deleteTenant": {"confirm": "another"},
    "putAccess": {"enabled": True, "users": ["bruno"]},
}


@dataclass(frozen=True)
class Operation:
    """One method of one path, as the description has it."""

    id: str
    method: str
    path: str
    who: str
    parameters: tuple[str, ...]
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def at(self, **values: str) -> str:
        """The path with its parameters filled in."""
        return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], _USUAL[match[1]]), self.path)


@cache
def operations(api: str) -> tuple[Operation, ...]:
    """Every operation that is served."""
    with loopback_session() as session:
        document = session.get(f"{api}/openapi.json", timeout=_PATIENCE).json()
    return tuple(
        _operation(method.upper(), path, described)
        for path, item in document["paths"].items()
        for method, described in item.items()
    )


def _operation(method: str, path: str, described: dict[str, Any]) -> Operation:
    content = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = described["operationId"]
    needed = {each["name"] for each in described["parameters"] if each["required"] and each["in"] == "header"}
    return Operation(
        id=name,
        method=method,
        path=path,
        who=next(who for words, who in _WHO.items() if words in described["description"]),
        parameters=tuple(re.findall(r"\{(\w+)\}", path)),
        body=_HARMLESS.get(name, _without_return(content.get("example"))),
        headers={"If-Match": "*"} if "If-Match" in needed else {},
    )


def _without_return(example: Any) -> Any:
    """An example's portal is not this stack's."""
    if not isinstance(example, dict):
        return example
    return {name: value for name, value in example.items() if name != "returnUrl"}


def send(
    api: str, operation: Operation, path: str | None = None, *, token: str | None = None, **options: Any
) -> requests.Response:
    """Sends the operation's own example, or what the options say instead."""
    headers = {**operation.headers, **options.pop("headers", {})}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    if operation.body is not None and not options.keys() & {"json", "data"}:
        options["json"] = operation.body
    with loopback_session() as session:
        return session.request(
            options.pop("method", operation.method),
            api + (path or operation.at()),
            headers=headers,
            timeout=_PATIENCE,
            allow_redirects=False,
            **options,
        )

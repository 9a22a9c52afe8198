"""Calls the real functions of blueprints, found by method and path as the Functions host would."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import azure.functions as func  # noqa: TID251 - it calls functions as the Functions host does


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def codes(self) -> list[str]:
        return [error["code"] for error in self.json["errors"]]


@dataclass(frozen=True)
class Route:
    """One function of the index."""

    name: str
    method: str
    path: str
    call: Callable[[func.HttpRequest], func.HttpResponse]


class Site:
    """The HTTP functions of some blueprints, or of a whole app."""

    def __init__(self, *blueprints: func.Blueprint, app: func.FunctionApp | None = None) -> None:
        indexed = app or func.FunctionApp()
        for blueprint in blueprints:
            indexed.register_functions(blueprint)
        functions = sorted(indexed.get_functions(), key=lambda each: each.get_function_name().upper())
        self.routes = [route for function in functions for route in _routes(function)]

    def call(
        self, method: str, url: str, *, token: str | None = None, body: Any = None, **headers: str
    ) -> Answer:
        """`body` is sent as it is when it is bytes, else as JSON; `If_Match="*"` names a header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        parts = urlsplit(url)
        route, values = self._find(method, parts.path)
        request = func.HttpRequest(
            method,
            f"http://localhost/api{url}",
            headers=sent,
            params=dict(parse_qsl(parts.query)),
            route_params=values,
            body=body or b"",
        )
        response = route.call(request)
        return Answer(response.status_code, dict(response.headers), response.get_body())

    def _find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        for route in self.routes:
            pattern = re.sub(r"\{\*(\w+)\}", r"(?P<\1>.*)", route.path)
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
            if route.method == method and (found := re.fullmatch(pattern, path.lstrip("/"), re.IGNORECASE)):
                return route, found.groupdict()
        raise LookupError(f"no function for {method} {path}")


def _routes(function: Any) -> list[Route]:
    trigger = function.get_trigger().get_dict_repr()
    if trigger["type"] != "httpTrigger":
        return []
    return [
        Route(function.get_function_name(), method.value, trigger["route"], function.get_user_function())
        for method in trigger["methods"]
    ]

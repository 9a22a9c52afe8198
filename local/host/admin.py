"""The host's own pages under /admin: its state, its functions, and running one of them by hand."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.host.answer import Answer
from local.host.function import Function, HttpTrigger

# Starts a function with the given input, in the background.
Start = Callable[[Function, str], None]


class Admin:
    """What Azure Functions' admin API offers a developer; no keys are needed on one machine."""

    def __init__(self, functions: Sequence[Function], bundle: Mapping[str, str], start: Start) -> None:
        """`start` is called for queue and timer functions only."""
        self._functions = {function.name.lower(): function for function in functions}
        self._bundle = dict(bundle)
        self._start = start
        self._since = time.monotonic()

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """The answer to a request for `/admin/` + `path`."""
        match method, path.strip("/").lower().split("/"):
            case "GET", ["host", "status"]:
                return _json(self._status())
            case "GET" | "POST", ["host", "ping"]:
                return Answer(200)
            case "GET", ["functions"]:
                return _json([_description(function) for function in self._functions.values()])
            case "GET", ["functions", name] if name in self._functions:
                return _json(_description(self._functions[name]))
            case "POST", ["functions", name] if name in self._functions:
                return self._run(self._functions[name], body)
        return Answer(404)

    def _status(self) -> dict[str, Any]:
        return {
            "id": "localhost",
            "state": "Running",
            "version": "4.0.0.0",
            "versionDetails": "local.host",
            "processUptime": int((time.monotonic() - self._since) * 1000),
            "functionAppContentEditingState": "NotAllowed",
            "extensionBundle": self._bundle,
        }

    def _run(self, function: Function, body: bytes) -> Answer:
        try:
            text = json.loads(body or b"{}").get("input") or ""
        except (ValueError, AttributeError):
            return _json({"message": 'the body must be JSON: {"input": "..."}'}, status=400)
        if isinstance(function.trigger, HttpTrigger):
            return _json({"message": "call an HTTP function by its own address"}, status=400)
        self._start(function, text if isinstance(text, str) else json.dumps(text))
        return Answer(202)


def _description(function: Function) -> dict[str, Any]:
    return {
        "name": function.name,
        "language": "python",
        "isDisabled": False,
        "config": {"name": function.name, "bindings": list(function.bindings)},
    }


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, [("Content-Type", "application/json; charset=utf-8")], json.dumps(value).encode())

"""Indexes and runs the app in the current folder with Azure's own worker library.

It reads a JSON list of runs and writes JSON: what the worker indexed, and what each run gave.
A run is {"function": name, "http": {...}} or {"function": name, "queue": text}.
"""

import asyncio
import json
import os
import sys
from types import SimpleNamespace
from typing import Any

from azure_functions_runtime import (
    functions_metadata_request,
    start_threadpool_executor,
    stop_threadpool_executor,
    worker_init_request,
)
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.native_invocation import invocation_request_native


class _Message(SimpleNamespace):
    """Stands for any protobuf message: it only holds what it is given."""


class _Status(_Message):
    Success, Failure = "success", "failure"


class _Binding(_Message):
    # The numbers of FunctionRpc.proto.
    undefined = 0
    out = 1
    inout = 2


_PROTOS = SimpleNamespace(
    BindingInfo=_Binding,
    FunctionMetadataResponse=_Message,
    RpcException=_Message,
    RpcFunctionMetadata=_Message,
    StatusResult=_Status,
    WorkerInitResponse=_Message,
    WorkerMetadata=_Message,
)


async def main() -> None:
    runs = json.load(sys.stdin)
    start_threadpool_executor()
    functions = await _index()
    ids = {function.name: function.function_id for function in functions}
    result = {
        "functions": {
            function.name: [json.loads(raw) for raw in function.raw_bindings] for function in functions
        },
        "runs": [await _run(ids[run["function"]], _parameter(functions, run), run) for run in runs],
    }
    stop_threadpool_executor()
    sys.stdout.write("\n" + json.dumps(result))


async def _index() -> list[Any]:
    init = SimpleNamespace(capabilities={}, function_app_directory=os.getcwd())  # noqa: PTH109 - as the host does
    request = SimpleNamespace(
        request=SimpleNamespace(worker_init_request=init), properties={"host": "127.0.0.1", "protos": _PROTOS}
    )
    answer = await worker_init_request(request)
    if answer.result.status != _Status.Success:
        sys.exit(answer.result.exception.message)
    return (await functions_metadata_request(request)).function_metadata_results or []


def _parameter(functions: list[Any], run: dict[str, Any]) -> str:
    (function,) = [function for function in functions if function.name == run["function"]]
    bindings = [json.loads(raw) for raw in function.raw_bindings]
    return next(binding["name"] for binding in bindings if binding["type"].endswith("Trigger"))


async def _run(function_id: str, parameter: str, run: dict[str, Any]) -> dict[str, Any]:
    trigger, metadata = _http(run["http"]) if "http" in run else _queue(run["queue"])
    ok, returned, _, error, _ = await invocation_request_native(
        "00000000-0000-4000-8000-000000000000", function_id, [(parameter, trigger)], metadata
    )
    return {"ok": ok, "error": error, "answer": _answer(returned) if ok and returned else None}


def _http(request: dict[str, Any]) -> tuple[Datum, dict[str, Datum]]:
    def texts(name: str) -> dict[str, Datum]:
        return {key: Datum(value, "string") for key, value in request.get(name, {}).items()}

    value = {
        "method": Datum(request.get("method", "GET"), "string"),
        "url": Datum(request["url"], "string"),
        "headers": texts("headers"),
        "query": texts("query"),
        "params": texts("params"),
        "body": Datum(request.get("body", "").encode(), "bytes"),
    }
    return Datum(value, "http"), {}


def _queue(text: str) -> tuple[Datum, dict[str, Datum]]:
    return Datum(text, "string"), {
        "Id": Datum("1", "string"),
        "DequeueCount": Datum(2, "int"),
        "InsertionTime": Datum("2026-11-24T00:00:00+00:00", "string"),
    }


def _answer(datum: Any) -> dict[str, Any]:
    if datum.type == "string":
        return {"status": 200, "body": datum.value}
    parts = datum.value
    cookies = [morsel.OutputString() for cookie in parts["cookies"] or () for morsel in cookie.values()]
    return {
        "status": int(parts["status_code"].value),
        "headers": {name.lower(): value.value for name, value in parts["headers"].items()},
        "cookies": cookies,
        "body": parts["body"].value.decode("latin-1"),
    }


if __name__ == "__main__":
    asyncio.run(main())

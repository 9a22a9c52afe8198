"""Loads function_app.py, unchanged, and lists the functions in it."""

import importlib
import inspect
import json
import logging
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import azure.functions as func

from local.host.function import Function, HttpTrigger, QueueTrigger, TimerTrigger, Trigger
from local.host.routes import check_routes
from local.host.settings import StartError, resolve
from local.host.signature import check_signature, wants_context

logger = logging.getLogger(__name__)

# The host's own rule for names: a letter, then up to 127 letters, digits, underscores and dashes.
_NAME = re.compile(r"[A-Za-z][\w-]{0,127}", re.ASCII)


def load_functions(script: Path, environment: Mapping[str, str]) -> list[Function]:
    """The functions of the app in `script`, in the order in which the host tries their routes."""
    app = _find_app(_import_script(script), script.name)
    try:
        indexed = app.get_functions()
    except ValueError as error:
        raise StartError(f"{script.name} cannot be indexed: {error}") from error
    functions = [_describe(entry, environment) for entry in indexed]
    # Azure/azure-functions-host, FunctionMetadataManager: functions are ordered by name, whatever their case.
    functions.sort(key=lambda function: function.name.upper())
    check_routes(functions)
    return functions


def _import_script(script: Path) -> ModuleType:
    if not script.is_file():
        raise StartError(f"there is no {script.name} in {script.parent}: start the host in the app's folder")
    folder = str(script.parent.resolve())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        return importlib.import_module(script.stem)
    except Exception as error:
        logger.exception("%s cannot be imported", script.name)
        what = f"{type(error).__name__}: {error}"
        raise StartError(f"{script.name} cannot be imported ({what}); the traceback is above") from error


def _find_app(module: ModuleType, script: str) -> func.FunctionRegister:
    apps = [value for value in vars(module).values() if isinstance(value, func.FunctionRegister)]
    if not apps:
        raise StartError(f"{script} has no FunctionApp: give it one at the top level")
    if len(apps) > 1:
        raise StartError(f"{script} has {len(apps)} names for function apps: Azure accepts exactly one")
    return apps[0]


def _describe(entry: Any, environment: Mapping[str, str]) -> Function:
    name = str(entry.get_function_name())
    if not _NAME.fullmatch(name):
        raise StartError(
            f"the function name {name!r} is not allowed: letters, digits, _ and - after a letter"
        )
    call = entry.get_user_function()
    check_signature(name, call, entry.get_bindings())
    binding = json.loads(json.dumps(entry.get_trigger().get_dict_repr(), default=str))
    return Function(
        name=name,
        call=call,
        trigger=_trigger(name, binding, environment),
        parameter=binding["name"],
        directory=Path(inspect.getfile(inspect.unwrap(call))).parent,
        is_async=inspect.iscoroutinefunction(call),
        wants_context=wants_context(call, entry.get_bindings()),
        returns_response=any(other.name == "$return" for other in entry.get_bindings()),
        bindings=tuple(json.loads(raw) for raw in entry.get_raw_bindings()),
    )


def _trigger(name: str, binding: Mapping[str, Any], environment: Mapping[str, str]) -> Trigger:
    def setting(key: str) -> str:
        return resolve(str(binding.get(key) or ""), environment, f"the {key} of function {name}")

    match binding["type"]:
        case "httpTrigger":
            methods = frozenset(str(method).upper() for method in binding.get("methods") or ())
            return HttpTrigger(route=setting("route").strip("/") or name, methods=methods)
        case "queueTrigger":
            return QueueTrigger(queue=setting("queueName"), connection=str(binding.get("connection") or ""))
        case "timerTrigger":
            return TimerTrigger(
                schedule=setting("schedule"),
                run_on_startup=bool(binding.get("runOnStartup")),
                use_monitor=binding.get("useMonitor") is not False,
            )
        case other:
            raise StartError(
                f"function {name} has the trigger {other}, which the local host does not serve: "
                "it serves HTTP, queue and timer triggers"
            )

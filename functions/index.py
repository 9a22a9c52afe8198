"""Every function as Azure is told of it at start; what it does is loaded when one of them is first called.

An idle app is started for each call that finds none running, so its start takes no more than this list.
"""

import gc
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import azure.functions as func

from shared.settings import read_settings
from shared.storage.names import Queue
from shared.storage.once import Once

_STORAGE = "AzureWebJobsStorage"
_POISON = "-poison"

OPERATIONS = {
    "get_connection": "GET /connection",
    "post_connection_test": "POST /connection/test",
    "post_connection": "POST /connection",
    "delete_connection": "DELETE /connection",
    "post_connection_consent": "POST /connection/consent",
    "post_connection_confirm": "POST /connection/confirm",
    "get_access": "GET /access",
    "put_access": "PUT /access",
    "get_own_connection": "GET /me/connection",
    "post_own_connection": "POST /me/connection",
    "delete_own_connection": "DELETE /me/connection",
    "get_oauth_callback": "GET /oauth/callback",
    "get_oauth_approval": "GET /oauth/approval",
    "get_oauth_waiting": "GET /oauth/waiting",
    "get_preferences": "GET /preferences",
    "put_preferences": "PUT /preferences",
    "get_vendor_fields": "GET /fields/vendor/{object}",
    "get_dynamics_fields": "GET /fields/dynamics/{object}",
    "get_mapping": "GET /mappings/{object}",
    "put_mapping": "PUT /mappings/{object}",
    "delete_mapping": "DELETE /mappings/{object}",
    "verify_mapping": "POST /mappings/{object}/verify",
    "preview_mapping": "POST /mappings/{object}/preview",
    "get_mapping_suggestions": "GET /mappings/{object}/suggestions",
    "get_mapping_versions": "GET /mappings/{object}/versions",
    "get_mapping_version": "GET /mappings/{object}/versions/{version}",
    "restore_mapping_version": "POST /mappings/{object}/versions/{version}/restore",
    "get_mapping_file": "GET /mappings/{object}/file",
    "import_mapping": "POST /mappings/{object}/import",
    "post_exports": "POST /exports",
    "post_uploads": "POST /exports/uploads",
    "get_exports": "GET /exports",
    "get_export": "GET /exports/{id}",
    "get_export_records": "GET /exports/{id}/records",
    "get_export_results": "GET /exports/{id}/results.csv",
    "post_export_cancel": "POST /exports/{id}/cancel",
    "post_export_pause": "POST /exports/{id}/pause",
    "post_export_resume": "POST /exports/{id}/resume",
    "post_export_retry": "POST /exports/{id}/retry",
    "post_export_undo": "POST /exports/{id}/undo",
    "get_export_record_candidates": "GET /exports/{id}/records/{position}/candidates",
    "post_export_record_choose": "POST /exports/{id}/records/{position}/choose",
    "get_users": "GET /users",
    "get_audit": "GET /audit",
    "get_audit_verification": "GET /audit/verification",
    "post_erasure": "POST /erasure",
    "get_erasure": "GET /erasure/{id}",
    "delete_tenant": "DELETE /tenant",
    "get_limits": "GET /limits",
    "get_health": "GET /health",
    "get_openapi": "GET /openapi.json",
    "get_docs": "GET /docs",
    "zz_unmatched": "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT /{*path}",
}
QUEUES = {
    "split_export": Queue.SPLIT.value,
    "split_export_poison": Queue.SPLIT + _POISON,
    "write_chunk": Queue.WRITE.value,
    "write_chunk_poison": Queue.WRITE + _POISON,
    "erase": Queue.ERASURE.value,
    "erase_poison": Queue.ERASURE + _POISON,
}

_NEW_OBJECTS = 20_000
"""After so many, garbage is looked for; by default after 2,000, which one chunk has, and none is garbage."""

_Loaded = Callable[[], Mapping[str, Callable[..., Any]]]


def index(environ: Mapping[str, str]) -> func.FunctionApp:
    """The list as Azure takes it. SettingsRefused names all that is wrong with the environment."""
    settings = read_settings(environ)
    loaded = Once(partial(_load, environ))
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    for name, operation in OPERATIONS.items():
        methods, _, route = operation.partition(" /")
        routed = app.route(route=route, methods=methods.split(","), auth_level=func.AuthLevel.ANONYMOUS)
        app.function_name(name)(routed(_answering(name, loaded)))
    for name, queue in QUEUES.items():
        triggered = app.queue_trigger(arg_name="message", queue_name=queue, connection=_STORAGE)
        app.function_name(name)(triggered(_taking(name, loaded)))
    schedules = {
        "revive_exports": settings.revive_schedule,
        "forget_old_exports": settings.retention_schedule,
        "watch_service": settings.watch_schedule,
        "forget_sign_ins": settings.watch_schedule,
    }
    for name, schedule in schedules.items():
        timed = app.timer_trigger(arg_name="timer", schedule=schedule)
        app.function_name(name)(timed(_ticking(name, loaded)))
    return app


def _load(environ: Mapping[str, str]) -> dict[str, Callable[..., Any]]:
    gc.set_threshold(_NEW_OBJECTS)
    from functions.bootstrap import build_app
    from shared.heap import one_heap

    one_heap()
    functions = build_app(environ).get_functions()
    gc.freeze()  # what is loaded stays: no search for garbage looks at it again
    return {str(each.get_function_name()): each.get_user_function() for each in functions}


# The indexer of Azure looks at the names and the annotations of the parameters.


def _answering(name: str, loaded: _Loaded) -> Callable[[func.HttpRequest, func.Context], func.HttpResponse]:
    def answer(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        with _invocation(context):
            response: func.HttpResponse = loaded()[name](req)
        return response

    return answer


def _taking(name: str, loaded: _Loaded) -> Callable[[func.QueueMessage, func.Context], None]:
    def take(message: func.QueueMessage, context: func.Context) -> None:
        with _invocation(context):
            loaded()[name](message)

    return take


def _ticking(name: str, loaded: _Loaded) -> Callable[[func.TimerRequest], None]:
    def tick(timer: func.TimerRequest) -> None:
        loaded()[name](timer)

    return tick


def _invocation(context: func.Context) -> AbstractContextManager[None]:
    """The host tells its own trace only so: it runs synchronous functions outside of it."""
    from shared import telemetry

    return telemetry.arrived(str(context.trace_context.trace_parent or ""))

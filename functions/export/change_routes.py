"""The HTTP operations that change exports after their start."""

from dataclasses import dataclass

import azure.functions as func

from functions.export.history import ExportHistory, Seen
from functions.export.payloads import ExportPayload, UndoRequest
from functions.export.service import ExportService
from functions.export.stopping import Stopping
from functions.export.undo.service import UndoService
from functions.http import Api, Parameter, Reply, Request, Who
from shared.domain.errors import Conflict, Forbidden, NeedsUser, NotFound
from shared.domain.exports import Export

_LOCATION = Parameter("Location", "Where the export is to be followed.", example="/api/exports/…")


@dataclass(frozen=True, slots=True)
class Changes:
    """The use cases behind these operations."""

    service: ExportService
    stopping: Stopping
    undo: UndoService
    history: ExportHistory


def blueprint(api: Api, changes: Changes) -> func.Blueprint:
    """Stopping exports, letting them go on, repeating them and taking them back."""
    routes = func.Blueprint()
    _register_stopping(routes, api, changes.stopping, changes.history)
    _register_new_exports(routes, api, changes.service, changes.undo)
    return routes


def _register_stopping(routes: func.Blueprint, api: Api, stopping: Stopping, history: ExportHistory) -> None:
    def now(request: Request[None]) -> Reply:
        return Reply(body=ExportPayload.of(history.get(request.caller, request.route["id"])))

    @api.operation(
        routes,
        name="post_export_cancel",
        method="POST",
        path="/exports/{id}/cancel",
        tag="Exports",
        who=Who.USER,
        summary="End an export early",
        description="Takes effect between two requests to Dynamics; what was not written by then is skipped.",
        answer=ExportPayload,
        errors=(NotFound, Conflict),
    )
    def post_export_cancel(request: Request[None]) -> Reply:
        stopping.cancel(request.caller, request.route["id"])
        return now(request)

    @api.operation(
        routes,
        name="post_export_pause",
        method="POST",
        path="/exports/{id}/pause",
        tag="Exports",
        who=Who.USER,
        summary="Hold an export up",
        description="Takes effect between two requests to Dynamics. Its state stays, and `paused` is true.",
        answer=ExportPayload,
        errors=(NotFound, Conflict),
    )
    def post_export_pause(request: Request[None]) -> Reply:
        stopping.pause(request.caller, request.route["id"])
        return now(request)

    @api.operation(
        routes,
        name="post_export_resume",
        method="POST",
        path="/exports/{id}/resume",
        tag="Exports",
        who=Who.USER,
        summary="Let an export go on",
        description="After a pause, or as soon as what it waits for (`waitingFor`) has been put right.",
        answer=ExportPayload,
        errors=(NotFound, Conflict),
    )
    def post_export_resume(request: Request[None]) -> Reply:
        stopping.resume(request.caller, request.route["id"])
        return now(request)


def _register_new_exports(
    routes: func.Blueprint, api: Api, service: ExportService, undo: UndoService
) -> None:
    @api.operation(
        routes,
        name="post_export_retry",
        method="POST",
        path="/exports/{id}/retry",
        tag="Exports",
        who=Who.USER,
        summary="Export the failed records again, as a new export",
        description="Of an undo or a dry run, the new one is an undo or a dry run as well.",
        answer=ExportPayload,
        status=202,
        answer_headers=(_LOCATION,),
        errors=(NotFound, Conflict, Forbidden, NeedsUser),
    )
    def post_export_retry(request: Request[None]) -> Reply:
        return _queued(service, service.retry(request.caller, request.route["id"]))

    @api.operation(
        routes,
        name="post_export_undo",
        method="POST",
        path="/exports/{id}/undo",
        tag="Exports",
        who=Who.USER,
        summary="Take back what an export changed, as a new export",
        description="Puts the values back that the export replaced, and deletes the records that it created. "
        "What somebody changed since stays as it is, and so does a record on which something hangs. "
        "With `dryRun` it only tells, record by record.",
        body=UndoRequest,
        answer=ExportPayload,
        status=202,
        answer_headers=(_LOCATION,),
        errors=(NotFound, Conflict, Forbidden, NeedsUser),
    )
    def post_export_undo(request: Request[UndoRequest]) -> Reply:
        accepted = undo.undo(request.caller, request.route["id"], dry_run=request.body.dry_run)
        return _queued(service, accepted)


def _queued(service: ExportService, export: Export) -> Reply:
    service.queue(export)
    return Reply(
        body=ExportPayload.of(Seen.of_new(export)), headers={"Location": f"/api/exports/{export.id}"}
    )

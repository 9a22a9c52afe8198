"""The HTTP operations that start exports and show them."""

import re

import azure.functions as func

from functions.export.history import ExportHistory, Seen
from functions.export.orders import MOST_UNPACKED, Order
from functions.export.payloads import (
    ExportPayload,
    ExportRequest,
    RecordPayload,
    UploadPayload,
    order_of_file,
    wanted_exports,
)
from functions.export.reading import CSV, NDJSON
from functions.export.results import MOST_IN_AN_ANSWER, Results
from functions.export.service import ExportService
from functions.http import MEBIBYTE, NEXT, Api, Page, Parameter, Reply, Request, Who
from shared.domain.errors import Conflict, Forbidden, NeedsUser, NotFound, TooLarge, Unverified
from shared.domain.exports import ExportState, OutcomeKind
from shared.domain.ids import ObjectType
from shared.domain.preferences import OnMatch
from shared.domain.unpacking import MOST_RATIO

_MOST_BYTES = 96 * MEBIBYTE
"""Below the Functions host's own limit of 100 MB; larger inputs are uploaded."""

_LARGEST_WAITED_FOR = MEBIBYTE
_LONGEST_WAIT = 60
_WAIT = re.compile(r"\bwait=(\d{1,4})\b")
_PAGE = 100

_EXAMPLES = {
    NDJSON: '{"id": 1, "firstName": "Ada", "lastName": "Ngata", "companyName": "Contoso Ltd"}\n',
    CSV: "id,firstName,lastName,companyName\n1,Ada,Ngata,Contoso Ltd\n",
}

_LIMIT = Parameter("limit", "How many at most; 100 unless given.", least=1, most=1000)
_OBJECT = Parameter("object", "What the file's records are.", choices=tuple(ObjectType))
_DRY_RUN = Parameter("dryRun", "For a file: everything but the writing.", choices=("true", "false"))
_MATCHES = Parameter(
    "matches", "For a file: what becomes of records that Dynamics has already.", choices=tuple(OnMatch)
)
_AGAIN = Parameter(
    "again",
    "The same records by the same person within a minute are taken for the same export, unless this is true.",
    choices=("true", "false"),
)
_STATE = Parameter("state", "Only exports in this state.", choices=tuple(ExportState))
_WHICH_OBJECT = Parameter("object", "Only exports of this object.", choices=tuple(ObjectType))
_REQUESTED_BY = Parameter("requestedBy", "Only exports of this user.")
_SINCE = Parameter("since", "Only exports from then on.", example="2026-01-31T08:00:00Z")
_OUTCOME = Parameter("outcome", "Only the records with this outcome.", choices=tuple(OutcomeKind))
_KEY = Parameter("Idempotency-Key", "The same key within 24 hours gives the same export, made once.")
_LOCATION = Parameter("Location", "Where the export is to be followed.", example="/api/exports/…")
_PREFER = Parameter("Prefer", "`wait=20`: work on a small export at once, for so many seconds at most.")


def blueprint(api: Api, service: ExportService, history: ExportHistory, results: Results) -> func.Blueprint:
    """Starting exports, and looking at them."""
    routes = func.Blueprint()
    _register_start(routes, api, service, history)
    _register_reading(routes, api, history)
    _register_results(routes, api, results)
    return routes


def _register_start(
    routes: func.Blueprint,
    api: Api,
    service: ExportService,
    history: ExportHistory,
) -> None:
    @api.operation(
        routes,
        name="post_exports",
        method="POST",
        path="/exports",
        tag="Exports",
        who=Who.USER,
        summary="Start an export",
        description="JSON names the object in the body; NDJSON and CSV in the query."
        " A body may be packed with gzip: send the header Content-Encoding: gzip."
        " 200 where the export has ended already: it was waited for, or it was ordered before, with the same"
        " idempotency key, or with the same content within a minute.",
        body=ExportRequest,
        body_types=(NDJSON, CSV),
        body_examples=_EXAMPLES,
        answer=ExportPayload,
        status=202,
        also=(200,),
        query=(_OBJECT, _DRY_RUN, _MATCHES, _AGAIN),
        headers=(_KEY, _PREFER),
        answer_headers=(_LOCATION,),
        errors=(Forbidden, NeedsUser, NotFound, TooLarge, Unverified),
        max_bytes=_MOST_BYTES,
        most_unpacked=MOST_UNPACKED,
    )
    def post_exports(request: Request[ExportRequest | None]) -> Reply:
        order = _order(request)
        started = service.start(request.caller, order)
        seconds = _seconds_to_wait(request, order)
        if started.replayed:
            return _accepted(history.get(request.caller, started.export.id))
        if seconds == 0:
            service.queue(started.export)
            return _accepted(Seen.of_new(started.export))
        service.run_now(request.caller, started.export, seconds)
        return _accepted(history.get(request.caller, started.export.id), waited=True)

    @api.operation(
        routes,
        name="post_uploads",
        method="POST",
        path="/exports/uploads",
        tag="Exports",
        who=Who.USER,
        summary="Get an address for a large input",
        description=UploadPayload.__doc__ or "",
        answer=UploadPayload,
        status=201,
        errors=(Forbidden,),
    )
    def post_uploads(request: Request[None]) -> Reply:
        return Reply(body=UploadPayload.of(service.new_upload(request.caller)))


def _register_reading(routes: func.Blueprint, api: Api, history: ExportHistory) -> None:
    @api.operation(
        routes,
        name="get_exports",
        method="GET",
        path="/exports",
        tag="Exports",
        who=Who.USER,
        summary="The history of exports, newest first",
        description="Users see their own, admins all of the tenant.",
        answer=Page[ExportPayload],
        query=(_STATE, _WHICH_OBJECT, _REQUESTED_BY, _SINCE, _LIMIT, NEXT),
    )
    def get_exports(request: Request[None]) -> Reply:
        seen, more = history.page(request.caller, *_page(request), wanted_exports(request.query))
        return Reply(body=Page(items=[ExportPayload.of(each) for each in seen], next=more))

    @api.operation(
        routes,
        name="get_export",
        method="GET",
        path="/exports/{id}",
        tag="Exports",
        who=Who.USER,
        summary="One export: its state, progress and counts",
        answer=ExportPayload,
        errors=(NotFound,),
    )
    def get_export(request: Request[None]) -> Reply:
        return Reply(body=ExportPayload.of(history.get(request.caller, request.route["id"])))

    @api.operation(
        routes,
        name="get_export_records",
        method="GET",
        path="/exports/{id}/records",
        tag="Exports",
        who=Who.USER,
        summary="The outcome of each record",
        answer=Page[RecordPayload],
        query=(_OUTCOME, _LIMIT, NEXT),
        errors=(NotFound,),
    )
    def get_export_records(request: Request[None]) -> Reply:
        given = request.query.get("outcome")
        kind = None if given is None else OutcomeKind(given)
        outcomes, more = history.records(request.caller, request.route["id"], kind, _page(request))
        return Reply(body=Page(items=[RecordPayload.of(each) for each in outcomes], next=more))


def _register_results(routes: func.Blueprint, api: Api, results: Results) -> None:
    @api.operation(
        routes,
        name="get_export_results",
        method="GET",
        path="/exports/{id}/results.csv",
        tag="Exports",
        who=Who.USER,
        summary="The outcome of each record, as a file",
        description="Cells that a spreadsheet would run as a formula begin with an apostrophe."
        f" Of more than {MOST_IN_AN_ANSWER:,} records, 303 names the address of the file, good for ten"
        " minutes; do not send your token there.",
        answer_types=(CSV,),
        elsewhere=True,
        errors=(NotFound, Conflict),
    )
    def get_export_results(request: Request[None]) -> Reply:
        export_id = request.route["id"]
        file = results.of(request.caller, export_id)
        if isinstance(file, str):
            return Reply(status=303, headers={"Location": file, "Cache-Control": "no-store"})
        return Reply(
            body=file,
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="export-{export_id}.csv"'},
        )


def _order(request: Request[ExportRequest | None]) -> Order:
    key = request.headers.get("Idempotency-Key") or None
    if request.body is not None:
        return request.body.to_order(key, again=request.query.get("again") == "true")
    return order_of_file(request, key)


def _seconds_to_wait(request: Request[ExportRequest | None], order: Order) -> int:
    found = _WAIT.search(request.headers.get("Prefer", ""))
    largest = len(request.raw) * (MOST_RATIO if request.is_gzip else 1)
    if found is None or order.upload is not None or largest > _LARGEST_WAITED_FOR:
        return 0
    return min(int(found[1]), _LONGEST_WAIT)


def _page(request: Request[None]) -> tuple[int, str | None]:
    return int(request.query.get("limit", _PAGE)), request.query.get("next")


def _accepted(seen: Seen, *, waited: bool = False) -> Reply:
    applied = {"Preference-Applied": "wait"} if waited else {}
    return Reply(
        body=ExportPayload.of(seen),
        status=200 if seen.export.ended_at is not None else 202,
        headers={"Location": f"/api/exports/{seen.export.id}", **applied},
    )

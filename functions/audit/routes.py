"""GET /audit and GET /audit/verification."""

import azure.functions as func

from functions.audit.payloads import AuditPayload, VerdictPayload
from functions.audit.service import AuditService
from functions.http import NEXT, Api, Page, Parameter, Reply, Request, Who
from shared.domain.audit import AuditAction

_TAG = "Audit"
_PAGE = 100
_LIMIT = Parameter("limit", "How many at most; 100 unless given.", least=1, most=1000)
_ACTION = Parameter("action", "Only what was done in this way.", choices=tuple(AuditAction))


def blueprint(api: Api, service: AuditService) -> func.Blueprint:
    """The operations on the audit log: it is only read."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="get_audit",
        method="GET",
        path="/audit",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Who did what, newest first",
        description="Hashes stand for the states before and after; no data of records is in it.",
        answer=Page[AuditPayload],
        query=(_ACTION, _LIMIT, NEXT),
    )
    def get_audit(request: Request[None]) -> Reply:
        page = int(request.query.get("limit", _PAGE)), request.query.get("next")
        entries, more = service.page(request.caller, page, request.query.get("action"))
        return Reply(body=Page(items=[AuditPayload.of(each) for each in entries], next=more))

    @api.operation(
        routes,
        name="get_audit_verification",
        method="GET",
        path="/audit/verification",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Whether the audit log is whole",
        answer=VerdictPayload,
    )
    def get_audit_verification(request: Request[None]) -> Reply:
        return Reply(body=VerdictPayload.of(service.verify(request.caller)))

    return routes

"""POST /erasure, GET /erasure/{id} and DELETE /tenant."""

import azure.functions as func

from functions.http import Api, Parameter, Reply, Request, Who
from functions.privacy.payloads import DeletionRequest, ErasurePayload, ErasureRequest
from functions.privacy.service import PrivacyService
from shared.domain.erasure import Erasure
from shared.domain.errors import NotFound

_TAG = "Privacy"
_LOCATION = Parameter("Location", "Where the erasure is to be followed.", example="/api/erasure/…")


def blueprint(api: Api, service: PrivacyService) -> func.Blueprint:
    """The operations on personal data."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="post_erasure",
        method="POST",
        path="/erasure",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Erase one person's records from stored exports",
        description="Counts stay. Exports under way are looked at again when they have ended.",
        body=ErasureRequest,
        answer=ErasurePayload,
        status=202,
        answer_headers=(_LOCATION,),
    )
    def post_erasure(request: Request[ErasureRequest]) -> Reply:
        return _accepted(service.erase_person(request.caller, request.body.to_domain()))

    @api.operation(
        routes,
        name="get_erasure",
        method="GET",
        path="/erasure/{id}",
        tag=_TAG,
        who=Who.ADMIN,
        summary="How far an erasure is",
        answer=ErasurePayload,
        errors=(NotFound,),
    )
    def get_erasure(request: Request[None]) -> Reply:
        return Reply(body=ErasurePayload.of(service.get(request.caller, request.route["id"])))

    @api.operation(
        routes,
        name="delete_tenant",
        method="DELETE",
        path="/tenant",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Delete everything of the tenant",
        description="Connections, tokens, settings and exports go; the audit log, without names, stays.",
        body=DeletionRequest,
        answer=ErasurePayload,
        status=202,
        answer_headers=(_LOCATION,),
    )
    def delete_tenant(request: Request[DeletionRequest]) -> Reply:
        return _accepted(service.delete_tenant(request.caller, request.body.confirm))

    return routes


def _accepted(erasure: Erasure) -> Reply:
    return Reply(body=ErasurePayload.of(erasure), headers={"Location": f"/api/erasure/{erasure.id}"})

"""The two sides that a mapping joins: /fields/vendor/{object} and /fields/dynamics/{object}."""

import azure.functions as func

from functions.http import Api, Page, Reply, Request, Who
from functions.mapping.field_payloads import ColumnPayload, VendorFieldPayload
from functions.mapping.service import MappingService
from shared.domain.errors import Conflict

_TAG = "Fields"


def blueprint(api: Api, service: MappingService) -> func.Blueprint:
    """The operations on fields."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="get_vendor_fields",
        method="GET",
        path="/fields/vendor/{object}",
        tag=_TAG,
        who=Who.USER,
        summary="The vendor's fields",
        answer=Page[VendorFieldPayload],
    )
    def get_vendor_fields(request: Request[None]) -> Reply:
        fields = service.vendor_fields(request.object_type).values()
        return Reply(body=Page(items=[VendorFieldPayload.of(field) for field in fields]))

    @api.operation(
        routes,
        name="get_dynamics_fields",
        method="GET",
        path="/fields/dynamics/{object}",
        tag=_TAG,
        who=Who.ADMIN,
        summary="The columns of the organization's Dynamics table, custom ones included",
        answer=Page[ColumnPayload],
        errors=(Conflict,),
    )
    def get_dynamics_fields(request: Request[None]) -> Reply:
        columns = service.columns(request.caller, request.object_type).values()
        return Reply(body=Page(items=[ColumnPayload.of(column) for column in columns]))

    return routes

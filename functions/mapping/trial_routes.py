"""The operations that help to find a mapping: verify, preview and suggestions."""

import azure.functions as func

from functions.http import Api, Page, Parameter, Reply, Request, Who
from functions.mapping.payloads import Verified, VerifyBody
from functions.mapping.preview_payloads import PreviewBody, PreviewPayload
from functions.mapping.previews import Previews
from functions.mapping.service import MappingService
from functions.mapping.suggestion_payloads import SuggestionPayload
from shared.domain.errors import Conflict, Unverified
from shared.domain.suggest import suggest

_TAG = "Mapping"
_PATH = "/mappings/{object}"
_NEEDS_ORGANIZATION = (Conflict,)
_USUAL = 10
_MOST = Parameter("most", "Columns for each field at most; 10 unless it is given.", least=1, most=1000)


def blueprint(api: Api, service: MappingService, previews: Previews) -> func.Blueprint:
    """The operations that change nothing."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="verify_mapping",
        method="POST",
        path=f"{_PATH}/verify",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Verify rows without saving them",
        description="Without rows, those in force are verified against the organization as it is now.",
        body=VerifyBody,
        answer=Verified,
        errors=(*_NEEDS_ORGANIZATION, Unverified),
    )
    def verify_mapping(request: Request[VerifyBody]) -> Reply:
        checked = service.verify(request.caller, request.object_type, request.body.to_domain())
        return Reply(body=Verified.of(len(checked.rows), checked.warnings))

    @api.operation(
        routes,
        name="preview_mapping",
        method="POST",
        path=f"{_PATH}/preview",
        tag=_TAG,
        who=Who.ADMIN,
        summary="What would be sent for vendor records, row by row, and why",
        description="Nothing is written. Without rows, those in force are tried. With `match`, Dynamics is "
        "asked for the record that exists already, as an export would: which rule finds it, what would "
        "change.",
        body=PreviewBody,
        answer=PreviewPayload,
        errors=_NEEDS_ORGANIZATION,
    )
    def preview_mapping(request: Request[PreviewBody]) -> Reply:
        body = request.body
        tried = previews.run(
            request.caller,
            request.object_type,
            body.to_domain(),
            body.records,
            existing=body.existing,
            match=body.match,
        )
        return Reply(body=PreviewPayload.of(tried))

    @api.operation(
        routes,
        name="get_mapping_suggestions",
        method="GET",
        path=f"{_PATH}/suggestions",
        tag=_TAG,
        who=Who.ADMIN,
        summary="The columns that fit each vendor field, best first",
        query=(_MOST,),
        answer=Page[SuggestionPayload],
        errors=_NEEDS_ORGANIZATION,
    )
    def get_mapping_suggestions(request: Request[None]) -> Reply:
        fields = service.vendor_fields(request.object_type)
        columns = service.columns(request.caller, request.object_type)
        most = int(request.query.get("most", _USUAL))
        found = suggest(request.object_type, fields, columns)
        return Reply(
            body=Page(
                items=[
                    SuggestionPayload.of(fields[name], columns_of_field[:most], columns)
                    for name, columns_of_field in found.items()
                ]
            )
        )

    return routes

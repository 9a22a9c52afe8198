"""The operations that try a mapping: verify and preview."""

import azure.functions as func

from functions.http import Api, Reply, Request, Who
from functions.mapping.payloads import Verified, VerifyBody
from functions.mapping.preview_payloads import PreviewBody, PreviewPayload
from functions.mapping.previews import Previews
from functions.mapping.service import MappingService
from shared.domain.errors import Conflict, Unverified

_TAG = "Mapping"
_PATH = "/mappings/{object}"
_NEEDS_ORGANIZATION = (Conflict,)


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

    return routes

"""The operations on the mapping of an object: /mappings/{object}, verify and preview."""

import azure.functions as func

from functions.http import Api, Parameter, Reply, Request, Who
from functions.mapping.payloads import MappingBody, MappingPayload, Verified, VerifyBody
from functions.mapping.preview_payloads import PreviewBody, PreviewPayload, RecordPreviewPayload
from functions.mapping.service import MappingService
from shared.domain.errors import Conflict, Stale, Unverified

_TAG = "Mapping"
_PATH = "/mappings/{object}"
_NEEDS_ORGANIZATION = (Conflict,)
_IF_MATCH = Parameter("If-Match", "The ETag that was read, to be sure that nobody else changed the mapping.")


def blueprint(api: Api, service: MappingService) -> func.Blueprint:
    """The operations on mappings."""
    routes = func.Blueprint()
    _add_resource(api, service, routes)
    _add_trials(api, service, routes)
    return routes


def _add_resource(api: Api, service: MappingService, routes: func.Blueprint) -> None:
    @api.operation(
        routes,
        name="get_mapping",
        method="GET",
        path=_PATH,
        tag=_TAG,
        who=Who.ADMIN,
        summary="The mapping in force",
        description="The default mapping, version 0, where nobody has saved one.",
        answer=MappingPayload,
        errors=_NEEDS_ORGANIZATION,
        etag=True,
    )
    def get_mapping(request: Request[None]) -> Reply:
        stored = service.read(request.caller, request.object_type)
        return Reply(body=MappingPayload.of(stored.value), etag=stored.etag)

    @api.operation(
        routes,
        name="put_mapping",
        method="PUT",
        path=_PATH,
        tag=_TAG,
        who=Who.ADMIN,
        summary="Verify and save the mapping",
        description="The next export uses it; a running one keeps the mapping that it started with.",
        body=MappingBody,
        answer=MappingPayload,
        errors=(*_NEEDS_ORGANIZATION, Unverified),
        etag=True,
    )
    def put_mapping(request: Request[MappingBody]) -> Reply:
        etag = request.etag_to_replace(service.etag(request.caller, request.object_type))
        stored = service.save(request.caller, request.object_type, request.body.to_domain(), etag)
        return Reply(body=MappingPayload.of(stored.value), etag=stored.etag)

    @api.operation(
        routes,
        name="delete_mapping",
        method="DELETE",
        path=_PATH,
        tag=_TAG,
        who=Who.ADMIN,
        summary="Restore the default mapping",
        description="A mapping that is the default one already stays so.",
        headers=(_IF_MATCH,),
        errors=(Stale,),
        status=204,
    )
    def delete_mapping(request: Request[None]) -> Reply:
        bound = bool(request.headers.get("If-Match"))
        present = service.etag(request.caller, request.object_type) if bound else ""
        etag = request.etag_to_replace(present) if bound else None
        service.restore_default(request.caller, request.object_type, etag)
        return Reply()


def _add_trials(api: Api, service: MappingService, routes: func.Blueprint) -> None:
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
        rows = service.verify(request.caller, request.object_type, request.body.to_domain())
        return Reply(body=Verified(rows=len(rows)))

    @api.operation(
        routes,
        name="preview_mapping",
        method="POST",
        path=f"{_PATH}/preview",
        tag=_TAG,
        who=Who.ADMIN,
        summary="What would be sent for vendor records, row by row, and why",
        description="Nothing is sent or saved. Without rows, those in force are tried.",
        body=PreviewBody,
        answer=PreviewPayload,
        errors=_NEEDS_ORGANIZATION,
    )
    def preview_mapping(request: Request[PreviewBody]) -> Reply:
        body = request.body
        previewer = service.previewer(request.caller, request.object_type, body.to_domain())
        items = [
            RecordPreviewPayload.of(position, previewer.preview(record, body.existing))
            for position, record in enumerate(body.records, start=1)
        ]
        return Reply(body=PreviewPayload(items=items, missing=list(previewer.compiled.missing)))

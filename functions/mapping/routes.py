"""The operations on the mapping of an object: /mappings/{object}."""

import azure.functions as func

from functions.http import Api, Parameter, Reply, Request, Who
from functions.mapping.payloads import MappingBody, MappingPayload, SavedMappingPayload
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
        warnings = service.watch(request.caller, request.object_type, stored.value)
        return Reply(body=MappingPayload.of(stored.value, warnings), etag=stored.etag)

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
        answer=SavedMappingPayload,
        errors=(*_NEEDS_ORGANIZATION, Unverified),
        etag=True,
    )
    def put_mapping(request: Request[MappingBody]) -> Reply:
        saved = service.save(
            request.caller, request.object_type, request.body.to_domain(), request.etag_to_replace
        )
        return Reply(body=SavedMappingPayload.after(saved), etag=saved.etag)

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
        bind = request.etag_to_replace if request.headers.get("If-Match") else _anything
        service.restore_default(request.caller, request.object_type, bind)
        return Reply()


def _anything(_: str) -> None:
    """Without If-Match, a restore is bound to nothing."""

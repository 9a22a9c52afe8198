"""The operations on the versions of a mapping."""

import azure.functions as func

from functions.http import Api, Page, Reply, Request, Who
from functions.mapping.payloads import SavedMappingPayload
from functions.mapping.version_payloads import VersionDetailPayload, VersionPayload
from functions.mapping.versions import MappingVersions
from shared.domain.errors import Conflict, NotFound, Unverified

_TAG = "Mapping"
_PATH = "/mappings/{object}/versions"


def blueprint(api: Api, versions: MappingVersions) -> func.Blueprint:
    """The operations on versions."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="get_mapping_versions",
        method="GET",
        path=_PATH,
        tag=_TAG,
        who=Who.ADMIN,
        summary="Who changed the mapping, and when",
        description="The last 50 versions, newest first.",
        answer=Page[VersionPayload],
    )
    def get_mapping_versions(request: Request[None]) -> Reply:
        notes = versions.all(request.caller, request.object_type)
        return Reply(body=Page(items=[VersionPayload.of(note) for note in notes]))

    @api.operation(
        routes,
        name="get_mapping_version",
        method="GET",
        path=f"{_PATH}/{{version}}",
        tag=_TAG,
        who=Who.ADMIN,
        summary="One version, and what differs from the one before",
        answer=VersionDetailPayload,
        errors=(Conflict,),
    )
    def get_mapping_version(request: Request[None]) -> Reply:
        found = versions.get(request.caller, request.object_type, _version(request))
        return Reply(body=VersionDetailPayload.detailed(found.note, found.mapping, found.changes))

    @api.operation(
        routes,
        name="restore_mapping_version",
        method="POST",
        path=f"{_PATH}/{{version}}/restore",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Bring a version back",
        description="Its rows are verified and saved as a new version.",
        answer=SavedMappingPayload,
        errors=(Conflict, Unverified),
        etag=True,
    )
    def restore_mapping_version(request: Request[None]) -> Reply:
        saved = versions.restore(
            request.caller, request.object_type, _version(request), request.etag_to_replace
        )
        return Reply(body=SavedMappingPayload.after(saved), etag=saved.etag)

    return routes


def _version(request: Request[None]) -> int:
    """The number in the path; NotFound for anything else."""
    given = request.route.get("version", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 9):
        raise NotFound("versionUnknown", "A version has a number. The list of versions names those kept.")
    return int(given)

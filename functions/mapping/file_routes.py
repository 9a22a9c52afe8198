"""The operations that carry a mapping elsewhere: /mappings/{object}/file and /import."""

import json

import azure.functions as func

from functions.http import Api, Parameter, Reply, Request, Who
from functions.mapping.file_payloads import ImportPayload, MappingFile, file_of_csv, file_rows
from functions.mapping.imports import MappingImports
from functions.mapping.mapping_csv import write_csv
from functions.mapping.service import MappingService
from shared.domain.errors import Conflict, InvalidRequest, Problem, Unverified
from shared.domain.ids import ObjectType

_TAG = "Mapping"
_CSV = "text/csv"
_CSV_EXAMPLE = "vendorField,template,column,updateOption\r\nlastName,,lastname,overwrite\r\n"
_FORMAT = Parameter("format", "The kind of file.", choices=("json", "csv"), example="csv")
_DRY_RUN = Parameter(
    "dryRun", "true: nothing is saved, and If-Match is not needed.", choices=("true", "false")
)
_UNKNOWN = Parameter(
    "unknownColumns",
    "What becomes of rows whose column this organization does not have: the import is refused, or they are "
    "left out and listed in the answer.",
    choices=("refuse", "leaveOut"),
)


def blueprint(api: Api, service: MappingService, imports: MappingImports) -> func.Blueprint:
    """The operations on files."""
    routes = func.Blueprint()
    _add_file(api, service, imports, routes)

    @api.operation(
        routes,
        name="import_mapping",
        method="POST",
        path="/mappings/{object}/import",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Verify and save the mapping of a file",
        description="Takes what /file gives, as JSON or as CSV.",
        body=MappingFile,
        body_types=(_CSV,),
        body_examples={_CSV: _CSV_EXAMPLE},
        query=(_DRY_RUN, _UNKNOWN),
        answer=ImportPayload,
        errors=(Conflict, Unverified),
        etag=True,
    )
    def import_mapping(request: Request[MappingFile | None]) -> Reply:
        file = file_of_csv(request.raw) if request.body is None else request.body
        _check_object(file, request.object_type)
        imported = imports.run(
            request.caller,
            request.object_type,
            file.to_domain(),
            request.etag_to_replace,
            leave_out=request.query.get("unknownColumns") == "leaveOut",
            dry_run=request.query.get("dryRun") == "true",
        )
        return Reply(body=ImportPayload.done(imported), etag=imported.etag)

    return routes


def _add_file(api: Api, service: MappingService, imports: MappingImports, routes: func.Blueprint) -> None:
    @api.operation(
        routes,
        name="get_mapping_file",
        method="GET",
        path="/mappings/{object}/file",
        tag=_TAG,
        who=Who.ADMIN,
        summary="The mapping in force as a file",
        description="Names for the service, labels for people. JSON unless `format` says CSV.",
        query=(_FORMAT,),
        answer=MappingFile,
        answer_types=(_CSV,),
        errors=(Conflict,),
    )
    def get_mapping_file(request: Request[None]) -> Reply:
        mapping = service.read(request.caller, request.object_type).value
        rows = file_rows(mapping.rows, imports.labels(request.caller, request.object_type))
        kind = request.query.get("format", "json")
        name = f"mapping-{mapping.object_type}-{mapping.version}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if kind == "csv":
            return Reply(body=write_csv(rows), media_type=f"{_CSV}; charset=utf-8", headers=headers)
        content = {"object": mapping.object_type, "version": mapping.version, "rows": rows}
        text = json.dumps(content, ensure_ascii=False, indent=2)
        return Reply(body=text, media_type="application/json", headers=headers)


def _check_object(file: MappingFile, object_type: ObjectType) -> None:
    if file.object not in {None, object_type}:
        message = f"The file is a mapping of {file.object}s, not of {object_type}s. Import it there."
        raise InvalidRequest(
            "objectDiffers", message, problems=[Problem("objectDiffers", message, "/object")]
        )

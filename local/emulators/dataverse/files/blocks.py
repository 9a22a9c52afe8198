"""The messages that carry files in blocks: InitializeFileBlocksUpload and its relatives."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

from local.emulators.dataverse.errors import argument_missing, row_missing
from local.emulators.dataverse.exchange import Call, Reply, json_reply
from local.emulators.dataverse.files import refusals
from local.emulators.dataverse.files.reading import read_file
from local.emulators.dataverse.files.store import File, Place
from local.emulators.dataverse.files.writing import put_file, stream_column, take_away
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.row_requests import json_object
from local.emulators.dataverse.schema import ColumnType
from local.emulators.dataverse.scope import Scope, primary_key

Body = Mapping[str, Any]
BLOCK: Final = 4 * 1024 * 1024
TYPE: Final = "@odata.type"
CONTINUATION: Final = "FileContinuationToken"


def perform(scope: Scope, call: Call, name: str) -> Reply:
    """The answer to one of `ACTIONS`."""
    return ACTIONS[name](scope, json_object(call.body, name))


def _begin_upload(scope: Scope, body: Body) -> Reply:
    _, place = _target(scope, body)
    token = scope.organization.uploads.begin(place, _text(body, "FileName"))
    return _answer(scope, "InitializeFileBlocksUpload", {CONTINUATION: token})


def _block(scope: Scope, body: Body) -> Reply:
    upload = scope.organization.uploads.get(_text(body, CONTINUATION))
    try:
        data = base64.b64decode(_text(body, "BlockData"), validate=True)
        base64.b64decode(_text(body, "BlockId"), validate=True)
    except ValueError as error:  # binascii.Error is one, and so is what texts beyond ASCII raise
        raise refusals.invalid(f"BlockId and BlockData have to be Base64: {error}.") from error
    if len(data) > BLOCK:
        raise refusals.invalid(f"A block has {BLOCK} bytes at most, not {len(data)}.")
    upload.blocks[_text(body, "BlockId")] = data
    return Reply(204)


def _commit(scope: Scope, body: Body) -> Reply:
    token = _text(body, CONTINUATION)
    upload = scope.organization.uploads.get(token)
    ids = body.get("BlockList")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise argument_missing("BlockList")
    kit = _kit(scope, upload.place.table)
    content = upload.ordered(ids)
    file = put_file(
        scope,
        kit,
        upload.place,
        content,
        name=str(body.get("FileName") or upload.name),
        mime=str(body.get("MimeType") or ""),
    )
    scope.organization.uploads.end(token)
    return _answer(scope, "CommitFileBlocksUpload", {"FileId": file.id, "FileSizeInBytes": len(content)})


def _begin_download(scope: Scope, body: Body) -> Reply:
    kit, place = _target(scope, body)
    file = _file(scope, kit, place)
    token = scope.organization.uploads.begin(place, file.name)
    content = {
        "FileSizeInBytes": len(file.content),
        "FileName": file.name,
        CONTINUATION: token,
        "IsChunkingSupported": True,
    }
    return _answer(scope, "InitializeFileBlocksDownload", content)


def _download(scope: Scope, body: Body) -> Reply:
    place = scope.organization.uploads.get(_text(body, CONTINUATION)).place
    start, length = body.get("Offset", 0), body.get("BlockLength")
    if not isinstance(start, int) or not isinstance(length, int) or start < 0 or length < 1:
        raise refusals.invalid("DownloadBlock needs Offset and BlockLength, whole numbers.")
    content = _file(scope, _kit(scope, place.table), place).content[start : start + length]
    return _answer(scope, "DownloadBlock", {"Data": base64.b64encode(content).decode()})


def _delete(scope: Scope, body: Body) -> Reply:
    file_id = _text(body, "FileId")
    file = scope.organization.files.by_id(file_id)
    if file is None:
        raise row_missing("FileAttachment", file_id)
    take_away(scope, _kit(scope, file.place.table), file.place)
    return Reply(204, records=1)


def _target(scope: Scope, body: Body) -> tuple[TableKit, Place]:
    target = body.get("Target")
    if not isinstance(target, dict) or not isinstance(target.get(TYPE), str):
        raise argument_missing("Target")
    kit = _kit(scope, target[TYPE].lstrip("#").removeprefix("Microsoft.Dynamics.CRM."))
    row_id = primary_key(kit.model, str(target.get(kit.table.primary_id, "")))
    if not kit.rows.exists(row_id):
        raise row_missing(kit.model.name, row_id)
    column = stream_column(kit, _text(body, "FileAttributeName"))
    if column is None:
        raise refusals.invalid(f"{body['FileAttributeName']} is no file or image column of {kit.model.name}.")
    return kit, Place(kit.model.name, row_id, column.name)


def _file(scope: Scope, kit: TableKit, place: Place) -> File:
    file = read_file(scope, kit, place)
    if file is None and kit.table.columns[place.column].type is ColumnType.IMAGE:
        raise refusals.full_image_missing(place.table, place.row, place.column)
    if file is None:
        raise refusals.file_missing(place.column, place.row)
    return file


def _kit(scope: Scope, table: str) -> TableKit:
    kit = scope.organization.kit(table)
    if kit is None:
        raise refusals.invalid(f"There is no table '{table}'.")
    return kit


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise argument_missing(name)
    return value


def _answer(scope: Scope, name: str, content: Mapping[str, object]) -> Reply:
    described = f"{scope.root}/$metadata#Microsoft.Dynamics.CRM.{name}Response"
    return json_reply({"@odata.context": described, **content}, records=1)


ACTIONS: Final[dict[str, Callable[[Scope, Body], Reply]]] = {
    "InitializeFileBlocksUpload": _begin_upload,
    "UploadBlock": _block,
    "CommitFileBlocksUpload": _commit,
    "InitializeFileBlocksDownload": _begin_download,
    "DownloadBlock": _download,
    "DeleteFile": _delete,
}

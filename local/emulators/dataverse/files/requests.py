"""Requests to the address of a file or image column: upload at once or in chunks, download, delete."""

import re
from typing import Final
from urllib.parse import quote

from local.emulators.dataverse import errors
from local.emulators.dataverse.addresses import Segment
from local.emulators.dataverse.exchange import Call, Reply
from local.emulators.dataverse.files import refusals
from local.emulators.dataverse.files.reading import read_file
from local.emulators.dataverse.files.store import File, Place
from local.emulators.dataverse.files.writing import put_file, refuse_size, stream_column, take_away
from local.emulators.dataverse.odata.options import split_query
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.schema import ColumnType
from local.emulators.dataverse.scope import Scope

CHUNK: Final = 4 * 1024 * 1024  # "Use file column data": x-ms-chunk-size
CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
RANGE: Final = re.compile(r"bytes=(\d+)-(\d*)")
SESSION: Final = "sessiontoken"
NAME: Final = "x-ms-file-name"


def is_stream(kit: TableKit, steps: tuple[Segment, ...], call: Call) -> bool:
    """Whether a request below a row is about the data of a file or an image."""
    if stream_column(kit, steps[1].name) is None or len(steps) > 3:
        return False
    raw = len(steps) == 3 and steps[2].name == "$value"
    return (call.method == "GET" and raw) or (call.method in {"PATCH", "DELETE"} and len(steps) == 2)


def stream(scope: Scope, kit: TableKit, steps: tuple[Segment, ...], *, call: Call) -> Reply:
    """The answer to such a request."""
    place = Place(kit.model.name, scope.row_id(kit, steps[0].key or ""), steps[1].name)
    if call.method == "GET":
        return _download(scope, kit, place, call=call)
    if call.method == "DELETE":
        take_away(scope, kit, place)
        return Reply(204, records=1)
    query = split_query(call.query)
    if SESSION in query:
        return _chunk(scope, kit, query[SESSION], call=call)
    name = call.headers.get(NAME) or query.get(NAME, "")
    if not name and kit.table.columns[place.column].type is ColumnType.FILE:
        raise refusals.invalid(f"An upload needs the file's name in the header or the parameter {NAME}.")
    if call.headers.get("x-ms-transfer-mode", "").lower() == "chunked":
        return _begin(scope, kit, place, name=name)
    put_file(scope, kit, place, call.body, name=name, mime=call.headers.get("content-type", ""))
    return Reply(204, records=1)


def _begin(scope: Scope, kit: TableKit, place: Place, *, name: str) -> Reply:
    if not kit.rows.exists(place.row):
        raise errors.row_missing(kit.model.name, place.row)
    token = scope.organization.uploads.begin(place, name)
    address = f"{scope.root}/{kit.table.entity_set}({place.row})/{place.column}?{SESSION}={quote(token)}"
    headers = {
        "Accept-Ranges": "bytes",
        "Location": address,
        "x-ms-chunk-size": str(CHUNK),
        "Access-Control-Expose-Headers": "x-ms-chunk-size",
    }
    return Reply(200, headers)


def _chunk(scope: Scope, kit: TableKit, token: str, *, call: Call) -> Reply:
    upload = scope.organization.uploads.get(token)
    found = CONTENT_RANGE.fullmatch(call.headers.get("content-range", ""))
    if found is None:
        raise refusals.invalid("A chunk needs Content-Range, as in 'bytes 0-4194303/25870370'.")
    start, end, total = map(int, found.groups())
    if end - start + 1 != len(call.body) or end >= total:
        raise refusals.invalid(f"Content-Range {found[0]} does not fit a body of {len(call.body)} bytes.")
    refuse_size(kit.table.columns[upload.place.column], total)
    upload.chunks[start] = call.body
    if upload.received < total:
        return Reply(206)
    name = call.headers.get(NAME) or upload.name
    put_file(scope, kit, upload.place, upload.joined(), name=name)
    scope.organization.uploads.end(token)
    return Reply(204, records=1)


def _download(scope: Scope, kit: TableKit, place: Place, *, call: Call) -> Reply:
    full = split_query(call.query).get("size", "").lower() == "full"
    file = read_file(scope, kit, place, full=full)
    if file is None:
        if kit.table.columns[place.column].type is ColumnType.IMAGE:
            return Reply(204, records=1)
        raise refusals.file_missing(place.column, place.row)
    asked = RANGE.match(call.headers.get("range", ""))
    if asked is None:
        return Reply(200, _headers(file), file.content, 1)
    start = int(asked[1])
    end = int(asked[2]) if asked[2] else len(file.content) - 1
    return Reply(206, _headers(file, "x-ms-chunk-size"), file.content[start : end + 1], 1)


def _headers(file: File, *more: str) -> dict[str, str]:
    exposed = ("x-ms-file-size", NAME, *more, "mimetype")
    values = {
        "x-ms-file-size": str(len(file.content)),
        NAME: quote(file.name, safe=" "),
        "x-ms-chunk-size": str(CHUNK),
        "mimetype": file.mime,
    }
    return {
        **{name: values[name] for name in exposed},
        "Access-Control-Expose-Headers": "; ".join(exposed),
        "Content-Type": "application/octet-stream",
    }

"""A whole file taken over into its column, or taken away from it."""

import base64
import mimetypes

from local.emulators.dataverse import errors, records
from local.emulators.dataverse.files import refusals
from local.emulators.dataverse.files.store import File, Place
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.schema import Column, ColumnType
from local.emulators.dataverse.scope import Scope

OCTETS = "application/octet-stream"


def stream_column(kit: TableKit, name: str) -> Column | None:
    """The file or image column with this name."""
    column = kit.table.columns.get(name)
    return column if column and column.type in {ColumnType.FILE, ColumnType.IMAGE} else None


def refuse_size(column: Column, size: int) -> None:
    """Refuses a file that is larger than its column allows; images are told apart by their own error."""
    if column.type is ColumnType.FILE and size > (column.max_size or 0) * 1024:
        raise refusals.file_too_big()


def put_file(scope: Scope, kit: TableKit, place: Place, content: bytes, *, name: str, mime: str = "") -> File:
    """Keeps a file in its column, in the place of an earlier one."""
    column = kit.table.columns[place.column]
    refuse_size(column, len(content))
    mime = mimetypes.guess_type(name)[0] or mime or OCTETS
    with scope.organization.store.transaction():
        if column.type is ColumnType.IMAGE:
            text = base64.b64encode(content).decode()
            records.update(scope, kit, [(place.row, {column.name: text})])
            return File("", place, name, mime, content)
        if not kit.rows.exists(place.row):
            raise errors.row_missing(kit.model.name, place.row)
        file = scope.organization.files.put(place, name, mime, content)
        records.set_directly(scope, kit, place.row, {column.name: file.id, column.name + "_name": name})
    return file


def take_away(scope: Scope, kit: TableKit, place: Place) -> None:
    """Removes the file of a column."""
    column = kit.table.columns[place.column]
    if column.type is ColumnType.IMAGE:
        records.update(scope, kit, [(place.row, {column.name: None})])
        return
    with scope.organization.store.transaction():
        if not kit.rows.exists(place.row):
            raise errors.row_missing(kit.model.name, place.row)
        scope.organization.files.remove(place)
        records.set_directly(scope, kit, place.row, {column.name: None, column.name + "_name": None})

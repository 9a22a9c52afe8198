"""The content of a file or image column, whole or thumbnail, with the right to read it."""

import base64

from local.emulators.dataverse import errors
from local.emulators.dataverse.files.images import mime_of
from local.emulators.dataverse.files.store import File, Place
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.privileges import Right
from local.emulators.dataverse.schema import ColumnType
from local.emulators.dataverse.scope import Scope


def read_file(scope: Scope, kit: TableKit, place: Place, *, full: bool = True) -> File | None:
    """The file; of an image the one in full size, or the thumbnail. None where there is none."""
    scope.require(Right.READ, kit)
    if not kit.rows.exists(place.row):
        raise errors.row_missing(kit.model.name, place.row)
    column = kit.table.columns[place.column]
    if column.type is ColumnType.FILE or full:
        return scope.organization.files.at(place)
    text = kit.rows.fetch([place.row], [column.name])[place.row][column.name]
    if text is None:
        return None
    content = base64.b64decode(text)
    mime = mime_of(content) or ""
    return File("", place, f"{column.name}.{mime.partition('/')[2]}", mime, content)

"""A mapping as a file, and what an import did, as JSON."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import ConfigDict, Field, ValidationError

from functions.http import Payload
from functions.http.problems import invalid_body
from functions.mapping.imports import Imported, Labels
from functions.mapping.mapping_csv import read_csv
from functions.mapping.payloads import MOST_ROWS, MappingPayload, counted, mapping_members
from functions.mapping.row_payloads import EXAMPLE_ROWS, MappingRowPayload
from shared.domain.ids import ObjectType
from shared.domain.mapping import MappingRow, VendorSource

_LABEL = "For people; ignored when the file is imported."


class FileRowPayload(MappingRowPayload):
    """A row, with the labels of what it joins."""

    vendor_field_label: str | None = Field(default=None, description=_LABEL, max_length=500)
    column_label: str | None = Field(default=None, description=_LABEL, max_length=500)


class MappingFile(Payload):
    """A mapping to be carried elsewhere."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"object": "lead", "rows": EXAMPLE_ROWS}]})

    object: ObjectType | None = Field(default=None, description="Has to be the path's, where it is given.")
    version: int | None = Field(default=None, description="Ignored by an import.")
    organization: str | None = Field(
        default=None, description="Where the file comes from; ignored by an import.", max_length=300
    )
    rows: list[FileRowPayload] = Field(max_length=MOST_ROWS)

    def to_domain(self) -> tuple[MappingRow, ...]:
        return tuple(row.to_domain() for row in self.rows)


def file_of_csv(content: bytes) -> MappingFile:
    """The file as its CSV says it; InvalidRequest names each cell that does not fit."""
    rows: list[dict[str, Any]] = read_csv(content)
    try:
        return MappingFile.model_validate_json(json.dumps({"rows": rows}))
    except ValidationError as error:
        raise invalid_body(error) from error


class LeftOutRowPayload(Payload):
    """A row of the file that this organization has no column for."""

    row: int = Field(description="Its place in the file, from 1.")
    mapping_row: MappingRowPayload = Field(description="The row itself, so that it is not lost.")
    code: str = Field(examples=["columnUnknown"])
    message: str = Field(examples=["Row 7: “new_region” is not in your Dynamics organization."])


class ImportPayload(MappingPayload):
    """What the import did, or would do: the mapping, what was left out of the file, what has changed."""

    saved: bool = Field(description="False for a dry run.")
    message: str = Field(examples=["The file was verified: 12 rows were saved as version 3."])
    left_out: list[LeftOutRowPayload]
    changes: list[str] = Field(
        description="What differs from the mapping that was in force, row by row.",
        examples=[["Row 2 jobTitle → jobtitle was added."]],
    )

    @classmethod
    def done(cls, imported: Imported) -> "ImportPayload":
        return cls(
            **mapping_members(imported.mapping, imported.warnings),
            saved=imported.saved,
            message=_message(imported),
            left_out=[
                LeftOutRowPayload(
                    row=each.problem.row or 0,
                    mapping_row=MappingRowPayload.of(each.row),
                    code=each.problem.code,
                    message=each.problem.message,
                )
                for each in imported.left_out
            ],
            changes=imported.changes,
        )


def file_rows(rows: Iterable[MappingRow], labels: Labels) -> list[dict[str, Any]]:
    """Each row as a JSON object with its labels; what has its default is left out."""
    return [
        FileRowPayload.of(row).model_copy(update=_labels(row, labels)).model_dump(mode="json", by_alias=True)
        for row in rows
    ]


def _labels(row: MappingRow, labels: Labels) -> dict[str, str]:
    field = labels.fields.get(row.source.field) if isinstance(row.source, VendorSource) else None
    column = labels.columns.get(row.column)
    found = {"vendor_field_label": field and field.label, "column_label": column and column.label}
    return {name: label for name, label in found.items() if label}


def _message(imported: Imported) -> str:
    rows = counted(len(imported.mapping.rows))
    said = f"saved as version {imported.mapping.version}" if imported.saved else "not saved: it was a dry run"
    left = (
        f" {counted(len(imported.left_out))} of the file left out: see “leftOut”."
        if imported.left_out
        else ""
    )
    return f"The file was verified: {rows}, {said}.{left}"

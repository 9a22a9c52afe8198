"""A preview as JSON: what would be sent for a vendor record, row by row."""

from typing import Any

from pydantic import ConfigDict, Field

from functions.http import Payload
from functions.mapping.payloads import VerifyBody, source_members
from functions.mapping.preview import Preview, RowEffect, RowPreview
from shared.domain.mapping import UpdateOption

MOST_RECORDS = 20
Value = str | int | float | bool


class PreviewBody(VerifyBody):
    """Vendor records, the rows to try (without them, those in force) and what Dynamics holds already."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "records": [
                        {"id": 1, "firstName": "Ada", "lastName": "Ngata", "companyName": "Contoso Ltd"},
                    ],
                    "existing": {"firstname": "Ada", "lastname": "Stone"},
                },
            ],
        },
    )

    records: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_RECORDS)
    existing: dict[str, Any] | None = Field(
        default=None, description="Columns of the Dynamics record that exists already, if one does."
    )


class RowPreviewPayload(Payload):
    """What one row does with one record."""

    row: int
    vendor_field: str | None = None
    constant: Value | None = None
    template: str | None = None
    column: str
    update_option: UpdateOption
    effect: RowEffect
    value: Value | None = Field(description="The value in the column's own type.")
    reason: str

    @classmethod
    def of(cls, preview: RowPreview) -> "RowPreviewPayload":
        return cls(
            **source_members(preview.mapping_row.source),
            row=preview.row,
            column=preview.mapping_row.column,
            update_option=preview.mapping_row.update_option,
            effect=preview.effect,
            value=preview.value,
            reason=preview.reason,
        )


class RecordPreviewPayload(Payload):
    """What would be sent for one vendor record."""

    position: int
    vendor_id: str
    create: dict[str, Value] = Field(description="What a new Dynamics record would be made of.")
    update: dict[str, Value] | None = Field(
        description="What would be sent to the record in `existing`; null when the request names none."
    )
    refused: str | None = Field(description="Why the record would get the outcome failed; null when not.")
    column: str | None = Field(description="The column to blame.")
    rows: list[RowPreviewPayload]

    @classmethod
    def of(cls, position: int, preview: Preview) -> "RecordPreviewPayload":
        return cls(
            position=position,
            vendor_id=preview.vendor_id,
            create=preview.create,
            update=preview.update,
            refused=preview.refused,
            column=preview.column,
            rows=[RowPreviewPayload.of(row) for row in preview.rows],
        )


class PreviewPayload(Payload):
    """What would be sent for each record; `missing` are mapped columns that cannot be written."""

    items: list[RecordPreviewPayload]
    missing: list[str]

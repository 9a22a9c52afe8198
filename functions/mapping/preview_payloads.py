"""A preview as JSON: what would be sent for a vendor record, row by row."""

from collections.abc import Sequence
from typing import Any

from pydantic import ConfigDict, Field

from functions.http import Payload
from functions.mapping.match_preview import Match
from functions.mapping.payloads import VerifyBody
from functions.mapping.preview import Preview, RowEffect, RowPreview
from functions.mapping.previews import Tried
from functions.mapping.row_payloads import source_members
from shared.domain.exports import OutcomeKind
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
                    "match": False,
                },
            ],
        },
    )

    records: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_RECORDS)
    existing: dict[str, Any] | None = Field(
        default=None, description="Columns of a Dynamics record that is taken to exist already."
    )
    match: bool = Field(
        default=False,
        description="Looks in Dynamics for the record that exists already, as an export would. "
        "Nothing is written.",
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
    given: Any = Field(description="What the vendor's record holds; null where it is empty.")
    value: Value | None = Field(description="The value in the column's own type.")
    converted: bool = Field(description="Whether the column gets another value than the record holds.")
    reason: str

    @classmethod
    def of(cls, preview: RowPreview) -> "RowPreviewPayload":
        return cls(
            **source_members(preview.mapping_row.source),
            row=preview.row,
            column=preview.mapping_row.column,
            update_option=preview.mapping_row.update_option,
            effect=preview.effect,
            given=preview.given,
            value=preview.value,
            converted=preview.converted,
            reason=preview.reason,
        )


class ChangePayload(Payload):
    """One column of an existing record, before and after."""

    column: str = Field(examples=["jobtitle"])
    label: str = Field(examples=["Job Title"])
    old: Any = Field(description="What Dynamics holds.", examples=["Manager"])
    new: Value = Field(description="What would be sent.", examples=["Director"])


class RuleMatchPayload(Payload):
    """The records of Dynamics that one rule recognizes."""

    rule: str = Field(
        description="vendorId, or one of the preferences' matchRules.", examples=["email", "vendorId"]
    )
    ids: list[str]


class MatchPayload(Payload):
    """What an export would do with the record now."""

    outcome: OutcomeKind = Field(examples=["updated"])
    dynamics_id: str | None = Field(description="The record that exists; null where one would be created.")
    rule: str | None = Field(description="The rule that found it.", examples=["email"])
    candidates: list[RuleMatchPayload] = Field(description="What each rule would find by itself.")
    changes: list[ChangePayload]
    code: str | None
    reason: str | None = Field(description="Why the record would be skipped, fail, or lose a value.")
    column: str | None

    @classmethod
    def of(cls, match: Match) -> "MatchPayload":
        return cls(
            outcome=match.outcome,
            dynamics_id=match.dynamics_id,
            rule=match.rule,
            candidates=[RuleMatchPayload(rule=each.rule, ids=list(each.ids)) for each in match.candidates],
            changes=[
                ChangePayload(column=each.column, label=each.label, old=each.old, new=each.new)
                for each in match.changes
            ],
            code=match.code,
            reason=match.reason,
            column=match.column,
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
    match: MatchPayload | None = Field(description="Null unless the request asks for it.")

    @classmethod
    def of(cls, position: int, preview: Preview, match: Match | None) -> "RecordPreviewPayload":
        return cls(
            position=position,
            vendor_id=preview.vendor_id,
            create=preview.create,
            update=preview.update,
            refused=preview.refused,
            column=preview.column,
            rows=[RowPreviewPayload.of(row) for row in preview.rows],
            match=None if match is None else MatchPayload.of(match),
        )


class PreviewPayload(Payload):
    """What would be sent for each record; `missing` are mapped columns that cannot be written."""

    items: list[RecordPreviewPayload]
    missing: list[str]

    @classmethod
    def of(cls, tried: Tried) -> "PreviewPayload":
        matches: Sequence[Match | None] = tried.matches or [None] * len(tried.previews)
        return cls(
            items=[
                RecordPreviewPayload.of(position, preview, match)
                for position, (preview, match) in enumerate(
                    zip(tried.previews, matches, strict=True), start=1
                )
            ],
            missing=list(tried.missing),
        )

"""Mappings as JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from functions.http import Payload
from functions.mapping.row_payloads import EXAMPLE_ROWS, MappingRowPayload
from functions.mapping.service import Saved
from shared.domain.errors import Problem
from shared.domain.ids import ObjectType
from shared.domain.mapping import Mapping, MappingRow

MOST_ROWS = 1000
_EXAMPLES: dict[str, Any] = {"examples": [{"rows": EXAMPLE_ROWS}]}


class WarningPayload(Payload):
    """Something to know about a mapping that can be saved all the same."""

    code: str = Field(description="Stable name.", examples=["columnMissing"])
    message: str = Field(
        description="What is to be expected, and what can be done.",
        examples=["“Segment” (new_segment) is no longer in your organization; row 7 is left out."],
    )
    row: int | None = Field(default=None, description="Row of the mapping, from 1.", examples=[7])
    vendor_field: str | None = Field(default=None, examples=["companyPrimaryIndustry"])
    column: str | None = Field(default=None, examples=["new_segment"])

    @classmethod
    def of(cls, warning: Problem) -> "WarningPayload":
        return cls(
            code=warning.code,
            message=warning.message,
            row=warning.row,
            vendor_field=warning.vendor_field,
            column=warning.column,
        )


def warning_payloads(warnings: Iterable[Problem]) -> list[WarningPayload]:
    """The warnings, in their order."""
    return [WarningPayload.of(warning) for warning in warnings]


class MappingPayload(Payload):
    """A mapping. Version 0 is the default one, which nobody saved."""

    object: ObjectType
    version: int
    rows: list[MappingRowPayload]
    updated_by: str | None
    updated_at: datetime | None
    warnings: list[WarningPayload] = Field(
        default_factory=list,
        description="What the organization no longer has as the rows need it. These rows are left out.",
    )

    @classmethod
    def of(cls, mapping: Mapping, warnings: Iterable[Problem] = ()) -> "MappingPayload":
        return cls(**mapping_members(mapping, warnings))


class SavedMappingPayload(MappingPayload):
    """The mapping as it was saved."""

    message: str = Field(
        description="Says that it was verified and saved.",
        examples=["The mapping was verified and saved as version 3, with 12 rows. The next export uses it."],
    )

    @classmethod
    def after(cls, saved: Saved) -> "SavedMappingPayload":
        return cls(
            **mapping_members(saved.mapping, saved.warnings),
            message=f"The mapping was verified and saved as version {saved.mapping.version}, "
            f"with {counted(len(saved.mapping.rows))}. The next export uses it.",
        )


def mapping_members(mapping: Mapping, warnings: Iterable[Problem]) -> dict[str, Any]:
    """The members of a mapping's payload."""
    return {
        "object": mapping.object_type,
        "version": mapping.version,
        "rows": [MappingRowPayload.of(row) for row in mapping.rows],
        "updated_by": mapping.updated_by,
        "updated_at": mapping.updated_at,
        "warnings": warning_payloads(warnings),
    }


def counted(rows: int) -> str:
    """How many rows, in words."""
    return "1 row" if rows == 1 else f"{rows} rows"


class MappingBody(Payload):
    """The rows to save, in order of priority. The other members of a mapping that was read are ignored."""

    model_config = ConfigDict(json_schema_extra=_EXAMPLES)

    rows: list[MappingRowPayload] = Field(max_length=MOST_ROWS)
    object: ObjectType | None = Field(default=None, description="Ignored: the path says it.")
    version: int | None = Field(default=None, description="Ignored: each save counts one further.")
    updated_by: str | None = Field(default=None, description="Ignored.", max_length=200)
    updated_at: str | None = Field(default=None, description="Ignored.", max_length=200)
    warnings: list[Any] | None = Field(default=None, description="Ignored.", max_length=1000)
    message: str | None = Field(default=None, description="Ignored.", max_length=1000)

    def to_domain(self) -> tuple[MappingRow, ...]:
        return tuple(row.to_domain() for row in self.rows)


class VerifyBody(Payload):
    """The rows to verify; without them, those in force."""

    model_config = ConfigDict(json_schema_extra=_EXAMPLES)

    rows: list[MappingRowPayload] | None = Field(default=None, max_length=MOST_ROWS)

    def to_domain(self) -> tuple[MappingRow, ...] | None:
        return None if self.rows is None else tuple(row.to_domain() for row in self.rows)


class Verified(Payload):
    """Nothing needs to be adjusted."""

    verified: bool = True
    rows: int = Field(description="How many rows were looked at.")
    message: str = Field(examples=["Nothing needs to be adjusted: 12 rows fit your organization."])
    warnings: list[WarningPayload] = Field(description="What to know all the same; nothing is blocked.")

    @classmethod
    def of(cls, rows: int, warnings: Iterable[Problem]) -> "Verified":
        fit = "fits" if rows == 1 else "fit"
        return cls(
            rows=rows,
            message=f"Nothing needs to be adjusted: {counted(rows)} {fit} your organization.",
            warnings=warning_payloads(warnings),
        )

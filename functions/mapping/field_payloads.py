"""Vendor fields and Dynamics columns as JSON."""

from pydantic import Field

from functions.http import Payload
from shared.domain.fields import Column, ColumnType, RequiredLevel, VendorField, VendorType
from shared.domain.verify import COMPATIBLE


class VendorFieldPayload(Payload):
    """A field of the vendor's people or companies."""

    name: str
    label: str
    type: VendorType
    example: str
    column_types: list[ColumnType] = Field(description="The types of the columns that it may be mapped to.")

    @classmethod
    def of(cls, field: VendorField) -> "VendorFieldPayload":
        return cls(
            name=field.name,
            label=field.label,
            type=field.type,
            example=field.example,
            column_types=sorted(COMPATIBLE[field.type]),
        )


class OptionPayload(Payload):
    """One entry of a choice."""

    value: int
    label: str


class ColumnPayload(Payload):
    """A Dynamics column, as the organization's own metadata describes it."""

    name: str
    label: str
    type: ColumnType
    required: bool
    recommended: bool
    max_length: int | None
    minimum: float | None
    maximum: float | None
    precision: int | None
    options: list[OptionPayload]
    targets: list[str]
    writable_on_create: bool
    writable_on_update: bool
    custom: bool
    mappable: bool = Field(description="Whether a mapping can feed it.")

    @classmethod
    def of(cls, column: Column) -> "ColumnPayload":
        return cls(
            name=column.name,
            label=column.label,
            type=column.type,
            required=column.required,
            recommended=column.required_level is RequiredLevel.RECOMMENDED,
            max_length=column.max_length,
            minimum=column.minimum,
            maximum=column.maximum,
            precision=column.precision,
            options=[OptionPayload(value=option.value, label=option.label) for option in column.options],
            targets=list(column.targets),
            writable_on_create=column.creatable,
            writable_on_update=column.updatable,
            custom=column.custom,
            mappable=column.mappable,
        )

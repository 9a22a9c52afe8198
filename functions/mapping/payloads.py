"""Fields, columns and mappings as JSON."""

import math
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    ConfigDict,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from functions.http import Payload
from shared.domain.fields import Column, ColumnType, RequiredLevel, VendorField, VendorType
from shared.domain.ids import ObjectType
from shared.domain.mapping import (
    ConstantSource,
    Mapping,
    MappingRow,
    OnInvalid,
    Source,
    TemplateSource,
    UpdateOption,
    VendorSource,
)
from shared.domain.verify import COMPATIBLE

_MOST_ROWS = 1000
_LONGEST_CONSTANT = 4000
_LARGEST_NUMBER = 2**63

_EXAMPLE_ROWS: list[JsonValue] = [
    {"template": "{firstName} {lastName} - {companyName}", "column": "subject"},
    {"vendorField": "lastName", "column": "lastname", "updateOption": "fillIfMissing"},
    {"vendorField": "jobTitle", "column": "jobtitle", "updateOption": "overwrite"},
    {"constant": "Vendor", "column": "description", "updateOption": "createOnly", "onInvalid": "skipValue"},
]


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


def _scalar(value: Any, _: Any) -> str | int | float | bool:
    """One error for a constant that is none, instead of one for each type that it could have had."""
    if isinstance(value, str) and len(value) <= _LONGEST_CONSTANT:
        return value
    if isinstance(value, (bool, int, float)) and math.isfinite(value) and abs(value) <= _LARGEST_NUMBER:
        return value
    raise PydanticCustomError(
        "constant_invalid",
        "A constant is a text of at most {longest} characters, a number, true or false",
        {"longest": _LONGEST_CONSTANT},
    )


Constant = Annotated[
    str | int | float | bool,
    WrapValidator(_scalar),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": _LONGEST_CONSTANT},
                {"type": "number", "minimum": -_LARGEST_NUMBER, "maximum": _LARGEST_NUMBER},
                {"type": "boolean"},
            ],
        },
    ),
]


class MappingRowPayload(Payload):
    """One row: exactly one of `vendorField`, `constant` and `template`, and the column that it feeds."""

    vendor_field: str | None = Field(default=None, max_length=200)
    constant: Constant | None = Field(default=None, description="The same value for every record.")
    template: str | None = Field(
        default=None, max_length=2000, description="Vendor fields in braces, joined by text."
    )
    column: str = Field(default="", max_length=200, description="Logical name of the Dynamics column.")
    update_option: UpdateOption = UpdateOption.FILL_IF_MISSING
    on_invalid: OnInvalid = Field(
        default=OnInvalid.SKIP_VALUE, description="What becomes of a value that the column cannot hold."
    )

    @model_validator(mode="after")
    def _one_source(self) -> "MappingRowPayload":
        if sum(source is not None for source in (self.vendor_field, self.constant, self.template)) > 1:
            raise PydanticCustomError(
                "source_ambiguous",
                "A row has exactly one of vendorField, constant and template; remove the others",
            )
        return self

    @model_serializer(mode="wrap")
    def _without_absent_sources(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in dump(self).items() if value is not None}

    def to_domain(self) -> MappingRow:
        return MappingRow(
            source=self._source(),
            column=self.column.strip(),
            update_option=self.update_option,
            on_invalid=self.on_invalid,
        )

    def _source(self) -> Source:
        if self.template is not None:
            return TemplateSource(self.template)
        if self.constant is not None:
            return ConstantSource(self.constant)
        # A row without any source is a blank one: verification names it, with the other problems.
        return VendorSource((self.vendor_field or "").strip())

    @classmethod
    def of(cls, row: MappingRow) -> "MappingRowPayload":
        return cls(
            **source_members(row.source),
            column=row.column,
            update_option=row.update_option,
            on_invalid=row.on_invalid,
        )


def source_members(source: Source) -> dict[str, Any]:
    """The member of a row that says where its value comes from."""
    match source:
        case VendorSource(field):
            return {"vendor_field": field}
        case ConstantSource(value):
            return {"constant": value}
        case TemplateSource(template):
            return {"template": template}


class MappingPayload(Payload):
    """A mapping. Version 0 is the default one, which nobody saved."""

    object: ObjectType
    version: int
    rows: list[MappingRowPayload]
    updated_by: str | None
    updated_at: datetime | None

    @classmethod
    def of(cls, mapping: Mapping) -> "MappingPayload":
        return cls(
            object=mapping.object_type,
            version=mapping.version,
            rows=[MappingRowPayload.of(row) for row in mapping.rows],
            updated_by=mapping.updated_by,
            updated_at=mapping.updated_at,
        )


class MappingBody(Payload):
    """The rows to save, in order of priority. The other members of a mapping that was read are ignored."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rows": _EXAMPLE_ROWS}]})

    rows: list[MappingRowPayload] = Field(max_length=_MOST_ROWS)
    object: ObjectType | None = Field(default=None, description="Ignored: the path says it.")
    version: int | None = Field(default=None, description="Ignored: each save counts one further.")
    updated_by: str | None = Field(default=None, description="Ignored.", max_length=200)
    updated_at: str | None = Field(default=None, description="Ignored.", max_length=200)

    def to_domain(self) -> tuple[MappingRow, ...]:
        return tuple(row.to_domain() for row in self.rows)


class VerifyBody(Payload):
    """The rows to verify; without them, those in force."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rows": _EXAMPLE_ROWS}]})

    rows: list[MappingRowPayload] | None = Field(default=None, max_length=_MOST_ROWS)

    def to_domain(self) -> tuple[MappingRow, ...] | None:
        return None if self.rows is None else tuple(row.to_domain() for row in self.rows)


class Verified(Payload):
    """Nothing needs to be adjusted."""

    verified: bool = True
    rows: int = Field(description="How many rows were looked at.")

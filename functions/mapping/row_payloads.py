"""One row of a mapping as JSON."""

import math
from typing import Annotated, Any

from pydantic import (
    Field,
    GetJsonSchemaHandler,
    JsonValue,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from functions.mapping.option_payloads import RowOptionsPayload
from shared.domain.mapping import (
    ConstantSource,
    MappingRow,
    OnInvalid,
    Source,
    TemplateSource,
    UpdateOption,
    VendorSource,
)
from shared.storage.row_options import pack_options, unpack_options

_LONGEST_CONSTANT = 4000
_LARGEST_NUMBER = 2**63
_ALWAYS = frozenset({"column", "updateOption", "onInvalid"})
_OPTIONS = frozenset(to_camel(name) for name in RowOptionsPayload.model_fields)

EXAMPLE_ROWS: list[JsonValue] = [
    {"template": "{firstName} {lastName} - {companyName}", "column": "subject", "tooLong": "cut"},
    {"vendorField": "lastName", "column": "lastname", "updateOption": "fillIfMissing"},
    {"vendorField": "directPhone", "column": "telephone1", "phoneFormat": "e164"},
    {"vendorField": "companyPhone", "column": "telephone1", "phoneFormat": "e164"},
    {"vendorField": "jobTitle", "column": "jobtitle", "updateOption": "overwrite", "protectEdits": True},
    {
        "vendorField": "companyPrimaryIndustry",
        "column": "industrycode",
        "choices": {"Retail": "Specialty Realty", "Finance": 16},
    },
    {"constant": "Vendor", "column": "description", "updateOption": "createOnly", "onInvalid": "skipValue"},
]


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


class MappingRowPayload(RowOptionsPayload):
    """One row: exactly one of `vendorField`, `constant` and `template`, and the column that it feeds.

    Its options follow; each makes sense for some column types, and is absent where it has its default.
    """

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
    def _without_defaults(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        shown = _ALWAYS | {to_camel(name) for name in self.model_fields_set}
        members = sorted(dump(self).items(), key=lambda member: member[0] in _OPTIONS)
        return {name: value for name, value in members if value is not None and name in shown}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Answers are described by the members too, though the serializer only says that it gives a dict."""
        return handler(_without_serializer(schema))

    def to_domain(self) -> MappingRow:
        return MappingRow(
            source=self._source(),
            column=self.column.strip(),
            update_option=self.update_option,
            on_invalid=self.on_invalid,
            options=unpack_options(self.given_options()),
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
        """The row with the options that differ from the defaults."""
        return cls.model_validate(
            {
                **source_members(row.source),
                "column": row.column,
                "update_option": row.update_option,
                "on_invalid": row.on_invalid,
                **pack_options(row.options),
            },
            strict=False,
        )


def _without_serializer(schema: Any) -> Any:
    """The schema of a model or of the validators around it."""
    kept = {name: value for name, value in schema.items() if name != "serialization"}
    if schema["type"] in {"function-after", "definitions"}:
        kept["schema"] = _without_serializer(kept["schema"])
    return kept


def source_members(source: Source) -> dict[str, Any]:
    """The member of a row that says where its value comes from."""
    match source:
        case VendorSource(field):
            return {"vendor_field": field}
        case ConstantSource(value):
            return {"constant": value}
        case TemplateSource(template):
            return {"template": template}

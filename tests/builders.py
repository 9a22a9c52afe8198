"""Columns, rows, records and mappings for tests, each showing only what matters to the test."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.domain.compiled import CompiledMapping, compile_mapping
from shared.domain.fields import Column, ColumnCatalog, ColumnType, Option, RequiredLevel, VendorField
from shared.domain.ids import ObjectType, TenantId
from shared.domain.mapping import (
    ConstantSource,
    MappingRow,
    OnInvalid,
    TemplateSource,
    UpdateOption,
    VendorSource,
)
from shared.domain.matching import ExistingRecord
from shared.domain.preferences import RULES_OF, ObjectPreferences
from shared.domain.records import UnreadableRecord, VendorRecord
from shared.domain.vendor_catalog import vendor_fields

TENANT = TenantId("contoso")
REQUIRED = RequiredLevel.APPLICATION
OVERWRITE, FILL, CREATE_ONLY = (
    UpdateOption.OVERWRITE,
    UpdateOption.FILL_IF_MISSING,
    UpdateOption.CREATE_ONLY,
)

# The columns of the standard tables that the tests name: name | type | longest or greatest | required.
_LEAD = """
subject String 300 required
firstname String 50
middlename String 50
lastname String 50 required
jobtitle String 100
companyname String 100
emailaddress1 String 100
emailaddress2 String 100
telephone1 String 50
mobilephone String 20
fax String 50
websiteurl String 200
address1_line1 String 250
address1_city String 80
address1_stateorprovince String 50
address1_postalcode String 20
address1_country String 80
numberofemployees Integer 1000000
revenue Money 100000000000000
description Memo 2000
"""

_ACCOUNT = """
name String 160 required
websiteurl String 200
telephone1 String 50
fax String 50
address1_line1 String 250
address1_city String 80
address1_stateorprovince String 50
address1_postalcode String 20
address1_country String 80
numberofemployees Integer 1000000000
revenue Money 100000000000000
tickersymbol String 10
description Memo 2000
"""

LEAD_SOURCES = ("Advertisement", "Employee Referral", "Partner", "Web", "Other")


def column(name: str = "telephone1", kind: ColumnType = ColumnType.STRING, **more: Any) -> Column:
    """A column that can be written, labelled by its own name in title case."""
    return Column(**{"name": name, "label": name.title(), "type": kind, **more})


def choice(name: str, *labels: str, kind: ColumnType = ColumnType.PICKLIST, **more: Any) -> Column:
    """A choice column whose options count from 1 in the order of the labels."""
    options = tuple(Option(number, label) for number, label in enumerate(labels, start=1))
    return column(name, kind, options=options, **more)


def catalog(*columns: Column) -> ColumnCatalog:
    return ColumnCatalog(columns)


def texts(*names: str) -> ColumnCatalog:
    """A table of text columns, 100 long."""
    return catalog(*(column(name, max_length=100) for name in names))


def standard(object_type: ObjectType, *more: Column, without: Sequence[str] = ()) -> ColumnCatalog:
    """The standard table of an organization, as far as the default mapping needs it."""
    lines = (_LEAD if object_type is ObjectType.LEAD else _ACCOUNT).strip().splitlines()
    columns = [_standard_column(*line.split()) for line in lines]
    if object_type is ObjectType.LEAD:
        columns.append(choice("leadsourcecode", *LEAD_SOURCES))
    return catalog(*(each for each in columns if each.name not in without), *more)


def _standard_column(name: str, kind: str, limit: str, required: str = "") -> Column:
    text = kind in {"String", "Memo"}
    limits = {"max_length": int(limit)} if text else {"minimum": 0.0, "maximum": float(limit)}
    level = REQUIRED if required else RequiredLevel.NONE
    return column(name, ColumnType(kind), required_level=level, **limits)


def row(
    field: str,
    to: str,
    option: UpdateOption = FILL,
    *,
    fails: bool = False,
) -> MappingRow:
    """A row from a vendor field."""
    invalid = OnInvalid.FAIL_RECORD if fails else OnInvalid.SKIP_VALUE
    return MappingRow(source=VendorSource(field), column=to, update_option=option, on_invalid=invalid)


def constant(value: Any, to: str, option: UpdateOption = FILL) -> MappingRow:
    return MappingRow(source=ConstantSource(value), column=to, update_option=option)


def template(text: str, to: str, option: UpdateOption = FILL) -> MappingRow:
    return MappingRow(source=TemplateSource(text), column=to, update_option=option)


def compiled(
    columns: Mapping[str, Column],
    *rows: MappingRow,
    fields: Mapping[str, VendorField] | None = None,
) -> CompiledMapping:
    """The rows, compiled for these columns. The vendor's fields are those of people."""
    return compile_mapping(rows, columns, vendor_fields(ObjectType.LEAD) if fields is None else fields)


def record(position: int = 1, **fields: Any) -> VendorRecord:
    return VendorRecord(position, position, fields)


def unreadable(position: int = 1, code: str = "malformedJson") -> UnreadableRecord:
    return UnreadableRecord(position, position, code, f"Line {position} cannot be read.")


def existing(
    row_id: str,
    *,
    read_only: bool = False,
    created: str = "2026-01-01T00:00:00Z",
    **values: Any,
) -> ExistingRecord:
    return ExistingRecord(row_id, f'W/"{row_id}"', values, read_only, created)


def preferences(object_type: ObjectType = ObjectType.LEAD, **decisions: Any) -> ObjectPreferences:
    """The default decisions, but for these."""
    return ObjectPreferences(**{"match_rules": RULES_OF[object_type], **decisions})


def options(made: MappingRow, **given: Any) -> MappingRow:
    """The row with these options."""
    return replace(made, options=replace(made.options, **given))

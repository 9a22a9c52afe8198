"""The mapping that a tenant has before an administrator saves one."""

from collections.abc import Mapping

from shared.domain.errors import Problem
from shared.domain.fields import Column
from shared.domain.ids import ObjectType
from shared.domain.mapping import (
    NO_OPTIONS,
    ConstantSource,
    MappingRow,
    RowOptions,
    Source,
    TemplateSource,
    VendorSource,
)

_OTHER_LEAD_SOURCE = "Other"

# Vendor field | Dynamics column | block. Several rows of one column stand in order of priority.
# A person's address is never completed from the company's: two halves of two addresses are no address. So
# the two stand in one block: the person's, or else the company's.
_LEAD = """
firstName | firstname
middleName | middlename
lastName | lastname
jobTitle | jobtitle
companyName | companyname
email | emailaddress1
supplementalEmail | emailaddress2
directPhone | telephone1
phone | telephone1
companyPhone | telephone1
mobilePhone | mobilephone
fax | fax
companyFax | fax
companyWebsite | websiteurl
street | address1_line1 | address
city | address1_city | address
state | address1_stateorprovince | address
zipCode | address1_postalcode | address
country | address1_country | address
companyStreet | address1_line1 | address
companyCity | address1_city | address
companyState | address1_stateorprovince | address
companyZipCode | address1_postalcode | address
companyCountry | address1_country | address
companyEmployeeCount | numberofemployees
companyRevenueNumeric | revenue
"""

_ACCOUNT = """
name | name
website | websiteurl
phone | telephone1
fax | fax
street | address1_line1 | address
city | address1_city | address
state | address1_stateorprovince | address
zipCode | address1_postalcode | address
country | address1_country | address
employeeCount | numberofemployees
revenue | revenue
ticker | tickersymbol
description | description
"""


def default_rows(object_type: ObjectType, columns: Mapping[str, Column]) -> tuple[MappingRow, ...]:
    """The default rows whose column the organization has, and can be written."""
    return tuple(row for row in _all_rows(object_type, columns) if _fits(row, columns))


def left_out_rows(object_type: ObjectType, columns: Mapping[str, Column]) -> list[Problem]:
    """What the default mapping does without in this organization, a note for each column."""
    missing = dict.fromkeys(row.column for row in _all_rows(object_type, columns) if not _fits(row, columns))
    return [
        Problem(
            "defaultRowLeftOut",
            f"The default mapping does without “{name}”: your organization has no such field, or it cannot "
            "be written. Add a row for another field if you need the data.",
            column=name,
        )
        for name in missing
    ]


def _all_rows(object_type: ObjectType, columns: Mapping[str, Column]) -> list[MappingRow]:
    return _lead_rows(columns) if object_type is ObjectType.LEAD else _vendor_rows(_ACCOUNT)


def _fits(row: MappingRow, columns: Mapping[str, Column]) -> bool:
    return row.column in columns and columns[row.column].mappable


def _lead_rows(columns: Mapping[str, Column]) -> list[MappingRow]:
    topic = _row(TemplateSource("{firstName} {lastName} - {companyName}"), "subject")
    rows = [topic, *_vendor_rows(_LEAD)]
    sources = columns["leadsourcecode"].options if "leadsourcecode" in columns else ()
    other = next((option for option in sources if option.label == _OTHER_LEAD_SOURCE), None)
    if other is not None:
        rows.append(_row(ConstantSource(other.value), "leadsourcecode"))
    return rows


def _vendor_rows(table: str) -> list[MappingRow]:
    lines = (line.split(" | ") for line in table.strip().splitlines())
    return [_row(VendorSource(field), column, *block) for field, column, *block in lines]


def _row(source: Source, column: str, block: str | None = None) -> MappingRow:
    options = NO_OPTIONS if block is None else RowOptions(block=block)
    return MappingRow(source=source, column=column, options=options)

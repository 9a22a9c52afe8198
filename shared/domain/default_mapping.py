"""The mapping that a tenant has before an administrator saves one."""

from collections.abc import Mapping

from shared.domain.fields import Column
from shared.domain.ids import ObjectType
from shared.domain.mapping import ConstantSource, MappingRow, Source, TemplateSource, VendorSource

_OTHER_LEAD_SOURCE = "Other"

# Vendor field | Dynamics column. Several rows of one column stand in order of priority.
# A person's address is never completed from the company's: two halves of two addresses are no address.
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
street | address1_line1
city | address1_city
state | address1_stateorprovince
zipCode | address1_postalcode
country | address1_country
companyEmployeeCount | numberofemployees
companyRevenueNumeric | revenue
"""

_ACCOUNT = """
name | name
website | websiteurl
phone | telephone1
fax | fax
street | address1_line1
city | address1_city
state | address1_stateorprovince
zipCode | address1_postalcode
country | address1_country
employeeCount | numberofemployees
revenue | revenue
ticker | tickersymbol
description | description
"""


def default_rows(object_type: ObjectType, columns: Mapping[str, Column]) -> tuple[MappingRow, ...]:
    """The default rows whose column the organization has, and can be written."""
    rows = _lead_rows(columns) if object_type is ObjectType.LEAD else _vendor_rows(_ACCOUNT)
    return tuple(row for row in rows if row.column in columns and columns[row.column].mappable)


def _lead_rows(columns: Mapping[str, Column]) -> list[MappingRow]:
    topic = _row(TemplateSource("{firstName} {lastName} - {companyName}"), "subject")
    rows = [topic, *_vendor_rows(_LEAD)]
    sources = columns["leadsourcecode"].options if "leadsourcecode" in columns else ()
    other = next((option for option in sources if option.label == _OTHER_LEAD_SOURCE), None)
    if other is not None:
        rows.append(_row(ConstantSource(other.value), "leadsourcecode"))
    return rows


def _vendor_rows(table: str) -> list[MappingRow]:
    pairs = (line.split(" | ") for line in table.strip().splitlines())
    return [_row(VendorSource(field), column) for field, column in pairs]


def _row(source: Source, column: str) -> MappingRow:
    return MappingRow(source=source, column=column)

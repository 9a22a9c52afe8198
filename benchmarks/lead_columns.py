"""Columns of a lead and two mappings onto them, for the mapping engine alone."""

from shared.domain.compiled import CompiledMapping, compile_mapping
from shared.domain.default_mapping import default_rows
from shared.domain.fields import Column, ColumnCatalog, ColumnType, Option
from shared.domain.ids import ObjectType
from shared.domain.mapping import MappingRow, TemplateSource, UpdateOption, VendorSource
from shared.domain.vendor_catalog import vendor_fields

# name | type | longest text, or greatest number
_COLUMNS = """
subject String 300
firstname String 50
middlename String 50
lastname String 50
salutation String 100
jobtitle String 100
companyname String 100
emailaddress1 String 100
emailaddress2 String 100
telephone1 String 50
telephone2 String 50
mobilephone String 20
fax String 50
websiteurl String 200
address1_line1 String 250
address1_city String 80
address1_stateorprovince String 50
address1_postalcode String 20
address1_country String 80
address2_line1 String 250
address2_city String 80
address2_stateorprovince String 50
address2_postalcode String 20
address2_country String 80
sic String 20
description Memo 2000
numberofemployees Integer 1000000
revenue Money 100000000000000
donotphone Boolean -
estimatedclosedate DateTime -
leadsourcecode Picklist -
"""

# Vendor fields in order of priority > column; 40 fields onto 30 columns.
_WIDE = """
firstName > firstname
middleName > middlename
lastName > lastname
salutation > salutation
jobTitle, jobFunction, managementLevel > jobtitle
companyName, companyDivision > companyname
email, supplementalEmail > emailaddress1
supplementalEmail > emailaddress2
directPhone, phone, companyPhone > telephone1
companyPhone > telephone2
mobilePhone > mobilephone
fax, companyFax > fax
externalUrl, companyWebsite > websiteurl
street > address1_line1
city, metroArea > address1_city
state, region > address1_stateorprovince
zipCode > address1_postalcode
country, continent > address1_country
companyStreet > address2_line1
companyCity > address2_city
companyState > address2_stateorprovince
companyZipCode > address2_postalcode
companyCountry, companyContinent > address2_country
companySicCodes, companyNaicsCodes > sic
companyDescription, education, techSkills > description
companyEmployeeCount > numberofemployees
companyRevenueNumeric > revenue
directPhoneDoNotCall > donotphone
lastUpdatedDate, validDate > estimatedclosedate
"""

_OVERWRITTEN = frozenset({"jobtitle", "telephone1", "numberofemployees", "revenue", "estimatedclosedate"})


def columns() -> ColumnCatalog:
    """The columns as an organization would describe them."""
    return ColumnCatalog(_column(*line.split()) for line in _COLUMNS.strip().splitlines())


def usual_mapping() -> CompiledMapping:
    """The mapping of a tenant whose administrator saved none."""
    catalog = columns()
    return compile_mapping(default_rows(ObjectType.LEAD, catalog), catalog, vendor_fields(ObjectType.LEAD))


def wide_mapping() -> CompiledMapping:
    """40 vendor fields onto 30 columns: fallbacks, a template, choices of when to write, five conversions."""
    topic = MappingRow(source=TemplateSource("{firstName} {lastName} - {companyName}"), column="subject")
    rows = [topic, *(row for line in _WIDE.strip().splitlines() for row in _rows(line))]
    return compile_mapping(rows, columns(), vendor_fields(ObjectType.LEAD))


def _column(name: str, kind: str, limit: str) -> Column:
    number = None if limit == "-" else int(limit)
    is_text = kind in {ColumnType.STRING, ColumnType.MEMO}
    return Column(
        name=name,
        label=name.title(),
        type=ColumnType(kind),
        max_length=number if is_text else None,
        minimum=None if is_text or number is None else 0,
        maximum=None if is_text else number,
        behavior="UserLocal" if kind == ColumnType.DATE_TIME else None,
        format="DateOnly" if kind == ColumnType.DATE_TIME else None,
        options=(Option(1, "Advertisement"), Option(10, "Other")) if kind == ColumnType.PICKLIST else (),
    )


def _rows(line: str) -> list[MappingRow]:
    fields, column = line.split(" > ")
    option = UpdateOption.OVERWRITE if column in _OVERWRITTEN else UpdateOption.FILL_IF_MISSING
    return [
        MappingRow(source=VendorSource(field), column=column, update_option=option)
        for field in fields.split(", ")
    ]

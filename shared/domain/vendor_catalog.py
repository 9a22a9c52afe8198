"""The vendor's fields of people and companies: what a mapping may take its values from."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from shared.domain.fields import VendorField, VendorType
from shared.domain.ids import ObjectType

_THOUSANDS = frozenset({"revenue", "ultimateParentRevenue"})

_LONGEST_OF_TYPE = {VendorType.PHONE: 25, VendorType.URL: 250, VendorType.LIST: 500}
_LONGEST = {
    "companyDescription": 4000,
    "companyName": 160,
    "description": 4000,
    "jobTitle": 150,
    "name": 160,
    "street": 250,
}
"""How long texts of these fields may well be, in characters."""

_OFTEN_EMPTY = frozenset(
    {
        *("middleName", "salutation", "suffix", "supplementalEmail", "directPhone", "mobilePhone", "fax"),
        *("birthday", "externalUrl", "externalUrls", "picture", "education", "techSkills", "companyDivision"),
        *("companyFax", "companyTicker", "ticker", "yearsOfExperience", "positionStartDate", "metroArea"),
        *("parentId", "parentName", "recentFundingDate", "noticeProvidedDate", "street", "zipCode"),
    },
)

# name | label | type | example
_PEOPLE = """
id | Contact ID | integer | 1000000001
firstName | First Name | text | Ada
middleName | Middle Name | text | M.
lastName | Last Name | text | Ngata
salutation | Salutation | text | Ms.
suffix | Suffix | text | PhD
jobTitle | Job Title | text | Director of Revenue Operations
jobFunction | Job Function | list | Sales Operations
managementLevel | Management Level | list | Director
email | Email Address | email | ada.ngata@contoso.example
supplementalEmail | Supplemental Email | email | ada@ngata.example
directPhone | Direct Phone | phone | (425) 555-0142
phone | Phone | phone | (425) 555-0142
mobilePhone | Mobile Phone | phone | (425) 555-0143
fax | Fax | phone | (425) 555-0144
directPhoneDoNotCall | Direct Phone Do Not Call | boolean | false
mobilePhoneDoNotCall | Mobile Phone Do Not Call | boolean | true
street | Person Street | text | 12 Harbor Way, Suite 4
city | Person City | text | Seattle
state | Person State | text | Washington
zipCode | Person Zip Code | text | 98101
region | Person Region | text | Washington
metroArea | Person Metro Area | text | WA - Seattle
country | Person Country | text | United States
continent | Person Continent | text | North America
birthday | Birthday | date | 1980-02-29
externalUrl | Person Website | url | https://ngata.example
externalUrls | Person Social URLs | list | https://www.linkedin.com/in/example
picture | Picture URL | url | https://img.example/ada.png
education | Education | list | State University
techSkills | Technology Skills | list | Python
yearsOfExperience | Years of Experience | text | 12
positionStartDate | Position Start Date | datetime | 2021-03-01T00:00:00Z
contactAccuracyScore | Contact Accuracy Score | integer | 95
personHasMoved | Person Has Moved | text | Uncertain
withinEu | Within EU | boolean | false
withinCalifornia | Within California | boolean | false
withinCanada | Within Canada | boolean | false
hasCanadianEmail | Has Canadian Email | boolean | false
validDate | Last Validated Date | datetime | 2026-05-02T08:11:00Z
lastUpdatedDate | Last Updated Date | datetime | 2026-05-02T08:11:00Z
noticeProvidedDate | Notice Provided Date | date | 2024-02-14
companyId | Company ID | integer | 2000000001
companyName | Company Name | text | Contoso Ltd
companyDivision | Company Division | text | Retail
companyDescription | Company Description | text | Contoso makes outdoor equipment.
companyPhone | Company Phone | phone | (425) 555-0100
companyFax | Company Fax | phone | (425) 555-0101
companyStreet | Company Street | text | 1 Contoso Plaza
companyCity | Company City | text | Redmond
companyState | Company State | text | Washington
companyZipCode | Company Zip Code | text | 98052
companyCountry | Company Country | text | United States
companyContinent | Company Continent | text | North America
companyWebsite | Company Website | url | https://www.contoso.example
companyLogo | Company Logo URL | url | https://img.example/contoso.png
companyRevenue | Company Revenue (text) | text | 400 Million
companyRevenueNumeric | Company Revenue | decimal | 400000000
companyRevenueRange | Company Revenue Range | text | $250 mil. - $500 mil.
companyEmployeeCount | Company Employee Count | integer | 1600
companyEmployeeRange | Company Employee Range | text | 1,000 - 5,000
companyType | Company Type | text | private
companyTicker | Company Ticker | text | NASDAQ: CTSO
companySicCodes | Company SIC Codes | list | 5091
companyNaicsCodes | Company NAICS Codes | list | 423910
companyPrimaryIndustry | Company Primary Industry | list | Retail
companyIndustries | Company Industries | list | Retail; Sporting Goods
companySocialMediaUrls | Company Social Media URLs | list | https://www.linkedin.com/company/example
isDefunct | Company Is Defunct | boolean | false
"""

_COMPANIES = """
id | Company ID | integer | 2000000001
name | Company Name | text | Contoso Ltd
website | Website | url | https://www.contoso.example
domainList | Domains | list | contoso.example
phone | Company Phone | phone | (425) 555-0100
fax | Company Fax | phone | (425) 555-0101
street | Street | text | 1 Contoso Plaza
city | City | text | Redmond
state | State | text | Washington
zipCode | Zip Code | text | 98052
metroArea | Metro Area | text | WA - Seattle
country | Country | text | United States
continent | Continent | text | North America
ticker | Ticker | text | CTSO
revenue | Revenue | decimal | 400000
revenueRange | Revenue Range | text | $250 mil. - $500 mil.
employeeCount | Employee Count | integer | 1600
employeeRange | Employee Range | text | 1,000 - 5,000
locationCount | Location Count | integer | 14
primaryIndustry | Primary Industry | list | Retail
subIndustry | Sub-Industry | text | Sporting Goods
industries | Industries | list | Retail; Sporting Goods
sicCodes | SIC Codes | list | 5091
naicsCodes | NAICS Codes | list | 423910
type | Company Type | text | private
businessModel | Business Model | list | B2C
foundedYear | Founded Year | text | 1994
description | Description | text | Contoso makes outdoor equipment.
logo | Logo URL | url | https://img.example/contoso.png
socialMediaUrls | Social Media URLs | list | https://www.linkedin.com/company/example
products | Products | list | Tents; Backpacks
parentId | Parent Company ID | integer | 2000000000
parentName | Parent Company Name | text | Contoso Holdings
ultimateParentId | Ultimate Parent ID | integer | 2000000000
ultimateParentName | Ultimate Parent Name | text | Contoso Holdings
ultimateParentRevenue | Ultimate Parent Revenue | decimal | 900000
ultimateParentEmployees | Ultimate Parent Employees | integer | 4200
subUnitType | Sub-Unit Type | text | Subsidiary
companyStatus | Company Status | text | ALIVE
companyStatusDate | Company Status Date | datetime | 2026-01-31T00:00:00Z
recentFundingDate | Recent Funding Date | datetime | 2025-06-30T00:00:00Z
createdDate | Created Date | datetime | 2019-08-14T00:00:00Z
lastUpdatedDate | Last Updated Date | datetime | 2026-05-02T08:11:00Z
certified | Certified | boolean | true
isDefunct | Is Defunct | boolean | false
"""


@cache
def vendor_fields(object_type: ObjectType) -> Mapping[str, VendorField]:
    """The vendor's fields for one object, by name, in the order in which a person reads them."""
    table = _PEOPLE if object_type is ObjectType.LEAD else _COMPANIES
    rows = (line.split(" | ") for line in table.strip().splitlines())
    return MappingProxyType({name: _field(name, *described) for name, *described in rows})


def _field(name: str, label: str, kind: str, example: str) -> VendorField:
    vendor_type = VendorType(kind)
    return VendorField(
        name,
        label,
        vendor_type,
        example,
        1000 if name in _THOUSANDS else 1,
        longest=_LONGEST.get(name, _LONGEST_OF_TYPE.get(vendor_type)),
        often_empty=name in _OFTEN_EMPTY,
    )

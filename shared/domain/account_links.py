"""The account of a lead's company: how it is found, and what it is made of where there is none."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.fields import Column
from shared.domain.ids import ObjectType
from shared.domain.mapping import LookupRule, MappingRow, RowOptions, VendorSource
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.websites import website_domain

COLUMN = "parentaccountid"
_ACCOUNT = ObjectType.ACCOUNT.value
_PREFIX = "company"
# By the key under which this service would have made the account, by its website, by its name.
_FOUND_BY = (("companyId", "accountid"), ("companyWebsite", "websiteurl"), ("companyName", "name"))


def link_rows(rows: Sequence[MappingRow], columns: Mapping[str, Column]) -> tuple[MappingRow, ...]:
    """Rows that bind a lead to its company's account; none where an administrator maps that column."""
    if bind_name(columns) is None or any(row.column == COLUMN for row in rows):
        return ()
    return tuple(
        MappingRow(
            source=VendorSource(field),
            column=COLUMN,
            options=RowOptions(lookup=LookupRule(_ACCOUNT, found_by), quiet=True),
        )
        for field, found_by in _FOUND_BY
    )


def bind_name(columns: Mapping[str, Column]) -> str | None:
    """The property that binds a lead to an account; None where the organization has none."""
    column = columns.get(COLUMN)
    bound = None if column is None else dict(column.navigation).get(_ACCOUNT)
    return None if bound is None else f"{bound}@odata.bind"


def company_of(person: Mapping[str, Any]) -> dict[str, Any] | None:
    """The company of a person, as a vendor record of its own; None for one without a name.

    Without an id it has one made of its website or name, so that colleagues have one company.
    """
    known = vendor_fields(ObjectType.ACCOUNT)
    company = {
        own: value
        for field, value in person.items()
        if field.startswith(_PREFIX) and (own := _own_name(field)) in known
    }
    name = company.get("name")
    if not isinstance(name, str) or not name.strip():
        return None
    if not company.get("id"):
        website = company.get("website")
        domain = website_domain(website) if isinstance(website, str) else ""
        company["id"] = f"company-{domain or name.strip().casefold()}"
    return company


def _own_name(field: str) -> str:
    """`companyZipCode` of a person is `zipCode` of the company."""
    rest = field.removeprefix(_PREFIX)
    return rest[:1].lower() + rest[1:]

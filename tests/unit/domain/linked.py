"""Lookups for tests: columns, the tables that they point at, and the records that were found."""

from typing import Any

from shared.domain.compiled.lookups import Links, LookupQuestion, LookupTarget, TargetColumn, links_of
from shared.domain.fields import Column, ColumnType
from shared.domain.mapping import ConstantSource, LookupRule, MappingRow
from tests.builders import OVERWRITE, column, options, row

ACCOUNT = LookupTarget(
    table="account",
    label="Account",
    entity_set="accounts",
    primary_id="accountid",
    columns={
        "accountid": TargetColumn(ColumnType.UNIQUE_IDENTIFIER, "Account"),
        "name": TargetColumn(ColumnType.STRING, "Account Name"),
        "websiteurl": TargetColumn(ColumnType.STRING, "Website", is_url=True),
        "revenue": TargetColumn(ColumnType.MONEY, "Annual Revenue"),
        "statecode": TargetColumn(ColumnType.STATE, "Status"),
    },
    has_state=True,
)
USER = LookupTarget(
    table="systemuser",
    label="User",
    entity_set="systemusers",
    primary_id="systemuserid",
    columns={"internalemailaddress": TargetColumn(ColumnType.STRING, "Primary Email")},
    has_state=False,
)
TARGETS = {"account": ACCOUNT, "systemuser": USER}

PARENT = column(
    "parentaccountid", ColumnType.LOOKUP, targets=("account",), navigation=(("account", "parentaccountid"),)
)
CUSTOMER = column(
    "customerid",
    ColumnType.CUSTOMER,
    targets=("account", "contact"),
    navigation=(("account", "customerid_account"), ("contact", "customerid_contact")),
)
OWNER = column(
    "ownerid",
    ColumnType.OWNER,
    targets=("systemuser", "team"),
    navigation=(("systemuser", "ownerid"), ("team", "ownerid")),
)

ONE, TWO, THREE = (f"{digit}" * 8 + "-0000-4000-8000-000000000000" for digit in "123")


def lookup(field: str, to: Column, table: str = "account", by: str = "name", **more: Any) -> MappingRow:
    """A row whose record is found by a column of a table."""
    return options(row(field, to.name, **more), lookup=LookupRule(table, by))


def fixed_owner(email: str) -> MappingRow:
    rule = LookupRule("systemuser", "internalemailaddress")
    return options(
        MappingRow(source=ConstantSource(email), column="ownerid", update_option=OVERWRITE), lookup=rule
    )


def found(target: LookupTarget, by: str, *rows: dict[str, Any]) -> Links:
    """What Dynamics answered, whatever was asked."""
    return links_of([(LookupQuestion(target, by, ()), rows)])

"""How a row's values read on a page: labels of choices, numbers with separators, dates without a T."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local.emulators.dataverse.schema import LOOKUPS, Column, ColumnType, Table

FORMATTED = "OData.Community.Display.V1.FormattedValue"
LOOKUP_TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname"
NUMBERS = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.DOUBLE, ColumnType.MONEY})
HIDDEN = frozenset({ColumnType.VIRTUAL, ColumnType.ENTITY_NAME, ColumnType.IMAGE})

# The columns a person looks for first, where a table has them; the primary name stands before them.
WANTED = {
    "lead": "companyname jobtitle emailaddress1 telephone1 address1_country statuscode createdon",
    "account": "websiteurl telephone1 address1_country industrycode numberofemployees revenue createdon",
    "contact": "jobtitle emailaddress1 telephone1 parentcustomerid createdon",
    "systemuser": "internalemailaddress isdisabled azureactivedirectoryobjectid createdon",
}
OTHERWISE = "emailaddress1 websiteurl description statuscode createdon modifiedon"
SEARCHED = (
    "name fullname firstname lastname companyname subject emailaddress1 emailaddress internalemailaddress "
    "domainname websiteurl accountnumber telephone1 isocurrencycode"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: the text to show, where it leads (None: nowhere), and whether it is a number."""

    text: str
    href: str | None = None
    number: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One filled column on a row's page."""

    label: str
    name: str
    cell: Cell


def shown_columns(table: Table) -> list[Column]:
    """The columns that can be shown at all: what rows carry under their own name."""
    return [
        column
        for column in table.columns.values()
        if column.readable and column.attribute_of is None and column.type not in HIDDEN
    ]


def default_columns(table: Table) -> list[str]:
    """What the grid shows before anybody chose: the primary name, the wanted columns, a customizer's own."""
    wanted = WANTED.get(table.logical_name, OTHERWISE).split()
    custom = [one.name for one in shown_columns(table) if one.name.startswith("new_")]
    names = [table.primary_name or table.primary_id, *custom, *wanted]
    return [name for name in dict.fromkeys(names) if name in table.columns]


def searched_columns(table: Table) -> list[str]:
    """The text columns that the search box looks into."""
    names = [table.primary_name or "", *SEARCHED.split()]
    return [name for name in dict.fromkeys(names) if name in table.columns]


def cell(column: Column, row: Mapping[str, Any]) -> Cell:
    """The column's value in this row, readable; an empty text where there is none."""
    value = row.get(column.wire_name)
    if value is None or value == "":
        return Cell("")
    if column.type in LOOKUPS:
        return _lookup(column, row, str(value))
    if column.options:
        return Cell(_chosen(column, value))
    if column.type in NUMBERS:
        return Cell(_number(column, value), number=True)
    return Cell(_text(column, value), _web_address(column, str(value)))


def filled_fields(table: Table, row: Mapping[str, Any]) -> list[Field]:
    """The row's columns that hold something, by label."""
    fields = [
        Field(column.label or column.name, column.name, cell(column, row)) for column in shown_columns(table)
    ]
    return sorted((one for one in fields if one.cell.text), key=lambda one: one.label.lower())


def moment_text(value: str) -> str:
    """A kept point in time, to the minute."""
    return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M}"


def title_of(table: Table, row: Mapping[str, Any]) -> str:
    """What the row is called: its primary name, else its id."""
    named = row.get(table.primary_name) if table.primary_name else None
    return str(named or row.get(table.primary_id) or table.label)


def _lookup(column: Column, row: Mapping[str, Any], value: str) -> Cell:
    target = row.get(f"{column.wire_name}@{LOOKUP_TABLE}") or next(iter(column.targets), None)
    text = row.get(f"{column.wire_name}@{FORMATTED}") or value
    return Cell(text, f"/view/{target}/{value}" if target else None)


def _chosen(column: Column, value: Any) -> str:
    labels = {option.value: option.label for option in column.options}
    if column.type == ColumnType.MULTI_SELECT:
        return "; ".join(labels.get(int(one), one) for one in str(value).split(","))
    return labels.get(int(value), str(value))


def _number(column: Column, value: float) -> str:
    if column.type == ColumnType.INTEGER:
        return f"{int(value):,}" if column.format is None else str(value)
    text = f"{value:,.{column.precision if column.precision is not None else 2}f}"
    return text if column.type == ColumnType.MONEY else text.rstrip("0").rstrip(".")


def _text(column: Column, value: Any) -> str:
    if column.type != ColumnType.DATE_TIME:
        return str(value)
    return str(value)[:10] if column.format == "DateOnly" else moment_text(str(value))


def _web_address(column: Column, value: str) -> str | None:
    if column.format == "Email":
        return f"mailto:{value}"
    return value if column.format == "Url" and value.startswith(("https://", "http://")) else None

"""The columns that Dataverse makes along with another: names, base currency values, image ids."""

from collections.abc import Callable
from typing import Final

from local.emulators.dataverse.schema import Column, ColumnType, Table


def companions(table: Table, column: Column) -> tuple[Column, ...]:
    """What comes along with a new column of the table."""
    make = _MAKERS.get(column.type)
    return make(table, column) if make else ()


def _read_only(schema_name: str, kind: ColumnType, of: str | None, **more: object) -> Column:
    values: dict[str, object] = {
        "name": schema_name.lower(),
        "schema_name": schema_name,
        "type": kind,
        "attribute_of": of,
        "creatable": False,
        "updatable": False,
        "on_forms": False,
        "logical": of is not None,
        "custom": True,
    }
    return Column(**(values | more))  # type: ignore[arg-type]  # the fields are those of Column


def _virtual_name(_: Table, column: Column) -> tuple[Column, ...]:
    return (_read_only(column.schema_name + "Name", ColumnType.VIRTUAL, column.name),)


def _lookup_name(_: Table, column: Column) -> tuple[Column, ...]:
    name = column.schema_name + "Name"
    return (_read_only(name, ColumnType.STRING, column.name, max_length=4_000, format="Text"),)


def _customer_names(table: Table, column: Column) -> tuple[Column, ...]:
    kind = _read_only(column.schema_name + "Type", ColumnType.ENTITY_NAME, column.name)
    return (*_lookup_name(table, column), kind)


def _base_value(table: Table, column: Column) -> tuple[Column, ...]:
    """The value in the organization's currency; the first money of a table brings the currency itself."""
    base = _read_only(
        column.schema_name + "_Base",
        ColumnType.MONEY,
        None,
        label=f"{column.label} (Base)",
        minimum=column.minimum,
        maximum=column.maximum,
        precision=column.precision,
        precision_source=column.precision_source,
        on_forms=True,
    )
    if "transactioncurrencyid" in table.columns:
        return (base,)
    currency = Column(
        name="transactioncurrencyid",
        schema_name="TransactionCurrencyId",
        type=ColumnType.LOOKUP,
        label="Currency",
        targets=("transactioncurrency",),
    )
    rate = _read_only(
        "ExchangeRate",
        ColumnType.DECIMAL,
        None,
        label="Exchange Rate",
        minimum=1e-12,
        maximum=100_000_000_000,
        precision=12,
        custom=False,
        on_forms=True,
    )
    return (base, currency, *_lookup_name(table, currency), rate)


def _file_name(_: Table, column: Column) -> tuple[Column, ...]:
    """The name of the file in a read-only text column, as in "Use file column data"."""
    name = column.schema_name + "_Name"
    return (_read_only(name, ColumnType.STRING, column.name, max_length=512, format="Text"),)


def _image_parts(_: Table, column: Column) -> tuple[Column, ...]:
    """An image's id, the time of its last change and its address, as in "Use image column data"."""
    of = column.name + "id"
    return (
        _read_only(column.schema_name + "Id", ColumnType.UNIQUEIDENTIFIER, None),
        _read_only(column.schema_name + "_Timestamp", ColumnType.BIG_INT, of),
        _read_only(column.schema_name + "_URL", ColumnType.STRING, of, max_length=200, format="Url"),
    )


_MAKERS: Final[dict[ColumnType, Callable[[Table, Column], tuple[Column, ...]]]] = {
    ColumnType.BOOLEAN: _virtual_name,
    ColumnType.PICKLIST: _virtual_name,
    ColumnType.MULTI_SELECT: _virtual_name,
    ColumnType.LOOKUP: _lookup_name,
    ColumnType.CUSTOMER: _customer_names,
    ColumnType.MONEY: _base_value,
    ColumnType.FILE: _file_name,
    ColumnType.IMAGE: _image_parts,
}

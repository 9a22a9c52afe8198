"""Values of columns: from the JSON of a request to what SQLite keeps, each column's rules compiled once."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import EDM, Kind, Property
from local.emulators.dataverse.schema import ZONELESS, Column, ColumnType, Table

Converter = Callable[[Any], Any]

GUID: Final = re.compile(r"\{?([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})\}?")
EARLIEST: Final = datetime(1753, 1, 1, tzinfo=UTC)
MOST_SELECTIONS: Final = 150  # "Column (attribute) definitions": of a multi-select choice
INT32: Final = (-(2**31), 2**31 - 1)


def fold(text: str | None) -> str | None:
    """The form in which two texts are equal to Dataverse: case and trailing spaces do not count."""
    return None if text is None else text.casefold().rstrip(" ")


def converter(table: Table, prop: Property) -> Converter:
    """What turns a JSON value other than null into the kept value, or refuses it."""
    return _BY_KIND.get(prop.kind, _number)(table, prop.column)


def as_literal(value: Any) -> str:
    """A value as .NET prints it in an error."""
    return str(value)


def _text(table: Table, column: Column) -> Converter:
    limit = column.max_length or 1_073_741_823
    half = limit // 2

    def convert(value: Any) -> str | None:
        if value.__class__ is not str:
            raise errors.wrong_type(table.entity_set, as_literal(value), "Edm.String")
        # Dataverse counts UTF-16 units; a character is one or two of them.
        if len(value) > half and len(value.encode("utf-16-le", "surrogatepass")) > 2 * limit:
            raise errors.too_long(column.name, table.logical_name, limit)
        return value or None

    return convert


def _flag(table: Table, _: Column) -> Converter:
    def convert(value: Any) -> int:
        if value is True or value is False:
            return int(value)
        if isinstance(value, str) and value.lower() in {"true", "false"}:
            return int(value.lower() == "true")
        raise errors.wrong_type(table.entity_set, as_literal(value), "Edm.Boolean")

    return convert


def _guid(table: Table, _: Column) -> Converter:
    def convert(value: Any) -> str:
        found = GUID.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise errors.wrong_type(table.entity_set, as_literal(value), "Edm.Guid")
        return found[1].lower()

    return convert


def parse_moment(text: str) -> datetime | None:
    """A point in time from ISO 8601, UTC where no offset stands; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_clock_time(text: str) -> datetime | None:
    """What a clock shows at a point in time, wherever the clock stands; None where the text is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


def write_moment(moment: datetime) -> str:
    """A point in time as the Web API shows it: UTC, whole seconds."""
    return moment.isoformat()[:19] + "Z"


def _moment(table: Table, column: Column) -> Converter:
    read = parse_clock_time if column.behavior == ZONELESS else parse_moment

    def convert(value: Any) -> str:
        found = read(value) if isinstance(value, str) else None
        if found is None:
            raise errors.wrong_type(table.entity_set, as_literal(value), "Edm.DateTimeOffset")
        if found < EARLIEST:
            raise errors.date_out_of_range(found.strftime("%m/%d/%Y %H:%M:%S"))
        return write_moment(found)

    return convert


def _date(table: Table, _: Column) -> Converter:
    def convert(value: Any) -> str:
        try:
            found = date.fromisoformat(value)
        except (ValueError, TypeError) as error:
            raise errors.wrong_type(table.entity_set, as_literal(value), "Edm.Date") from error
        if found < EARLIEST.date():
            raise errors.date_out_of_range(found.strftime("%m/%d/%Y 00:00:00"))
        return found.isoformat()

    return convert


def _choices(table: Table, column: Column) -> Converter:
    accepted = tuple(option.value for option in column.options)

    def convert(value: Any) -> str | None:
        if not isinstance(value, str):
            raise errors.wrong_type(table.entity_set, as_literal(value), "Edm.String")
        try:
            chosen = {int(part) for part in value.split(",") if part.strip()}
        except ValueError as error:
            raise errors.wrong_type(table.entity_set, value, "Edm.Int32") from error
        if len(chosen) > MOST_SELECTIONS:
            raise errors.too_many_selections(MOST_SELECTIONS)
        for number in sorted(chosen - set(accepted) if accepted else ()):
            raise errors.option_out_of_set(number, column.name, table.logical_name, accepted)
        return ",".join(map(str, sorted(chosen))) or None

    return convert


def _number(table: Table, column: Column) -> Converter:
    if column.type in {ColumnType.PICKLIST, ColumnType.STATE, ColumnType.STATUS}:
        return _option(table, column)
    if column.type in {ColumnType.INTEGER, ColumnType.BIG_INT}:
        return _integer(table, column)
    return _decimal(table, column)


def _whole(table: Table, edm: str) -> Callable[[Any], int]:
    """A whole number as the OData reader accepts it: an Int32 may be quoted, an Int64 may not."""

    def read(value: Any) -> int:
        if value.__class__ is int:
            return int(value)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, str) and edm == "Edm.Int64":
            raise errors.text_for_number(table.entity_set, edm)
        if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]+\s*", value, re.ASCII):
            return int(value)
        raise errors.wrong_type(table.entity_set, as_literal(value), edm)

    return read


def _option(table: Table, column: Column) -> Converter:
    accepted = tuple(option.value for option in column.options)
    quick = frozenset(accepted)
    read = _whole(table, "Edm.Int32")

    def convert(value: Any) -> int:
        number = value if value.__class__ is int else read(value)
        if number not in quick and quick:
            raise errors.option_out_of_set(number, column.name, table.logical_name, accepted)
        return int(number)

    return convert


def _integer(table: Table, column: Column) -> Converter:
    edm = EDM[column.type]
    low, high = INT32 if edm == "Edm.Int32" else (-(2**63), 2**63 - 1)
    minimum = low if column.minimum is None else max(low, int(column.minimum))
    maximum = high if column.maximum is None else min(high, int(column.maximum))
    read = _whole(table, edm)

    def convert(value: Any) -> int:
        number = value if value.__class__ is int else read(value)
        if not low <= number <= high:
            raise errors.wrong_type(table.entity_set, as_literal(value), edm)
        if not minimum <= number <= maximum:
            raise errors.integer_out_of_range(number, column.name, table.logical_name)
        return int(number)

    return convert


def _decimal(table: Table, column: Column) -> Converter:
    edm = EDM[column.type]
    minimum = float("-inf") if column.minimum is None else column.minimum
    maximum = float("inf") if column.maximum is None else column.maximum
    digits = 10 if column.precision is None else column.precision

    def convert(value: Any) -> float:
        if value.__class__ is not float and value.__class__ is not int:
            raise _no_decimal(table, value, edm)
        if not minimum <= value <= maximum:
            raise errors.decimal_out_of_range(value, column.name, table.logical_name)
        return round(float(value), digits)

    return convert


def _no_decimal(table: Table, value: Any, edm: str) -> errors.DataverseError:
    if isinstance(value, str) and edm == "Edm.Decimal":
        return errors.text_for_number(table.entity_set, edm)
    return errors.wrong_type(table.entity_set, as_literal(value), edm)


def _binary(table: Table, _: Column) -> Converter:
    def convert(value: Any) -> str:
        if not isinstance(value, str):
            raise errors.wrong_type(table.entity_set, as_literal(value), "Edm.Binary")
        return value

    return convert


_BY_KIND: Final[dict[Kind, Callable[[Table, Column], Converter]]] = {
    Kind.TEXT: _text,
    Kind.FLAG: _flag,
    Kind.GUID: _guid,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.CHOICES: _choices,
    Kind.BINARY: _binary,
}

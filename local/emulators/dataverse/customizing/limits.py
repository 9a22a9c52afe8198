"""The limits and formats that columns of each type may have, and those of a new column that names none."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.schema import Column, ColumnType

Values = dict[str, Any]
INT32: Final = (-(2**31), 2**31 - 1)
INT64: Final = (-(2**63), 2**63 - 1)
HUNDRED_BILLION: Final = (-100_000_000_000, 100_000_000_000)
MONEY_RANGE: Final = (-922_337_203_685_477, 922_337_203_685_477)

# "Column (attribute) definitions", string formats and integer formats.
TEXT_FORMATS: Final = frozenset(
    {
        "Email",
        "Text",
        "TextArea",
        "Url",
        "TickerSymbol",
        "PhoneticGuide",
        "VersionNumber",
        "Phone",
        "Json",
        "RichText",
    }
)
WHOLE_FORMATS: Final = frozenset({"None", "Duration", "TimeZone", "Language", "Locale"})
DAY_FORMATS: Final = frozenset({"DateOnly", "DateAndTime"})
BEHAVIORS: Final = frozenset({"UserLocal", "DateOnly", "TimeZoneIndependent"})


def limits(kind: ColumnType, body: Mapping[str, Any], before: Column | None = None) -> Values:
    """The fields of a column that its type asks for, from a body; what it does not name stays or is usual."""
    read = _READERS.get(kind)
    return read(body, before) if read else {}


def _texts(longest: int, usual: int, form: str) -> Callable[[Mapping[str, Any], Column | None], Values]:
    def read(body: Mapping[str, Any], before: Column | None) -> Values:
        named = body.get("FormatName")
        given = named.get("Value") if isinstance(named, Mapping) else body.get("Format")
        chosen = _one_of(given, TEXT_FORMATS, (before and before.format) or form, "FormatName")
        length = _whole(body, "MaxLength", (before and before.max_length) or usual, (1, longest))
        number = body.get("AutoNumberFormat", before.auto_number if before else None) or None
        if number and chosen != "Text":
            raise refusals.invalid("AutoNumberFormat needs the format Text.")
        return {"max_length": length, "format": chosen, "auto_number": number}

    return read


def _whole_number(bounds: tuple[int, int]) -> Callable[[Mapping[str, Any], Column | None], Values]:
    def read(body: Mapping[str, Any], before: Column | None) -> Values:
        chosen = _one_of(body.get("Format"), WHOLE_FORMATS, (before and before.format) or "None", "Format")
        return _range(body, before, bounds) | {"format": None if chosen == "None" else chosen}

    return read


def _fraction(bounds: tuple[int, int], finest: int) -> Callable[[Mapping[str, Any], Column | None], Values]:
    def read(body: Mapping[str, Any], before: Column | None) -> Values:
        usual = 2 if before is None or before.precision is None else before.precision
        return _range(body, before, bounds) | {"precision": _whole(body, "Precision", usual, (0, finest))}

    return read


def _money(body: Mapping[str, Any], before: Column | None) -> Values:
    usual = 2 if before is None or before.precision_source is None else before.precision_source
    source = _whole(body, "PrecisionSource", usual, (0, 2))
    return _fraction(MONEY_RANGE, 4)(body, before) | {"precision_source": source}


def _moment(body: Mapping[str, Any], before: Column | None) -> Values:
    form = _one_of(body.get("Format"), DAY_FORMATS, (before and before.format) or "DateAndTime", "Format")
    named = body.get("DateTimeBehavior")
    given = named.get("Value") if isinstance(named, Mapping) else None
    behavior = _one_of(given, BEHAVIORS, (before and before.behavior) or "UserLocal", "DateTimeBehavior")
    if behavior == "DateOnly" and form != "DateOnly":
        raise refusals.invalid("DateTimeBehavior DateOnly needs the Format DateOnly.")
    if before and before.behavior != behavior:
        raise refusals.invalid(f"The DateTimeBehavior of {before.name} cannot be changed.")
    return {"format": form, "behavior": behavior}


def _size(largest: int, usual: int) -> Callable[[Mapping[str, Any], Column | None], Values]:
    def read(body: Mapping[str, Any], before: Column | None) -> Values:
        # "File columns": the size is set when the column is added and cannot be changed.
        return {"max_size": before.max_size if before else _whole(body, "MaxSizeInKB", usual, (1, largest))}

    return read


def _image(body: Mapping[str, Any], before: Column | None) -> Values:
    full = body.get("CanStoreFullImage", before.full_image if before else False)
    primary = body.get("IsPrimaryImage", before.primary_image if before else False)
    return _size(30_720, 10_240)(body, before) | {
        "full_image": full is True,
        "primary_image": primary is True,
    }


def _range(body: Mapping[str, Any], before: Column | None, bounds: tuple[int, int]) -> Values:
    low = _number(body, "MinValue", before.minimum if before else None, bounds[0])
    high = _number(body, "MaxValue", before.maximum if before else None, bounds[1])
    if low < bounds[0] or high > bounds[1] or low > high:
        raise refusals.invalid(
            f"MinValue {low} and MaxValue {high} have to lie within {bounds[0]} and {bounds[1]}."
        )
    return {"minimum": low, "maximum": high}


def _number(body: Mapping[str, Any], name: str, before: float | None, usual: int) -> float:
    value = body.get(name)
    if value is None:
        return usual if before is None else before
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refusals.invalid(f"{name} is no number: {value!r}.")
    return value


def _whole(body: Mapping[str, Any], name: str, usual: int, bounds: tuple[int, int]) -> int:
    value = body.get(name)
    if value is None:
        return usual
    if isinstance(value, bool) or not isinstance(value, int) or not bounds[0] <= value <= bounds[1]:
        raise refusals.invalid(
            f"{name} has to be a whole number from {bounds[0]} to {bounds[1]}, not {value!r}."
        )
    return value


def _one_of(given: object, known: frozenset[str], usual: str, name: str) -> str:
    if given is None:
        return usual
    if not isinstance(given, str) or given not in known:
        raise refusals.invalid(f"{name} has to be one of {', '.join(sorted(known))}, not {given!r}.")
    return given


_READERS: Final[dict[ColumnType, Callable[[Mapping[str, Any], Column | None], Values]]] = {
    ColumnType.STRING: _texts(4_000, 100, "Text"),
    ColumnType.MEMO: _texts(1_048_576, 2_000, "TextArea"),
    ColumnType.INTEGER: _whole_number(INT32),
    ColumnType.BIG_INT: _whole_number(INT64),
    ColumnType.DECIMAL: _fraction(HUNDRED_BILLION, 10),
    ColumnType.DOUBLE: _fraction(HUNDRED_BILLION, 5),
    ColumnType.MONEY: _money,
    ColumnType.DATE_TIME: _moment,
    ColumnType.FILE: _size(10_485_760, 32_768),
    ColumnType.IMAGE: _image,
}

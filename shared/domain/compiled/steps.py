"""The closures that a row is compiled into: from a vendor record to the value of a column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.domain.compiled.lookups import NO_LINKS, Links, LookupKey, LookupTarget, Reference, key_of
from shared.domain.compiled.mapped import LeftOut
from shared.domain.compiled.readers import Read, reader
from shared.domain.compiled.tools import Tools, country_fields
from shared.domain.convert import ColumnValue, Convert, ValueRejected, as_text, converter
from shared.domain.convert.text import longest
from shared.domain.fields import Column, ColumnType, VendorField
from shared.domain.mapping import (
    ConstantSource,
    LookupRule,
    MappingRow,
    OnInvalid,
    PhoneFormat,
    VendorSource,
)

_TEXT = frozenset({ColumnType.STRING, ColumnType.MEMO})


@dataclass(slots=True)
class Work:
    """What one record's conversion knows and notes: the records found for lookups, the refused values."""

    links: Links = NO_LINKS
    refused: list[tuple[LeftOut, bool]] = field(default_factory=list)


ValueOf = Callable[[Mapping[str, Any], Work], ColumnValue | None]
"""A row's value of a record; None when it has none, or one that was refused and noted."""

KeyOf = Callable[[Mapping[str, Any]], LookupKey | None]
"""By what the record is recognized that a row's lookup names."""


@dataclass(frozen=True, slots=True)
class Step:
    """A row, compiled. `key_of` is there for lookups alone."""

    value_of: ValueOf
    key_of: KeyOf | None = None


def step(row: MappingRow, column: Column, fields: Mapping[str, VendorField], tools: Tools) -> Step:
    """The row of a column whose values stand for themselves."""
    read = _read_phone(row, tools) if _formats_phone(row, column) else reader(row.source)
    factor = 1
    if isinstance(row.source, VendorSource) and row.source.field in fields:
        factor = fields[row.source.field].factor
    slow = _guarded(row, read, converter(column, factor, row.options))
    if isinstance(row.source, VendorSource) and column.type in _TEXT and not _formats_phone(row, column):
        return Step(
            _usual_text(row.source.field, longest(column, multiline=column.type is ColumnType.MEMO), slow)
        )
    if isinstance(row.source, ConstantSource) and not _formats_phone(row, column):
        return Step(_once(slow))
    return Step(slow)


def lookup_step(row: MappingRow, column: Column, target: LookupTarget, tools: Tools) -> Step:
    """The row of a lookup: its value is the record of the target table that is found for it."""
    rule = row.options.lookup
    if rule is None:
        raise ValueError("a lookup without a rule cannot be compiled")
    read = reader(row.source)
    bind_name = dict(column.navigation)[target.table]

    def key_of_record(record: Mapping[str, Any]) -> LookupKey | None:
        text = as_text(read(record)).strip()
        return key_of(rule, target, text, tools.own_id) if text else None

    def value_of(record: Mapping[str, Any], work: Work) -> ColumnValue | None:
        text = as_text(read(record)).strip()
        if not text:
            return None
        key = key_of(rule, target, text, tools.own_id)
        found = () if key is None else work.links.find(key)
        if len(found) == 1:
            return Reference.to(target, found[0], bind_name)
        if not row.options.quiet:
            work.refused.append((_not_one(column, rule, target, len(found)), _fails(row)))
        return None

    return Step(value_of, key_of_record)


def first_of(values: Sequence[ValueOf]) -> ValueOf:
    """The value of the first row that has one."""
    first, *others = values
    if not others:
        return first
    rest = first_of(others)

    def value_of(record: Mapping[str, Any], work: Work) -> ColumnValue | None:
        value = first(record, work)
        return rest(record, work) if value is None else value

    return value_of


def _once(slow: ValueOf) -> ValueOf:
    """The value of a row that is the same for every record; one that is refused is noted for each."""
    work = Work()
    value = slow({}, work)
    return slow if work.refused else lambda _record, _work: value


def _usual_text(field_name: str, limit: int, slow: ValueOf) -> ValueOf:
    """Most values are short plain text: they need no further look."""
    half = limit // 2  # no character takes more than two UTF-16 units

    def value_of(record: Mapping[str, Any], work: Work) -> ColumnValue | None:
        value = record.get(field_name)
        if value is None:
            return None
        if (
            value.__class__ is str
            and (len(value) <= half or (len(value) <= limit and value.isascii()))
            and value.isprintable()
        ):
            return value.strip() or None
        return slow(record, work)

    return value_of


def _guarded(row: MappingRow, read: Read, convert: Convert) -> ValueOf:
    column, fails = row.column, _fails(row)

    def value_of(record: Mapping[str, Any], work: Work) -> ColumnValue | None:
        try:
            return None if (value := read(record)) is None else convert(value)
        except ValueRejected as error:
            work.refused.append((LeftOut(column, error.code, error.message), fails))
            return None

    return value_of


def _fails(row: MappingRow) -> bool:
    return row.on_invalid is OnInvalid.FAIL_RECORD


def _formats_phone(row: MappingRow, column: Column) -> bool:
    return row.options.phone_format is not PhoneFormat.AS_IT_IS and column.type in _TEXT


def _read_phone(row: MappingRow, tools: Tools) -> Read:
    read = reader(row.source)
    countries = country_fields(row.source)
    style = row.options.phone_format

    def formatted(record: Mapping[str, Any]) -> str | None:
        text = as_text(read(record)).strip()
        if not text:
            return None
        country = next((name for each in countries if (name := as_text(record.get(each)).strip())), "")
        written = tools.format_phone(text, country, style)
        if written is None:
            raise ValueRejected(
                "notAPhoneNumber",
                f"{row.column} takes a phone number; the value is none, or its country is not known.",
            )
        return written

    return formatted


def _not_one(column: Column, rule: LookupRule, target: LookupTarget, found: int) -> LeftOut:
    by = target.columns[rule.column].label if rule.column in target.columns else rule.column
    if found:
        sentence = (
            f"{found} records of {target.label} have this {by}. Merge them, or look up by another field."
        )
        return LeftOut(column.name, "lookupAmbiguous", f"{column.label}: {sentence}")
    return LeftOut(
        column.name, "lookupNotFound", f"{column.label}: no {target.label} in Dynamics has this {by}."
    )

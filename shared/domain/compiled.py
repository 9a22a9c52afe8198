"""A mapping compiled for one organization: plain closures that run over every record."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.domain.convert import ColumnValue, Convert, ValueRejected, as_text, converter, is_empty
from shared.domain.fields import Column, ColumnType, VendorField
from shared.domain.mapping import (
    PLACEHOLDER,
    ConstantSource,
    MappingRow,
    OnInvalid,
    Source,
    TemplateSource,
    UpdateOption,
    VendorSource,
    rows_by_column,
)

Values = dict[str, ColumnValue]
Read = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A value that its column cannot hold."""

    column: str
    code: str
    message: str


@dataclass(slots=True)
class Mapped:
    """A record's values by column, sorted by what may happen to a record that exists already."""

    overwrite: Values = field(default_factory=dict)
    fill: Values = field(default_factory=dict)
    create_only: Values = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    rejected: LeftOut | None = None

    def for_create(self) -> Values:
        """Everything: the new record is empty, so that what was set at its creation is filled already."""
        return self.fill | self.create_only | self.overwrite

    def followed_by(self, later: "Mapped") -> "Mapped":
        """The effect of this record and then the later one on the same Dynamics record."""
        return Mapped(
            overwrite=self.overwrite | later.overwrite,
            fill=later.fill | self.fill,
            create_only=self.create_only,
            left_out=self.left_out + later.left_out,
        )


@dataclass(frozen=True, slots=True)
class _Row:
    read: Read
    convert: Convert
    option: UpdateOption
    fails_record: bool


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """What to do with every record. `missing` names mapped columns that the organization no longer has."""

    columns: tuple[tuple[str, tuple[_Row, ...]], ...]
    catalog: Mapping[str, Column]
    required: tuple[Column, ...]
    missing: tuple[str, ...]

    @property
    def compared(self) -> list[str]:
        """The columns whose present values decide what is sent to an existing record."""
        return [name for name, _ in self.columns if self.catalog[name].updatable]

    def map(self, record: Mapping[str, Any]) -> Mapped:
        """The values of one record. The first row with a value wins its column."""
        mapped = Mapped()
        buckets = {
            UpdateOption.OVERWRITE: mapped.overwrite,
            UpdateOption.FILL_IF_MISSING: mapped.fill,
            UpdateOption.CREATE_ONLY: mapped.create_only,
        }
        for name, rows in self.columns:
            for row in rows:
                value = row.read(record)
                if value is None or value == "":
                    continue
                try:
                    converted = row.convert(value)
                except ValueRejected as error:
                    self._reject(mapped, LeftOut(name, error.code, error.message), fails=row.fails_record)
                    continue
                if converted is not None:
                    buckets[row.option][name] = converted
                    break
        return mapped

    @staticmethod
    def _reject(mapped: Mapped, left_out: LeftOut, *, fails: bool) -> None:
        mapped.left_out.append(left_out)
        if fails and mapped.rejected is None:
            mapped.rejected = left_out

    def changes(self, mapped: Mapped, existing: Mapping[str, Any]) -> Values:
        """What has to be sent so that an existing record has what the mapping wants; empty when nothing."""
        catalog = self.catalog
        changed: Values = {}
        for name, value in mapped.overwrite.items():
            if catalog[name].updatable and not same_value(catalog[name], existing.get(name), value):
                changed[name] = value
        for name, value in mapped.fill.items():
            if name not in mapped.overwrite and catalog[name].updatable and is_empty(existing.get(name)):
                changed[name] = value
        return changed

    def creation(self, mapped: Mapped) -> Values:
        """What a new record is made of."""
        return {name: value for name, value in mapped.for_create().items() if self.catalog[name].creatable}

    def missing_required(self, values: Mapping[str, ColumnValue]) -> Column | None:
        """A required column that a new record would lack. Dynamics' Web API does not check that itself."""
        return next((column for column in self.required if column.name not in values), None)


def compile_mapping(
    rows: Sequence[MappingRow],
    columns: Mapping[str, Column],
    vendor_fields: Mapping[str, VendorField],
) -> CompiledMapping:
    """The mapping, ready to run. Rows of columns that do not exist, or cannot be mapped, are left out."""
    grouped = rows_by_column(rows)
    usable = {name: group for name, group in grouped.items() if name in columns and columns[name].mappable}
    return CompiledMapping(
        columns=tuple(
            (name, tuple(_compile(row, columns[name], vendor_fields) for row in group))
            for name, group in usable.items()
        ),
        catalog=columns,
        required=tuple(column for column in columns.values() if column.required),
        missing=tuple(name for name in grouped if name not in usable),
    )


def _compile(row: MappingRow, column: Column, vendor_fields: Mapping[str, VendorField]) -> _Row:
    factor = 1
    if isinstance(row.source, VendorSource) and row.source.field in vendor_fields:
        factor = vendor_fields[row.source.field].factor
    return _Row(
        reader(row.source),
        converter(column, factor),
        row.update_option,
        row.on_invalid is OnInvalid.FAIL_RECORD,
    )


def reader(source: Source) -> Read:
    """How a row takes its value from a vendor record; None or empty text when there is none."""
    match source:
        case VendorSource(name):
            return lambda record: record.get(name)
        case ConstantSource(value):
            return lambda _record: value
        case TemplateSource():
            return _template_reader(source)


def _template_reader(source: TemplateSource) -> Read:
    names = source.fields

    def read(record: Mapping[str, Any]) -> str | None:
        texts = {name: as_text(value).strip() for name in names if not is_empty(value := record.get(name))}
        if not texts:
            return None
        filled = PLACEHOLDER.sub(lambda found: texts.get(found[1], ""), source.template)
        return re.sub(r"\s{2,}", " ", filled).strip(" -,;/|")

    return read


def same_value(column: Column, existing: Any, value: ColumnValue) -> bool:
    """Whether Dynamics already holds the value, as its column's type compares."""
    if existing is None:
        return False
    if column.type is ColumnType.DATE_TIME and isinstance(existing, str):
        return existing[: len(str(value))].rstrip("Z") == str(value).rstrip("Z")
    if column.type is ColumnType.MULTI_SELECT and isinstance(existing, str):
        return set(existing.split(",")) == set(str(value).split(","))
    if isinstance(existing, float) or isinstance(value, float):
        try:
            return abs(float(existing) - float(value)) <= 10.0 ** -(column.precision or 2) / 2
        except (TypeError, ValueError):
            return False
    return bool(existing == value)

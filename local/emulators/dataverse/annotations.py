"""Annotations of rows: formatted values, the tables and navigation properties of lookups."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from local.emulators.dataverse.model import TYPE_SUFFIX, Kind, Property, TableModel
from local.emulators.dataverse.odata.preferences import (
    FORMATTED,
    LOOKUP_PROPERTY,
    LOOKUP_TABLE,
    Preferences,
)
from local.emulators.dataverse.schema import LOOKUPS, ZONELESS, ColumnType
from local.emulators.dataverse.store_rows import Rows

RowsOf = Callable[[str], Rows | None]


class Annotator:
    """Adds what the caller's Prefer header asks for."""

    def __init__(
        self, model: TableModel, preferences: Preferences, rows_of: RowsOf, zone: tzinfo = UTC
    ) -> None:
        self.model = model
        self.formatted = preferences.wants(FORMATTED)
        self.tables = preferences.wants(LOOKUP_TABLE)
        self.navigation = preferences.wants(LOOKUP_PROPERTY)
        self.rows_of = rows_of
        self.zone = zone
        self._names: dict[tuple[str, str], str | None] = {}

    @property
    def active(self) -> bool:
        """Whether there is anything to add."""
        return self.formatted or self.tables or self.navigation

    def annotate(self, rows: list[dict[str, Any]], properties: Sequence[Property]) -> list[dict[str, Any]]:
        """The rows with each value's annotations before it."""
        targets = self._targets(rows)
        return [self._row(row, properties, targets.get(index, {})) for index, row in enumerate(rows)]

    def _row(
        self, row: dict[str, Any], properties: Sequence[Property], targets: dict[str, str]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {"@odata.etag": row["@odata.etag"]}
        for prop in properties:
            value = row[prop.wire]
            if value is not None:
                self.put(found, prop.wire, prop, value, target=targets.get(prop.column.name, ""))
            found[prop.wire] = value
        return found

    def put(self, found: dict[str, Any], name: str, prop: Property, value: Any, *, target: str) -> None:
        """Adds the annotations of one value; `target` is a lookup's table where it has several."""
        if prop.column.type in LOOKUPS:
            self._lookup(found, name, prop, value, target=target)
        elif self.formatted:
            text = formatted(prop, value, self.zone)
            if text is not None:
                found[f"{name}@{FORMATTED}"] = text

    def _lookup(self, found: dict[str, Any], name: str, prop: Property, value: str, *, target: str) -> None:
        target = target or next(iter(prop.column.targets), "")
        target = "systemuser" if target in {"owner", ""} and prop.column.type is ColumnType.OWNER else target
        if self.navigation:
            found[f"{name}@{LOOKUP_PROPERTY}"] = self._navigation_name(prop.column.name, target)
        if self.tables:
            found[f"{name}@{LOOKUP_TABLE}"] = target
        text = self._name(target, value) if self.formatted else None
        if text is not None:
            found[f"{name}@{FORMATTED}"] = text

    def _navigation_name(self, column: str, target: str) -> str:
        candidates = {
            name: to for name, (source, to) in self.model.table.navigation.items() if source == column
        }
        return next((name for name, to in candidates.items() if to == target), next(iter(candidates), column))

    def _name(self, table: str, row_id: str) -> str | None:
        key = (table, row_id)
        if key not in self._names:
            rows = self.rows_of(table)
            primary = rows.model.table.primary_name if rows else None
            known = rows.fetch([row_id], [primary]) if rows and primary else {}
            self._names[key] = known.get(row_id, {}).get(primary) if primary else None
        return self._names[key]

    def _targets(self, rows: list[dict[str, Any]]) -> dict[int, dict[str, str]]:
        """The tables that polymorphic lookups point at, by the position of the row."""
        columns = sorted(self.model.typed_lookups)
        own = self.rows_of(self.model.name)
        if not columns or own is None:
            return {}
        ids = [row[self.model.table.primary_id] for row in rows]
        stored = own.fetch(ids, [name + TYPE_SUFFIX for name in columns])
        return {
            index: {name: stored.get(row_id, {}).get(name + TYPE_SUFFIX) or "" for name in columns}
            for index, row_id in enumerate(ids)
        }


def formatted(prop: Property, value: Any, zone: tzinfo) -> str | None:
    """A value as a person in the United States reads it in a zone; None where it needs no other form."""
    if prop.column.options:
        labels = {option.value: option.label for option in prop.column.options}
        if prop.kind is Kind.CHOICES:
            return "; ".join(labels.get(int(part), part) for part in value.split(","))
        return labels.get(int(value), str(value))
    if prop.kind is Kind.FLAG:
        return "Yes" if value else "No"
    if prop.kind is Kind.MOMENT:
        moment = datetime.fromisoformat(value)
        return _moment(prop, moment if prop.column.behavior == ZONELESS else moment.astimezone(zone))
    if prop.kind is Kind.DATE:
        return _day(datetime.fromisoformat(value))
    return _number(prop, value) if prop.kind is Kind.NUMBER else None


def _number(prop: Property, value: float) -> str:
    if prop.column.type is ColumnType.MONEY:
        return f"€{value:,.2f}"
    if prop.column.type in {ColumnType.DECIMAL, ColumnType.DOUBLE}:
        return f"{value:,.{prop.column.precision if prop.column.precision is not None else 2}f}"
    return f"{value:,}"


def _day(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}/{moment.year}"


def _moment(prop: Property, moment: datetime) -> str:
    if prop.column.format == "DateOnly":
        return _day(moment)
    return (
        f"{_day(moment)} {(moment.hour - 1) % 12 + 1}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"
    )

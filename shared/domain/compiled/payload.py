"""From values by column to what the Web API takes: names of lookups, a status together with its state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.compiled.lookups import Reference, id_in
from shared.domain.compiled.mapped import Mapped, Values
from shared.domain.convert import ColumnValue
from shared.domain.fields import Column, ColumnType

_STATE, _STATUS = "statecode", "statuscode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payloads:
    """How the values of one table are sent. `bound` names the column of each binding property."""

    not_creatable: frozenset[str]
    lookups: frozenset[str]
    bound: Mapping[str, str]
    state_of_status: Mapping[int, int]
    state: Column | None

    def of_create(self, values: Values) -> Values:
        """The body of a new record."""
        if self.state_of_status and _STATUS in values:
            self._add_state_of_new(values)
        if self.not_creatable:
            values = {name: value for name, value in values.items() if name not in self.not_creatable}
        return self._bound(values) if self.lookups else values

    def of_update(self, values: Values, existing: Mapping[str, Any]) -> Values:
        """The body of a change of an existing record."""
        if self.state_of_status and self.state is not None and _STATUS in values:
            state = self.state_of_status.get(int(values[_STATUS]))
            if state is not None and self.state.updatable and existing.get(_STATE) != state:
                values[_STATE] = state
        return self._bound(values) if self.lookups else values

    def settle_state(self, mapped: Mapped) -> None:
        """A status brings its own state: a row for the state yields to it."""
        buckets = (mapped.overwrite, mapped.fill, mapped.create_only)
        if any(_STATUS in bucket for bucket in buckets):
            for bucket in buckets:
                bucket.pop(_STATE, None)

    def holds(self, values: Mapping[str, ColumnValue], column: Column) -> bool:
        """Whether a body has a value for the column."""
        if not column.is_lookup:
            return column.name in values
        return any(f"{name}@odata.bind" in values for _, name in column.navigation)

    def by_column(self, body: Mapping[str, ColumnValue]) -> Values:
        """The values of a body by column; a lookup's is the id of its record."""
        return {
            self.bound.get(name, name): id_in(str(value)) if name in self.bound else value
            for name, value in body.items()
        }

    def _add_state_of_new(self, values: Values) -> None:
        """New records of some tables are active always: then a status of another state is not set."""
        state = self.state_of_status.get(int(values[_STATUS]))
        if state is None:
            return
        if self.state is not None and self.state.creatable:
            values[_STATE] = state
        elif state != 0:
            del values[_STATUS]

    @staticmethod
    def _bound(values: Values) -> Values:
        return {
            (value.name if isinstance(value, Reference) else name): (
                str(value) if isinstance(value, Reference) else value
            )
            for name, value in values.items()
        }


def payloads_of(mapped: Iterable[Column], catalog: Mapping[str, Column]) -> Payloads:
    """How the values of these columns are sent."""
    columns = {column.name: column for column in mapped}
    status = columns.get(_STATUS)
    states: dict[int, int] = {}
    if status is not None and status.type is ColumnType.STATUS:
        states = {each.value: each.state for each in status.options if each.state is not None}
    return Payloads(
        not_creatable=frozenset(name for name, column in columns.items() if not column.creatable),
        lookups=frozenset(name for name, column in columns.items() if column.is_lookup),
        bound={
            f"{bind_name}@odata.bind": name
            for name, column in columns.items()
            for _, bind_name in column.navigation
        },
        state_of_status=states,
        state=catalog.get(_STATE),
    )

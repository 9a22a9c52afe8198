"""Bodies of requests read into the values of a row, by rules that each table compiles once."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NoReturn

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import TYPE_SUFFIX, Kind, Property, TableModel
from local.emulators.dataverse.schema import LOOKUPS, RequiredLevel
from local.emulators.dataverse.values import Converter, converter

BIND: Final = "@odata.bind"

# Filled by the server whatever their metadata says of writing.
SERVER_FILLED: Final = frozenset({"createdon", "modifiedon", "createdby", "modifiedby", "versionnumber"})

# Reads the address in a bind: (addresses allowed, address) -> (table, id). Raises where no row is there.
Resolver = Callable[[str, str], tuple[str, str]]

Rule = tuple[str, Converter | None]


class BodyReader:
    """Reads bodies for one table, for creation or for changes."""

    def __init__(self, model: TableModel, *, creating: bool) -> None:
        self.model = model
        self._creating = creating
        self._rules: dict[str, Rule] = {}
        self._required = frozenset(
            column.name
            for column in model.table.columns.values()
            if column.required is RequiredLevel.SYSTEM and not creating
        )
        for prop in model.properties.values():
            if prop.column.type not in LOOKUPS:
                self._rules[prop.wire] = self._rule(prop)
        for name, (column, _) in model.table.navigation.items():
            self._rules.setdefault(name, (column, self._refuse_plain_value(name)))

    def read(self, body: Mapping[str, Any], resolve: Resolver) -> dict[str, Any]:
        """The kept values by column; columns that cannot be written are left out without a word."""
        values: dict[str, Any] = {}
        rules = self._rules
        for name, value in body.items():
            rule = rules.get(name)
            if rule is None:
                self._annotation(name, value, values, resolve=resolve)
                continue
            column, convert = rule
            if convert is None:
                continue
            if value is not None:
                values[column] = convert(value)
            elif column in self._required:
                raise errors.null_not_allowed(column)
            else:
                values[column] = None
        return values

    def columns(self, names: Iterable[str]) -> set[str]:
        """The kept columns that properties of a body write."""
        found = {self._rules[name][0] for name in names if name in self._rules and self._rules[name][1]}
        for name in names:
            bound = self.model.table.navigation.get(name.removesuffix(BIND)) if name.endswith(BIND) else None
            if bound:
                found.add(bound[0])
                if bound[0] in self.model.typed_lookups:
                    found.add(bound[0] + TYPE_SUFFIX)
        return found

    def _rule(self, prop: Property) -> Rule:
        column = prop.column
        writable = column.creatable if self._creating else column.updatable
        if column.name == self.model.table.primary_id:
            writable = self._creating
        if not writable or prop.kind is Kind.NOTHING or column.name in SERVER_FILLED:
            return column.name, None
        return column.name, converter(self.model.table, prop)

    def _annotation(self, name: str, value: Any, values: dict[str, Any], *, resolve: Resolver) -> None:
        if name.endswith(BIND):
            self._bind(name.removesuffix(BIND), value, values, resolve=resolve)
        elif "@" not in name:
            table = self.model.table
            if name in self.model.properties:
                raise errors.direct_reference(table.entity_set)
            raise errors.undeclared_property(table.entity_set, table.logical_name, name)

    def _bind(self, name: str, value: Any, values: dict[str, Any], *, resolve: Resolver) -> None:
        table = self.model.table
        known = table.navigation.get(name)
        if known is None:
            raise errors.undeclared_navigation(table.entity_set, name)
        column_name, target = known
        column = table.columns[column_name]
        if value is not None and not isinstance(value, str):
            raise errors.wrong_type(table.entity_set, str(value), "Edm.String")
        target_table, row_id = (None, None) if value is None else resolve(target, value)
        if not (column.creatable if self._creating else column.updatable):
            return
        if row_id is None and column.name in self._required:
            raise errors.null_not_allowed(column.name)
        values[column.name] = row_id
        if column.name in self.model.typed_lookups:
            values[column.name + TYPE_SUFFIX] = target_table

    def _refuse_plain_value(self, name: str) -> Converter:
        def refuse(value: Any) -> NoReturn:
            if isinstance(value, dict | list):
                raise errors.not_emulated(f"A deep insert ('{name}' holds a row)")
            raise errors.primitive_for_navigation(self.model.table.entity_set, name)

        return refuse

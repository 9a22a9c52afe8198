"""Filters compiled to SQL, two-valued as in OData: a comparison with null is false, never unknown."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.operand import Operand as ConditionOperand
from local.emulators.dataverse.conditions.operators import FUNCTIONS, condition
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.model import Kind, Property, TableModel
from local.emulators.dataverse.odata.expressions import expression, glob, storable
from local.emulators.dataverse.odata.normal import flattened
from local.emulators.dataverse.odata.syntax import (
    Both,
    Comparison,
    Either,
    Filter,
    Lambda,
    Literal,
    LiteralKind,
    Not,
    Operand,
    Operator,
    Path,
    QueryFunction,
    TextTest,
)
from local.emulators.dataverse.store import quoted
from local.emulators.dataverse.values import fold

Finder = Callable[[TableModel, str], Property]

SYMBOLS: Final = {
    Operator.EQ: "=",
    Operator.NE: "IS NOT",
    Operator.GT: ">",
    Operator.GE: ">=",
    Operator.LT: "<",
    Operator.LE: "<=",
}
MIRRORED: Final = {
    Operator.GT: Operator.LT,
    Operator.GE: Operator.LE,
    Operator.LT: Operator.GT,
    Operator.LE: Operator.GE,
}
FITTING: Final = {
    Kind.TEXT: {LiteralKind.STRING},
    Kind.CHOICES: {LiteralKind.STRING},
    Kind.NUMBER: {LiteralKind.NUMBER},
    Kind.FLAG: {LiteralKind.BOOLEAN},
    Kind.GUID: {LiteralKind.GUID},
    Kind.MOMENT: {LiteralKind.MOMENT, LiteralKind.DATE},
    Kind.DATE: {LiteralKind.DATE, LiteralKind.MOMENT},
    Kind.BINARY: set[LiteralKind](),
    Kind.NOTHING: set[LiteralKind](),
}


@dataclass(slots=True)
class FilterCompiler:
    """Compiles one filter; `parameters` fills in the order of the question marks."""

    model: TableModel
    around: Surroundings
    parameters: list[Any] = field(default_factory=list)
    searched: bool = False  # whether a condition can use an index
    source: str = ""  # what stands before the columns' names: the alias of the table with its dot
    variable: str = ""  # what the rows are called within a lambda expression

    def compile(self, tree: Filter) -> str:
        """The SQL of a condition, never NULL in any row where it stands under NOT."""
        match tree:
            case Both(items) | Either(items):
                word = " AND " if isinstance(tree, Both) else " OR "
                return f"({word.join(map(self.compile, items))})"
            case Not(item):
                return f"NOT coalesce({self.compile(item)}, 0)"
            case Comparison():
                return self._comparison(tree)
            case QueryFunction():
                return self._query_function(tree)
            case Lambda():
                return self._lambda(tree)
        return self._text_test(tree) if isinstance(tree, TextTest) else self._truth(tree.operand)

    def _query_function(self, call: QueryFunction) -> str:
        if call.name not in FUNCTIONS:
            raise errors.not_emulated(f"The query function {call.name}")
        prop, sql = self.resolve(Path(tuple(call.property_name.split("/"))), find_column)
        operand = ConditionOperand(call.name, self.model, prop, sql)
        sql, values = condition(operand, call.values, self.around)
        self.parameters.extend(values)
        return sql

    def _lambda(self, tree: Lambda) -> str:
        names = self._own(tree.names)
        collection = self.around.collections_of(self.model.name).get(names[0])
        model = self.around.model_of(collection.table) if collection else None
        if collection is None or model is None or len(names) != 1:
            raise errors.unknown_property("/".join(names), self.model.name)
        alias = self.around.alias() + "."
        inner = FilterCompiler(model, self.around, self.parameters, source=alias, variable=tree.variable)
        key = f'{self.source or quoted(self.model.name) + "."}"{self.model.table.primary_id}"'
        sql = collection.condition(key, alias, model.table.primary_id)
        if tree.condition is not None:
            wanted = inner.compile(flattened(tree.condition, negated=tree.every))
            sql += f" AND {wanted}"
        word = "NOT EXISTS" if tree.every else "EXISTS"
        return f'{word} (SELECT 1 FROM "{model.name}" AS {alias[:-1]} WHERE {sql})'

    def resolve(self, path: Path, find: Finder | None = None) -> tuple[Property, str]:
        """The property at the end of a path with its SQL, through lookups if the path has several steps."""
        names = self._own(path.names)
        if len(names) == 1:
            prop = (find or find_property)(self.model, names[0])
            self.searched |= is_indexed(self.model, prop)
            return prop, expression(prop, self.source)
        prop, sql, _ = through_lookups(self.model, names, self.around, self.source)
        return prop, sql

    def _own(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The steps of a path without the lambda's variable, which every path in a lambda begins with."""
        if not self.variable:
            return names
        if names[0] != self.variable or len(names) == 1:
            raise errors.query_refused(
                f"Could not find a property named '{names[0]}' in the lambda expression."
            )
        return names[1:]

    def _comparison(self, tree: Comparison) -> str:
        left, right, operator = tree.left, tree.right, tree.operator
        if isinstance(left, Literal) and isinstance(right, Path):
            left, right, operator = right, left, MIRRORED.get(operator, operator)
        if isinstance(left, Literal):
            return self._constant(operator, left, right)
        prop, sql = self.resolve(left)
        if isinstance(right, Path):
            return self._between_columns(operator, (prop, sql), right)
        if right.kind is LiteralKind.NULL:
            return {Operator.EQ: f"{sql} IS NULL", Operator.NE: f"{sql} IS NOT NULL"}.get(operator, "0")
        if right.kind not in FITTING[prop.kind]:
            raise _incompatible(prop.edm, right.kind.value, operator)
        self.parameters.append(storable(prop, right))
        return f"{sql} {SYMBOLS[operator]} ?"

    def _between_columns(self, operator: Operator, left: tuple[Property, str], right: Path) -> str:
        prop, sql = self.resolve(right)
        if prop.kind is not left[0].kind:
            raise _incompatible(left[0].edm, prop.edm, operator)
        symbol = "IS" if operator is Operator.EQ else SYMBOLS[operator]
        return f"{left[1]} {symbol} {sql}"

    def _constant(self, operator: Operator, left: Literal, right: Operand) -> str:
        if not isinstance(right, Literal):
            raise errors.query_refused("A constant can be compared with a property or a constant only.")
        if left.kind is not right.kind and LiteralKind.NULL not in {left.kind, right.kind}:
            raise _incompatible(left.kind.value, right.kind.value, operator)
        fit: Callable[[Any], Any] = fold if left.kind is LiteralKind.STRING else lambda value: value
        self.parameters += [fit(left.value), fit(right.value)]
        return f"(? {'IS' if operator is Operator.EQ else SYMBOLS[operator]} ?)"

    def _text_test(self, tree: TextTest) -> str:
        if not isinstance(tree.subject, Path) or not isinstance(tree.argument, Literal):
            raise errors.not_emulated(f"{tree.function} with other arguments than a property and a text")
        prop, sql = self.resolve(tree.subject)
        if prop.kind is not Kind.TEXT or tree.argument.kind is not LiteralKind.STRING:
            raise errors.query_refused(
                f"No function signature for the function with name '{tree.function}' matches the specified "
                f"arguments. The function signatures considered are: {tree.function}"
                "(Edm.String Nullable=true, Edm.String Nullable=true)."
            )
        pattern = glob(str(tree.argument.value))
        start = "" if tree.function == "startswith" else "*"
        end = "" if tree.function == "endswith" else "*"
        self.parameters.append(start + pattern + end)
        return f"{sql} GLOB ?"

    def _truth(self, operand: Operand) -> str:
        if isinstance(operand, Literal):
            if operand.kind is not LiteralKind.BOOLEAN:
                raise errors.query_refused("The $filter expression must evaluate to a single boolean value.")
            return str(int(bool(operand.value)))
        prop, sql = self.resolve(operand)
        if prop.kind is not Kind.FLAG:
            raise errors.query_refused("The $filter expression must evaluate to a single boolean value.")
        return f"{sql} = 1"


def through_lookups(
    model: TableModel, names: tuple[str, ...], around: Surroundings, source: str, *, folded: bool = True
) -> tuple[Property, str, TableModel]:
    """The property behind lookups, with the SQL that fetches it, folded for comparisons, and its table."""
    key = (source or quoted(model.name) + ".") + '"{}"'
    joins: list[tuple[str, str]] = []
    for step in names[:-1]:
        column, target = model.table.navigation.get(step, ("", ""))
        found = around.model_of("systemuser" if target == "owner" else target)
        if found is None:
            raise errors.unknown_property(step, model.name)
        alias = around.alias()
        joins.append(
            (f'"{found.name}" AS {alias}', f'{key.format(column)} = {alias}."{found.table.primary_id}"')
        )
        model, key = found, alias + '."{}"'
    prop = find_property(model, names[-1])
    tables = ", ".join(table for table, _ in joins)
    conditions = " AND ".join(one for _, one in joins)
    sql = expression(prop, key.removesuffix('"{}"')) if folded else key.format(prop.column.name)
    return prop, f"(SELECT {sql} FROM {tables} WHERE {conditions})", model


def is_indexed(model: TableModel, prop: Property) -> bool:
    """Whether rows are found by the property without reading the whole table."""
    return prop.folded or prop.column.name == model.table.primary_id


def find_column(model: TableModel, name: str) -> Property:
    """A property by its column's name, which FetchXML and the query functions use."""
    prop = model.by_column(name)
    return prop if prop and prop.kind is not Kind.NOTHING else find_property(model, name)


def find_property(model: TableModel, name: str) -> Property:
    """A property of a condition, by its own name or a lookup's navigation property."""
    prop = model.properties.get(name)
    if prop is None and name in model.table.navigation:
        prop = model.by_column(model.table.navigation[name][0])
    if prop is None:
        raise errors.unknown_property(name, model.name)
    if prop.kind is Kind.NOTHING:
        raise errors.not_emulated(f"A filter on '{name}'")
    return prop


def _incompatible(left: str, right: str, operator: Operator) -> errors.DataverseError:
    return errors.query_refused(
        f"A binary operator with incompatible types was detected. Found operand types '{left}' and "
        f"'{right}' for operator kind '{operator.label}'."
    )

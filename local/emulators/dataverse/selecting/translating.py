"""A SELECT in Transact-SQL translated to SQLite's, part by part, so that nothing passes unread."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlglot import exp

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.operand import Operand
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.fetchxml.columns import column
from local.emulators.dataverse.model import Kind, Property, TableModel
from local.emulators.dataverse.odata.expressions import expression, glob, whole_or_not
from local.emulators.dataverse.selecting.reading import refused
from local.emulators.dataverse.store import quoted
from local.emulators.dataverse.values import fold

COMPARISONS: Final[dict[type[exp.Expr], str]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
AGGREGATES: Final[dict[type[exp.Expr], str]] = {
    exp.Count: "count",
    exp.Sum: "sum",
    exp.Avg: "avg",
    exp.Min: "min",
    exp.Max: "max",
}


@dataclass(frozen=True, slots=True)
class Output:
    """One column of the answer; `prop` says how its values read, None for numbers that are computed."""

    name: str
    sql: str
    prop: Property | None
    key: str = ""  # what its values are equal by


@dataclass(slots=True)
class Translator:
    """Translates the parts of one query; `parameters` fills in their order."""

    around: Surroundings
    tables: dict[str, tuple[TableModel, str]] = field(default_factory=dict)
    parameters: list[Any] = field(default_factory=list)

    # Tables.

    def table(self, node: exp.Expr) -> str:
        """A table of FROM or JOIN, known from then on by its alias."""
        if not isinstance(node, exp.Table) or node.args.get("db"):
            raise refused("Only tables can stand after FROM and JOIN.")
        name = node.name.lower()
        model = self.around.model_of(name)
        if model is None:
            raise errors.entity_missing(name)
        alias = (node.alias or name).lower()
        if alias in self.tables:
            raise refused(f"The table name '{alias}' is used twice.")
        source = self.around.alias()
        self.tables[alias] = (model, source + ".")
        return f"{quoted(model.name)} AS {source}"

    def join(self, node: exp.Join) -> str:
        """One join with its condition."""
        if node.side not in {"", "LEFT"} or node.kind not in {"", "INNER", "OUTER"} or node.args.get("using"):
            raise refused("Only INNER JOIN and LEFT JOIN are supported.")
        table = self.table(node.this)
        on = node.args.get("on")
        word = "LEFT JOIN" if node.side else "JOIN"
        return f" {word} {table} ON {self.condition(on)}" if on is not None else f" {word} {table}"

    def find(self, node: exp.Column) -> tuple[Property, str, TableModel]:
        """A column with what stands before its name."""
        name, alias = node.name.lower(), node.table.lower()
        if alias:
            if alias not in self.tables:
                raise refused(f"The name '{node.table}.{node.name}' belongs to no table of the query.")
            model, source = self.tables[alias]
            return column(model, name), source, model
        having = [one for one in self.tables.values() if one[0].by_column(name)]
        if len(having) > 1:
            raise refused(f"Ambiguous column name '{node.name}'.")
        model, source = having[0] if having else next(iter(self.tables.values()))
        return column(model, name), source, model

    # Columns.

    def output(self, node: exp.Expr) -> Output:
        """A column of the answer."""
        name = node.alias
        node = node.this if isinstance(node, exp.Alias) else node
        if isinstance(node, exp.Column):
            prop, source, _ = self.find(node)
            sql = f'{source}"{prop.column.name}"'
            return Output(name or node.name.lower(), sql, prop, expression(prop, source))
        sql, prop_or_none = self.aggregate(node)
        return Output(name or type(node).__name__.lower(), sql, prop_or_none)

    def aggregate(self, node: exp.Expr) -> tuple[str, Property | None]:
        """COUNT, SUM, AVG, MIN or MAX."""
        word = AGGREGATES.get(type(node))
        if word is None:
            raise refused(f"'{node.sql(dialect='tsql')}' is not supported in the list of columns.")
        subject = node.this
        if word == "count" and isinstance(subject, exp.Star):
            return "count(*)", None
        distinct = isinstance(subject, exp.Distinct)
        if distinct and len(subject.expressions) != 1:
            raise refused("An aggregate takes one column.")
        subject = subject.expressions[0] if distinct else subject
        if not isinstance(subject, exp.Column):
            raise refused(f"'{node.sql(dialect='tsql')}' needs a column.")
        prop, source, _ = self.find(subject)
        if word in {"sum", "avg"} and prop.kind is not Kind.NUMBER:
            raise refused(f"Operand data type of '{subject.name}' is invalid for {word} operator.")
        kept = expression(prop, source) if word == "count" else f'{source}"{prop.column.name}"'
        return f"{word}({'DISTINCT ' if distinct else ''}{kept})", None if word == "count" else prop

    # Conditions.

    def condition(self, node: exp.Expr) -> str:
        """A condition of WHERE or ON."""
        if isinstance(node, exp.Paren):
            return f"({self.condition(node.this)})"
        if isinstance(node, exp.And | exp.Or):
            word = "AND" if isinstance(node, exp.And) else "OR"
            return f"({self.condition(node.left)} {word} {self.condition(node.right)})"
        if isinstance(node, exp.Not):
            return f"NOT ({self.condition(node.this)})"
        build = self._builders().get(type(node))
        if build is None:
            raise refused(f"'{node.sql(dialect='tsql')}' is not supported as a condition.")
        sql = build(node)
        return f"NOT ({sql})" if node.args.get("negate") else sql

    def _builders(self) -> dict[type[exp.Expr], Callable[[Any], str]]:
        return {
            exp.In: self._in,
            exp.Between: self._between,
            exp.Like: self._like,
            exp.Is: self._is_null,
            **dict.fromkeys(COMPARISONS, self._comparison),
        }

    def _comparison(self, node: exp.Binary) -> str:
        symbol = COMPARISONS[type(node)]
        return f"{self._side(node.left, node.right)} {symbol} {self._side(node.right, node.left)}"

    def _side(self, node: exp.Expr, other: exp.Expr) -> str:
        """One side of a comparison; a literal is kept as the column on the other side keeps values."""
        if isinstance(node, exp.Column):
            prop, source, _ = self.find(node)
            return expression(prop, source)
        text = _literal(node)
        if isinstance(other, exp.Column):
            prop, source, model = self.find(other)
            self.parameters.append(Operand("=", model, prop, source).value(text))
        else:
            self.parameters.append(fold(text) if _is_text(node) else whole_or_not(text))
        return "?"

    def _in(self, node: exp.In) -> str:
        if not node.expressions or not isinstance(node.this, exp.Column):
            raise refused("IN needs a column and a list of values.")
        subject = self._side(node.this, node.this)
        return f"{subject} IN ({', '.join(self._side(one, node.this) for one in node.expressions)})"

    def _between(self, node: exp.Between) -> str:
        subject = self._side(node.this, node.args["low"])
        low, high = (self._side(node.args[edge], node.this) for edge in ("low", "high"))
        return f"{subject} BETWEEN {low} AND {high}"

    def _like(self, node: exp.Like) -> str:
        if not isinstance(node.this, exp.Column) or not _is_text(node.expression):
            raise refused("LIKE needs a column and a text.")
        prop, source, _ = self.find(node.this)
        if prop.kind is not Kind.TEXT:
            raise refused(f"LIKE needs a text column; '{node.this.name}' is none.")
        self.parameters.append(glob(_literal(node.expression)))
        return f"{expression(prop, source)} GLOB ?"

    def _is_null(self, node: exp.Is) -> str:
        if not isinstance(node.this, exp.Column) or not isinstance(node.expression, exp.Null):
            raise refused("IS needs a column and NULL.")
        prop, source, _ = self.find(node.this)
        return f'{source}"{prop.column.name}" IS NULL'

    # Order and groups.

    def key(self, node: exp.Expr, outputs: list[Output]) -> str:
        """What rows are grouped or sorted by: a column, an alias, a place in the list, an aggregate."""
        if isinstance(node, exp.Literal) and not node.is_string:
            place = int(str(node.this)) if str(node.this).isdigit() else 0
            if not 1 <= place <= len(outputs):
                raise refused(f"The ORDER BY position number {node.this} is out of range.")
            return outputs[place - 1].sql
        if not isinstance(node, exp.Column):
            return self.aggregate(node)[0]
        known = any(model.by_column(node.name.lower()) for model, _ in self.tables.values())
        for one in outputs:
            if not node.table and not known and one.name == node.name:
                return one.sql
        prop, source, _ = self.find(node)
        return expression(prop, source)


def _is_text(node: exp.Expr) -> bool:
    return isinstance(node, exp.National) or (isinstance(node, exp.Literal) and bool(node.is_string))


def _literal(node: exp.Expr) -> str:
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and not node.this.is_string:
        return f"-{node.this.this}"
    if isinstance(node, exp.Literal | exp.National):
        return str(node.this)
    raise refused(f"'{node.sql(dialect='tsql')}' is not supported as a value.")

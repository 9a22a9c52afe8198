"""$apply answered: groups and aggregates of an entity set."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.annotations import formatted
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.exchange import Reply, json_reply
from local.emulators.dataverse.model import Kind, Property
from local.emulators.dataverse.odata.apply import Aggregate, read_apply
from local.emulators.dataverse.odata.expressions import expression
from local.emulators.dataverse.odata.normal import flattened
from local.emulators.dataverse.odata.options import Options
from local.emulators.dataverse.odata.parser import parse_filter
from local.emulators.dataverse.odata.preferences import FORMATTED
from local.emulators.dataverse.odata.sql import FilterCompiler, find_property, through_lookups
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.reading import context
from local.emulators.dataverse.schema import ColumnType
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.store import quoted

MOST: Final = 50_000  # "Aggregate data using OData": rows that one query aggregates
SQL: Final = {
    "sum": "sum({})",
    "average": "avg({})",
    "min": "min({})",
    "max": "max({})",
    "countdistinct": "count(DISTINCT {})",
    "count": "count(*)",
}
WHOLE: Final = frozenset({ColumnType.INTEGER, ColumnType.BIG_INT})


@dataclass(frozen=True, slots=True)
class _Shown:
    """One property of a group: its name, its SQL, and the column that says how it reads."""

    name: str
    sql: str
    prop: Property | None

    def value(self, kept: Any) -> Any:
        """The value as JSON shows it."""
        return kept == 1 if self.prop and self.prop.kind is Kind.FLAG else kept

    def text(self, value: Any, zone: tzinfo) -> str | None:
        """The formatted value; None where the value needs no other form."""
        return f"{value:,}" if self.prop is None else formatted(self.prop, value, zone)


def aggregated(scope: Scope, kit: TableKit, options: Options) -> Reply:
    """The answer to a query with $apply; columns without a value are left out of their group."""
    if options.select or options.filter or options.expand:
        raise errors.not_emulated("$apply together with $select, $filter or $expand")
    asked = read_apply(options.apply)
    around = scope.surroundings()
    compiler = FilterCompiler(kit.model, around)
    conditions = [compiler.compile(flattened(parse_filter(one, options.aliases))) for one in asked.filters]
    groups = [_group(kit, path, around) for path in asked.groups]
    shown = [*(one for one, _ in groups), *(_aggregate(kit, one, around) for one in asked.aggregates)]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    refuse_too_many(kit, where, compiler.parameters)
    names = ", ".join(one.sql for one in shown)
    by = ", ".join(key for _, key in groups)
    statement = f"SELECT {names} FROM {quoted(kit.model.name)}{where}" + (f" GROUP BY {by}" if by else "")
    statement += _order(options, groups)
    fetched = kit.rows.store.connection.execute(statement, compiler.parameters).fetchall()
    rows = [_row(scope, shown, values) for values in fetched[: options.top]]
    described = context(scope.root, kit.table.entity_set, (), single=False)
    reply = json_reply({"@odata.context": described, "value": rows}, records=len(rows))
    if scope.preferences.annotations:
        applied = f'odata.include-annotations="{scope.preferences.annotations}"'
        reply.headers["Preference-Applied"] = applied
    return reply


def refuse_too_many(kit: TableKit, where: str, parameters: list[Any], limit: int = MOST) -> None:
    """Refuses to aggregate more rows than Dataverse does."""
    statement = f"SELECT count(*) FROM (SELECT 1 FROM {quoted(kit.model.name)}{where} LIMIT {limit + 1})"
    (number,) = kit.rows.store.connection.execute(statement, parameters).fetchone()
    if number > limit:
        raise errors.too_many_to_aggregate()


def _group(kit: TableKit, path: tuple[str, ...], around: Surroundings) -> tuple[_Shown, str]:
    """A group's property, and what rows are grouped by: texts without regard to case."""
    if len(path) > 1:
        prop, key, model = through_lookups(kit.model, path, around, "")
        _, plain, _ = through_lookups(kit.model, path, around, "", folded=False)
        return _Shown(f"{model.name}_{prop.column.name}", f"min({plain})", prop), key
    prop = find_property(kit.model, path[0])
    if prop.kind in {Kind.MOMENT, Kind.DATE}:
        raise errors.query_refused("groupby with datetime values is not supported.")
    return _Shown(prop.wire, f"min({quoted(prop.column.name)})", prop), expression(prop)


def _aggregate(kit: TableKit, asked: Aggregate, around: Surroundings) -> _Shown:
    if not asked.path:
        return _Shown(asked.alias, SQL["count"], None)
    if len(asked.path) > 1:
        prop, sql, _ = through_lookups(kit.model, asked.path, around, "")
    else:
        prop = find_property(kit.model, asked.path[0])
        sql = expression(prop) if asked.method == "countdistinct" else quoted(prop.column.name)
    if asked.method in {"sum", "average"} and prop.kind is not Kind.NUMBER:
        raise errors.query_refused(f"'{asked.method}' needs a number; '{prop.wire}' is none.")
    counts = asked.method == "countdistinct"
    sql = SQL[asked.method].format(sql)
    if asked.method == "average" and prop.column.type in WHOLE:
        sql = f"CAST({sql} AS INTEGER)"  # SQL Server's average of whole numbers is one
    return _Shown(asked.alias, sql, None if counts else prop)


def _order(options: Options, groups: list[tuple[_Shown, str]]) -> str:
    parts: list[str] = []
    keys = {one.name: key for one, key in groups}
    for part in filter(None, (piece.strip() for piece in options.orderby.split(","))):
        name, _, direction = part.partition(" ")
        if name not in keys:
            raise errors.query_refused("The query node SingleValueOpenPropertyAccess is not supported")
        parts.append(keys[name] + (" DESC" if direction.strip() == "desc" else ""))
    return f" ORDER BY {', '.join(parts)}" if parts else ""


def _row(scope: Scope, shown: list[_Shown], values: tuple[Any, ...]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for one, kept in zip(shown, values, strict=True):
        if kept is None:
            continue
        value = one.value(kept)
        text = one.text(value, scope.zone) if scope.preferences.wants(FORMATTED) else None
        if text is not None:
            row[f"{one.name}@{FORMATTED}"] = text
        row[one.name] = value
    return row

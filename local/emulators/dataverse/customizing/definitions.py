"""Tables and global choices as JSON, and what a customized table has that its first description has not."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any, Final

from local.emulators.dataverse.schema import (
    Column,
    ColumnType,
    GlobalChoice,
    Intersect,
    Option,
    Relationship,
    RequiredLevel,
    Table,
)

Json = dict[str, Any]

# Of these, each entry is compared by itself, so that what a later first description adds is not lost.
BY_ENTRY: Final = ("columns", "navigation", "relationships", "key_labels")


def table_json(table: Table) -> Json:
    """The whole table."""
    return asdict(table)


def table_from(content: Mapping[str, Any]) -> Table:
    """The table that `table_json` wrote."""
    return Table(**{name: _READERS.get(name, _as_is)(value) for name, value in content.items()})


def difference(first: Table, now: Table) -> Json:
    """What has to be kept of a customized table; empty where nothing was changed."""
    changed: Json = {}
    written, before = table_json(now), table_json(first)
    for one in fields(Table):
        name = one.name
        if name not in BY_ENTRY and getattr(first, name) != getattr(now, name):
            changed[name] = written[name]
    for name in BY_ENTRY:
        given = {key: value for key, value in written[name].items() if before[name].get(key) != value}
        gone = sorted(before[name].keys() - written[name].keys())
        if given or gone:
            changed[name] = {"given": given, "gone": gone}
    return changed


def customized(first: Table, changed: Mapping[str, Any]) -> Table:
    """The first description with a kept difference."""
    values: Json = {}
    for name, content in changed.items():
        read = _READERS.get(name, _as_is)
        if name not in BY_ENTRY:
            values[name] = read(content)
            continue
        kept = {key: value for key, value in getattr(first, name).items() if key not in content["gone"]}
        values[name] = kept | read(content["given"])
    return replace(first, **values)


def choice_json(choice: GlobalChoice) -> Json:
    """The whole global choice."""
    return asdict(choice)


def choice_from(content: Mapping[str, Any]) -> GlobalChoice:
    """The global choice that `choice_json` wrote."""
    given = dict(content)
    given["options"] = _options(given["options"])
    given["translations"] = _pairs(given["translations"])
    return GlobalChoice(**given)


def _as_is(value: Any) -> Any:
    return value


def _pairs(rows: Any) -> tuple[tuple[int, str], ...]:
    return tuple((code, text) for code, text in rows)


def _options(rows: Any) -> tuple[Option, ...]:
    return tuple(
        Option(row["value"], row["label"], row["state"], _pairs(row["translations"])) for row in rows
    )


def _columns(content: Any) -> dict[str, Column]:
    return {name: _column(one) for name, one in content.items()}


def _column(content: Mapping[str, Any]) -> Column:
    values = dict(content)
    values |= {
        "type": ColumnType(values["type"]),
        "required": RequiredLevel(values["required"]),
        "options": _options(values["options"]),
        "targets": tuple(values["targets"]),
        "translations": _pairs(values["translations"]),
    }
    return Column(**values)


def _intersect(content: Any) -> Intersect | None:
    if content is None:
        return None
    return Intersect(
        schema_name=content["schema_name"],
        tables=tuple(content["tables"]),
        attributes=tuple(content["attributes"]),
        collections=tuple(content["collections"]),
        menus=tuple(content["menus"]),
    )


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "columns": _columns,
    "navigation": lambda content: {name: (to[0], to[1]) for name, to in content.items()},
    "relationships": lambda content: {name: Relationship(**one) for name, one in content.items()},
    "keys": lambda rows: tuple((name, tuple(columns)) for name, columns in rows),
    "translations": _pairs,
    "collection_translations": _pairs,
    "intersect": _intersect,
}

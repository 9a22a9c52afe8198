"""Rows as the Web API shows them: columns chosen, values turned back into JSON, annotations added."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from local.emulators.dataverse.annotations import Annotator
from local.emulators.dataverse.model import Kind, Property, TableModel
from local.emulators.dataverse.store import quoted


@dataclass(frozen=True, slots=True)
class Shape:
    """The properties of an answer with the SQL that fetches them; the row's version comes first."""

    model: TableModel
    properties: tuple[Property, ...]

    @property
    def columns(self) -> str:
        """The SELECT list."""
        version = "versionnumber" if "versionnumber" in self.model.properties else "0"
        names = [version]
        names += ["NULL" if hidden(prop) else quoted(prop.column.name) for prop in self.properties]
        return ", ".join(names)

    def rows(self, fetched: Iterable[Sequence[Any]], annotator: Annotator | None) -> list[dict[str, Any]]:
        """The rows as JSON objects."""
        names = [prop.wire for prop in self.properties]
        flags = [prop.wire for prop in self.properties if prop.kind is Kind.FLAG]
        found: list[dict[str, Any]] = []
        for version, *values in fetched:
            row = dict(zip(names, values, strict=True))
            for name in flags:
                if row[name] is not None:
                    row[name] = row[name] == 1
            shown = {"@odata.etag": etag(version), **row}
            found.append(shown)
        return annotator.annotate(found, self.properties) if annotator else found


def etag(version: int) -> str:
    """The ETag of a row's version."""
    return f'W/"{version}"'


def hidden(prop: Property) -> bool:
    """Whether the value is never shown: a column that is not valid for read answers null."""
    return prop.kind is Kind.NOTHING or not prop.column.readable


def context(root: str, entity_set: str, select: Sequence[str], *, single: bool) -> str:
    """The @odata.context of an answer with rows."""
    names = f"({','.join(select)})" if select else ""
    return f"{root}/$metadata#{entity_set}{names}{'/$entity' if single else ''}"

"""What an operator works on, and the type of what builds its condition."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.model import Kind, Property, TableModel
from local.emulators.dataverse.odata.expressions import whole_or_not
from local.emulators.dataverse.values import GUID, fold, parse_moment, write_moment

Sql = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Operand:
    """A property of a table with its SQL, and the name of the operator that works on it."""

    name: str
    model: TableModel
    prop: Property
    sql: str

    def value(self, text: str) -> Any:
        """One value of the operator as the column keeps it."""
        try:
            return _CONVERTERS[self.prop.kind](text)
        except (ValueError, KeyError) as error:
            raise errors.query_refused(
                f"The value '{text}' of '{self.prop.column.name}' cannot be read as '{self.prop.edm}'."
            ) from error

    def values(self, texts: Sequence[str]) -> list[Any]:
        """Several values, as a list of an operator has them."""
        try:
            return list(map(_CONVERTERS[self.prop.kind], texts))
        except (ValueError, KeyError):
            return [self.value(text) for text in texts]


Build = Callable[[Operand, tuple[str, ...], Surroundings], Sql]


def negated(build: Build) -> Build:
    """The opposite: true as well for a row without a value."""

    def opposite(operand: Operand, values: tuple[str, ...], around: Surroundings) -> Sql:
        sql, parameters = build(operand, values, around)
        return f"NOT coalesce({sql}, 0)", parameters

    return opposite


def _guid(text: str) -> str:
    found = GUID.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return found[1].lower()


def _flag(text: str) -> int:
    return {"true": 1, "1": 1, "false": 0, "0": 0}[text.lower()]


def _moment(text: str) -> str:
    found = parse_moment(text)
    if found is None:
        raise ValueError(text)
    return write_moment(found)


_CONVERTERS: Final[dict[Kind, Callable[[str], Any]]] = {
    Kind.TEXT: fold,
    Kind.CHOICES: str,
    Kind.NUMBER: whole_or_not,
    Kind.FLAG: _flag,
    Kind.GUID: _guid,
    Kind.MOMENT: _moment,
    Kind.DATE: lambda text: _moment(text)[:10],
}

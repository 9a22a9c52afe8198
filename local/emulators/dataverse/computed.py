"""Columns that the server fills from others: full names, address blocks, base currency values, states."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import FOLDED_SUFFIX, TYPE_SUFFIX, TableModel
from local.emulators.dataverse.schema import ColumnType
from local.emulators.dataverse.values import fold

STATE: Final = frozenset({"versionnumber", "statecode", "statuscode"})
NAMES: Final = frozenset({"firstname", "lastname"})
LINES: Final = ("line1", "line2", "line3")
PLACE: Final = ("city", "stateorprovince", "postalcode", "country")


@dataclass(frozen=True, slots=True)
class Block:
    """The columns of one address, which its composite column shows in one text."""

    composite: str
    lines: tuple[str, ...]
    city: str
    state: str
    code: str
    country: str
    parts: frozenset[str]

    def text(self, known: Callable[[str], Any]) -> str | None:
        """The address as a letter has it; `known` gives a column's value."""
        lines = [known(name) for name in self.lines]
        region = " ".join(filter(None, (known(self.state), known(self.code))))
        lines.append(", ".join(filter(None, (known(self.city), region))))
        lines.append(known(self.country))
        return "\r\n".join(filter(None, lines)) or None


@dataclass(frozen=True, slots=True)
class Computed:
    """What one table computes."""

    model: TableModel
    named: bool
    addresses: tuple[Block, ...]
    money: frozenset[str]
    always: frozenset[str]  # the columns an update must know the old values of
    related: tuple[frozenset[str], ...]  # and those that it must know if it writes one of them
    currency: str

    def inputs(self, written: set[str]) -> set[str]:
        """The columns whose old values a change of others needs."""
        return set(self.always).union(*(group for group in self.related if not group.isdisjoint(written)))

    def fill(self, values: dict[str, Any], before: Mapping[str, Any]) -> None:
        """Adds computed columns to new or changed values; `before` is empty for a new row."""
        known = {**before, **values}.get
        if self.named and ("firstname" in values or "lastname" in values):
            values["fullname"] = " ".join(filter(None, (known("firstname"), known("lastname")))) or None
        for block in self.addresses:
            if not block.parts.isdisjoint(values):
                values[block.composite] = block.text(known)
        money = self.money & values.keys()
        if money:
            self._convert(money, values, before)

    def shadow(self, values: dict[str, Any]) -> None:
        """Adds the folded form of every changed text that is searched by."""
        for name in self.model.folded & values.keys():
            values[name + FOLDED_SUFFIX] = fold(values[name])

    def _convert(self, money: frozenset[str], values: dict[str, Any], before: Mapping[str, Any]) -> None:
        for name in sorted(money):
            values[name + "_base"] = values[name]
        if "transactioncurrencyid" not in values and not before.get("transactioncurrencyid"):
            values["transactioncurrencyid"] = self.currency
        values["exchangerate"] = 1.0


def computed_columns(model: TableModel, currency: str) -> Computed:
    """What a table computes, from the columns that it has."""
    columns = model.table.columns
    prefixes = [
        name.removesuffix("composite")
        for name, column in columns.items()
        if name.endswith("_composite") and column.type is ColumnType.MEMO
    ]
    addresses = tuple(map(_block, prefixes))
    money = frozenset(name for name, one in columns.items() if one.type is ColumnType.MONEY)
    converted = frozenset(name for name in money if name + "_base" in money)
    stored = frozenset(name for name, _ in model.stored())
    if not {"transactioncurrencyid", "exchangerate"} <= stored:
        converted = frozenset()
    groups = [NAMES, converted | {"transactioncurrencyid"}, *(block.parts for block in addresses)]
    return Computed(
        model,
        named={"fullname", *NAMES} <= columns.keys(),
        addresses=addresses,
        money=converted,
        always=STATE & stored,
        related=tuple(group & stored for group in groups),
        currency=currency,
    )


def settle_state(model: TableModel, values: dict[str, Any], before: Mapping[str, Any], row_id: str) -> None:
    """Gives a state its default status reason, and refuses a reason of another state."""
    if not model.states or ("statecode" not in values and "statuscode" not in values):
        return
    state = values.get("statecode")
    state = before.get("statecode", 0) if state is None else state
    reasons = model.states.get(state, ())
    status = values.get("statuscode")
    if status is None:
        changed = state != before.get("statecode")
        status = reasons[0] if reasons and changed else before.get("statuscode")
    if status not in reasons:
        raise errors.wrong_status(f"{model.table.schema_name}State.{_label(model, state)}", status, row_id)
    values["statecode"], values["statuscode"] = state, status


def owner_changed(model: TableModel, values: dict[str, Any]) -> None:
    """Keeps owninguser and owningteam in step with ownerid."""
    if "ownerid" not in values:
        return
    is_user = values.get("ownerid" + TYPE_SUFFIX) != "team"
    for name, owns in (("owninguser", is_user), ("owningteam", not is_user)):
        if name in model.table.columns:
            values[name] = values["ownerid"] if owns else None


def _label(model: TableModel, state: int) -> str:
    options = model.table.columns["statecode"].options
    return next((option.label for option in options if option.value == state), str(state))


def _block(prefix: str) -> Block:
    lines = tuple(prefix + line for line in LINES)
    city, state, code, country = (prefix + part for part in PLACE)
    parts = frozenset((*lines, city, state, code, country))
    return Block(prefix + "composite", lines, city, state, code, country, parts)

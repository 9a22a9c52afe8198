"""Columns that the server fills from others: full names, address blocks, base currency values, states."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import FOLDED_SUFFIX, TYPE_SUFFIX, TableModel
from local.emulators.dataverse.schema import ColumnType
from local.emulators.dataverse.values import fold

LINES: Final = ("line1", "line2", "line3")
PLACE: Final = ("city", "stateorprovince", "postalcode")


@dataclass(frozen=True, slots=True)
class Computed:
    """What one table computes; `inputs` are the columns an update must know the old values of."""

    model: TableModel
    named: bool
    addresses: tuple[tuple[str, frozenset[str]], ...]  # prefix and the parts of a block
    money: frozenset[str]
    inputs: tuple[str, ...]
    currency: str

    def fill(self, values: dict[str, Any], before: Mapping[str, Any]) -> None:
        """Adds computed columns to new or changed values; `before` is empty for a new row."""
        if self.named and ("firstname" in values or "lastname" in values):
            parts = (_now("firstname", values, before), _now("lastname", values, before))
            values["fullname"] = " ".join(part for part in parts if part) or None
        for prefix, parts_of_block in self.addresses:
            if not parts_of_block.isdisjoint(values):
                values[prefix + "composite"] = _address(prefix, values, before)
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
    addresses = tuple(
        (one, frozenset(one + part for part in (*LINES, *PLACE, "country"))) for one in prefixes
    )
    money = frozenset(name for name, one in columns.items() if one.type is ColumnType.MONEY)
    converted = frozenset(name for name in money if name + "_base" in money)
    named = {"fullname", "firstname", "lastname"} <= columns.keys()
    parts = sorted(part for _, block in addresses for part in block)
    inputs = ["versionnumber", "statecode", "statuscode", "firstname", "lastname", *parts]
    stored = {name for name, _ in model.stored()}
    if converted and {"transactioncurrencyid", "exchangerate"} <= stored:
        inputs.append("transactioncurrencyid")
    else:
        converted = frozenset()
    kept = tuple(name for name in inputs if name in stored)
    return Computed(model, named, addresses, converted, kept, currency)


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


def _now(name: str, values: Mapping[str, Any], before: Mapping[str, Any]) -> Any:
    return values[name] if name in values else before.get(name)


def _address(prefix: str, values: Mapping[str, Any], before: Mapping[str, Any]) -> str | None:
    lines = [_now(prefix + part, values, before) for part in LINES]
    city, state, code = (_now(prefix + part, values, before) for part in PLACE)
    region = " ".join(part for part in (state, code) if part)
    lines.append(", ".join(part for part in (city, region) if part))
    lines.append(_now(prefix + "country", values, before))
    return "\r\n".join(line for line in lines if line) or None

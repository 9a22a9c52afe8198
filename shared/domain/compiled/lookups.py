"""Lookups: by what the record that a vendor's value names is recognized, and which one it is."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.domain.fields import ColumnType
from shared.domain.mapping import LookupRule
from shared.domain.websites import website_domain, website_spellings

OwnId = Callable[[str, str], str | None]
"""The key of ours under which a vendor's record lies in a table; None for tables that we do not fill."""

_TEXT = frozenset({ColumnType.STRING, ColumnType.MEMO})
RECOGNIZABLE = _TEXT | {ColumnType.INTEGER, ColumnType.BIG_INT, ColumnType.UNIQUE_IDENTIFIER}
"""The types of the columns by which a record may be found."""

_GREATEST = {ColumnType.INTEGER: 2**31 - 1, ColumnType.BIG_INT: 2**63 - 1}
_WHOLE = re.compile(r"-?[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """A column of the target table. `is_url`: its values are compared as websites."""

    type: ColumnType
    label: str
    is_url: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupTarget:
    """A table that a lookup may point at. `has_state`: whether its records can be inactive."""

    table: str
    label: str
    entity_set: str
    primary_id: str
    columns: Mapping[str, TargetColumn]
    has_state: bool


Targets = Mapping[str, LookupTarget]
"""The tables that lookups point at, by logical name."""

NO_TARGETS: Targets = {}


@dataclass(frozen=True, slots=True)
class LookupKey:
    """What a record of a table is recognized by: the value of one of its columns."""

    table: str
    column: str
    text: str


class Reference(str):
    """How a payload names a record: `/accounts(id)`. `name` is the property that binds it."""

    __slots__ = ("id", "name")
    id: str
    name: str

    @classmethod
    def to(cls, target: LookupTarget, row_id: str, bind_name: str) -> "Reference":
        """The record of a target table, bound by this name."""
        made = cls(f"/{target.entity_set}({row_id})")
        made.id = row_id
        made.name = f"{bind_name}@odata.bind"
        return made


def id_in(reference: str) -> str:
    """The id of the record that `/accounts(id)` names."""
    return reference.rpartition("(")[2].rstrip(")")


@dataclass(frozen=True, slots=True)
class Links:
    """The records that were found for lookups, by what they are recognized by."""

    ids: Mapping[LookupKey, tuple[str, ...]] = field(default_factory=dict)

    def find(self, key: LookupKey) -> tuple[str, ...]:
        """The ids of the records that are recognized so."""
        return self.ids.get(key, ())


NO_LINKS = Links()


@dataclass(frozen=True, slots=True)
class LookupQuestion:
    """One question to Dynamics: the records of a table whose column has one of the values."""

    target: LookupTarget
    column: str
    values: tuple[str, ...]

    @property
    def select(self) -> tuple[str, ...]:
        """The columns to read."""
        state = ("statecode",) if self.target.has_state else ()
        return tuple(dict.fromkeys((self.target.primary_id, self.column, *state)))


def can_find(rule: LookupRule, targets: Targets) -> bool:
    """Whether records of the rule's table can be found by its column."""
    target = targets.get(rule.table)
    column = None if target is None else target.columns.get(rule.column)
    return column is not None and column.type in RECOGNIZABLE


def key_of(rule: LookupRule, target: LookupTarget, text: str, own_id: OwnId) -> LookupKey | None:
    """By what the record is recognized that a vendor's value names; None when it can name none."""
    return _key(rule, target, _own_or_given_id(target, text, own_id) if _by_id(rule, target) else text)


def questions(keys: Iterable[LookupKey], targets: Targets) -> list[LookupQuestion]:
    """What has to be asked to find the records of these keys."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for key in dict.fromkeys(keys):
        grouped.setdefault((key.table, key.column), []).append(key.text)
    return [
        LookupQuestion(targets[table], column, tuple(_spelled(targets[table], column, texts)))
        for (table, column), texts in grouped.items()
    ]


def links_of(answers: Iterable[tuple[LookupQuestion, Iterable[Mapping[str, Any]]]]) -> Links:
    """The records of the answers. Inactive ones count only where no active one is recognized alike."""
    active: dict[LookupKey, dict[str, None]] = {}
    inactive: dict[LookupKey, dict[str, None]] = {}
    for question, rows in answers:
        rule = LookupRule(question.target.table, question.column)
        for row in rows:
            key = _key(rule, question.target, str(row.get(question.column) or ""))
            if key is not None:
                kept = inactive if row.get("statecode") else active
                kept.setdefault(key, {})[str(row[question.target.primary_id])] = None
    return Links({key: tuple(ids) for key, ids in (inactive | active).items()})


def _key(rule: LookupRule, target: LookupTarget, text: str) -> LookupKey | None:
    column = target.columns.get(rule.column)
    folded = text.strip().casefold()
    if column is not None and column.is_url:
        folded = website_domain(text.strip())
    elif column is not None and column.type in _GREATEST and not _is_within(folded, _GREATEST[column.type]):
        return None
    return LookupKey(rule.table, rule.column, folded) if folded else None


def _is_within(text: str, greatest: int) -> bool:
    """Whether a whole number of a column is meant: Dataverse refuses a question with anything else."""
    return _WHOLE.fullmatch(text) is not None and abs(int(text)) <= greatest


def _spelled(target: LookupTarget, column: str, texts: list[str]) -> list[str]:
    if target.columns[column].is_url:
        return [spelling for domain in texts for spelling in website_spellings(domain)]
    return texts


def _by_id(rule: LookupRule, target: LookupTarget) -> bool:
    column = target.columns.get(rule.column)
    return column is not None and column.type is ColumnType.UNIQUE_IDENTIFIER


def _own_or_given_id(target: LookupTarget, text: str, own_id: OwnId) -> str:
    """A key of Dynamics as it is, else the key under which the vendor's record of this id would lie."""
    try:
        return str(UUID(text))
    except ValueError:
        return own_id(target.table, text) or ""

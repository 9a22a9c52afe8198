"""Suggestions: the columns that may take a vendor field, the likeliest first."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from shared.domain.default_mapping import default_rows
from shared.domain.fields import Column, RequiredLevel, VendorField, VendorType
from shared.domain.ids import ObjectType
from shared.domain.mapping import VendorSource
from shared.domain.verify.compatibility import COMPATIBLE

_WORD = re.compile(r"[^\W\d_]+|\d+")
_SAME = {
    "cell": "mobile",
    "count": "number",
    "employee": "employees",
    "mail": "email",
    "postal": "zip",
    "position": "job",
    "province": "state",
    "site": "website",
    "telephone": "phone",
    "town": "city",
    "url": "website",
    "web": "website",
}
_MEANINGLESS = frozenset(
    {"a", "address", "business", "code", "e", "field", "main", "name", "of", "or", "person", "the"}
)
_FORMATS = {VendorType.EMAIL: "Email", VendorType.PHONE: "Phone", VendorType.URL: "Url"}

_DEFAULT, _SAME_NAME, _OVERLAP, _FORMAT, _WANTED = 4.0, 2.0, 2.0, 0.5, 0.25


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A column for a vendor field. `score` orders them: above 1 the names say that they belong together."""

    column: str
    score: float


def suggest(
    object_type: ObjectType, vendor_fields: Mapping[str, VendorField], columns: Mapping[str, Column]
) -> dict[str, list[Suggestion]]:
    """The type-compatible columns of each vendor field, best first, by field."""
    defaults = {
        (row.source.field, row.column)
        for row in default_rows(object_type, columns)
        if isinstance(row.source, VendorSource)
    }
    described = [(column, _words(column.label)) for column in columns.values() if column.mappable]
    return {field.name: _of_field(field, described, defaults) for field in vendor_fields.values()}


def _of_field(
    field: VendorField,
    described: Iterable[tuple[Column, frozenset[str]]],
    defaults: set[tuple[str, str]],
) -> list[Suggestion]:
    words = _words(field.label)
    scored = [
        (_score(field, words, column, of_column) + _DEFAULT * ((field.name, column.name) in defaults), column)
        for column, of_column in described
        if column.type in COMPATIBLE[field.type]
    ]
    scored.sort(key=lambda each: (-each[0], each[1].label.casefold(), each[1].name))
    return [Suggestion(column.name, round(score, 3)) for score, column in scored]


def _score(field: VendorField, words: frozenset[str], column: Column, of_column: frozenset[str]) -> float:
    shared = len(words & of_column)
    score = _OVERLAP * shared / len(words | of_column) if shared else 0.0
    if field.name.casefold() == column.name or field.label.casefold() == column.label.casefold():
        score += _SAME_NAME
    if field.type in _FORMATS and column.format == _FORMATS[field.type]:
        score += _FORMAT
    if column.required_level in {RequiredLevel.APPLICATION, RequiredLevel.RECOMMENDED}:
        score += _WANTED * bool(shared)
    return score


@cache
def _words(label: str) -> frozenset[str]:
    """What a label is about, in words that the vendor and Dynamics would share."""
    meant = {_SAME.get(word, word) for word in _WORD.findall(label.casefold())}
    return frozenset(meant - _MEANINGLESS) or frozenset(meant)

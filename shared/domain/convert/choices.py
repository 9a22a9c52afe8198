"""Conversion into choice columns: by the row's value map, else by label or number."""

from collections.abc import Callable
from typing import Any

from shared.domain.convert.values import SEPARATOR, Convert, ValueRejected, as_text, is_empty
from shared.domain.fields import Column
from shared.domain.mapping import RowOptions

Named = Callable[[Any], int | None]


def choice(column: Column, options: RowOptions) -> Convert:
    """The number of one choice."""
    return _choice(column, options)


def choices(column: Column, options: RowOptions) -> Convert:
    """The numbers of several choices, joined as Dataverse joins them."""
    one = _choice(column, options)
    with_comma = {
        word
        for label in (*(option.label for option in column.options), *(word for word, _ in options.choices))
        if "," in (word := label.strip().casefold())
    }
    own_separator = "" if options.separator == SEPARATOR else options.separator.strip()

    def items(value: Any) -> list[Any]:
        if isinstance(value, list):
            return value
        text = as_text(value)
        return text.split(own_separator) if own_separator else _split_labels(text, with_comma)

    def convert(value: Any) -> str | None:
        if is_empty(value):
            return None
        numbers = {number for item in items(value) if (number := one(item)) is not None}
        return ",".join(str(number) for number in sorted(numbers)) or None

    return convert


def find_choice(column: Column) -> Named:
    """Finds a choice by its label or number: an exact label first, then one that differs in case alone."""
    numbers = {str(option.value): option.value for option in column.options}
    labels = {option.label.strip().casefold(): option.value for option in reversed(column.options)}
    labels |= {option.label.strip(): option.value for option in reversed(column.options)}

    def find(value: Any) -> int | None:
        text = as_text(value).strip()
        found = labels.get(text, labels.get(text.casefold(), numbers.get(text)))
        return numbers.get(text, found) if type(value) is int else found

    return find


def listed(column: Column, limit: int = 8) -> str:
    """The choices of a column, for a sentence."""
    shown = [f"{option.label} ({option.value})" for option in column.options[:limit]]
    more = len(column.options) - limit
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _choice(column: Column, options: RowOptions) -> Callable[[Any], int | None]:
    find = find_choice(column)
    mapped = _value_map(options, find)
    other = None if options.other_choice is None else find(options.other_choice)

    def convert(value: Any) -> int | None:
        text = as_text(value).strip()
        if not text:
            return None
        found = mapped.get(text, mapped.get(text.casefold())) if mapped else None
        if found is None:
            found = find(value)
        if found is None:
            found = other
        if found is None:
            raise ValueRejected(
                "choiceNotFound", f"{column.label} has no such choice. It has: {listed(column)}."
            )
        return found

    return convert


def _value_map(options: RowOptions, find: Named) -> dict[str, int]:
    """Numbers by vendor word; a word as it is written goes before one that differs in case."""
    found = [(word.strip(), number) for word, to in options.choices if (number := find(to)) is not None]
    folded = {word.casefold(): number for word, number in reversed(found)}
    return folded | dict(found)


def _split_labels(text: str, with_comma: set[str]) -> list[str]:
    """The labels of a text: between semicolons, or commas where these are no part of a label."""
    parts = [part.strip() for part in text.split(";")]
    return [
        label for part in parts for label in ([part] if part.casefold() in with_comma else part.split(","))
    ]

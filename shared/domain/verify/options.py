"""Verification of a row's options: each belongs to certain types, and names things that exist."""

from collections.abc import Iterator
from typing import Any

from shared.domain.convert.choices import find_choice, listed
from shared.domain.dates import date_format
from shared.domain.errors import Problem
from shared.domain.fields import LOOKUP_TYPES, Column, ColumnType
from shared.domain.mapping import NO_OPTIONS, MappingRow
from shared.domain.verify.compatibility import CHOICE_TYPES, TEXT_TYPES
from shared.domain.verify.problems import COLUMN_WORDS, at

_DATES = frozenset({ColumnType.DATE_TIME})
_FLAGS = frozenset({ColumnType.BOOLEAN})

_FITTING: dict[str, tuple[str, frozenset[ColumnType], str]] = {
    "too_long": ("cutting long texts", TEXT_TYPES, "texts"),
    "choices": ("a value map", CHOICE_TYPES, "choices"),
    "other_choice": ("another choice", CHOICE_TYPES, "choices"),
    "date_format": ("a date format", _DATES, "dates"),
    "true_words": ("words for yes", _FLAGS, "yes or no"),
    "false_words": ("words for no", _FLAGS, "yes or no"),
    "phone_format": ("a phone format", TEXT_TYPES, "texts"),
    "separator": ("a separator", TEXT_TYPES | {ColumnType.MULTI_SELECT}, "texts and choices"),
    "lookup": ("a rule for finding records", LOOKUP_TYPES, "lookups"),
}


def option_problems(number: int, row: MappingRow, column: Column) -> list[Problem]:
    """What is wrong with the options of a row whose column exists."""
    if row.options == NO_OPTIONS:
        return []
    unfitting = [at(number, row, "optionUnfitting", sentence) for sentence in _unfitting(row, column)]
    return unfitting or [at(number, row, code, sentence) for code, sentence in _wrong(row, column)]


def _unfitting(row: MappingRow, column: Column) -> Iterator[str]:
    for name, (option, types, things) in _FITTING.items():
        given: Any = getattr(row.options, name)
        if given != getattr(NO_OPTIONS, name) and column.type not in types:
            takes = COLUMN_WORDS.get(column.type, column.type)
            yield f"{option} is for {things}, and “{column.label}” takes {takes}. Remove the option."


def _wrong(row: MappingRow, column: Column) -> Iterator[tuple[str, str]]:
    yield from _wrong_choices(row, column)
    yield from _wrong_words(row)
    if row.options.date_format is not None:
        try:
            date_format(row.options.date_format)
        except ValueError as error:
            yield (
                "dateFormatInvalid",
                f"{error}, for example DD.MM.YYYY; “{row.options.date_format}” is none.",
            )
    if not row.options.separator:
        yield "separatorMissing", "enter what stands between the items of a list, for example a comma."


def _wrong_choices(row: MappingRow, column: Column) -> Iterator[tuple[str, str]]:
    wanted = [to for _, to in row.options.choices]
    if row.options.other_choice is not None:
        wanted.append(row.options.other_choice)
    find = find_choice(column)
    for choice in dict.fromkeys(wanted):
        if find(choice) is None:
            yield "choiceNotFound", f"no choice “{choice}” in “{column.label}”. Available: {listed(column)}."
    if any(not word.strip() for word, _ in row.options.choices):
        yield "wordMissing", f"enter the vendor's word for each choice of “{column.label}”."


def _wrong_words(row: MappingRow) -> Iterator[tuple[str, str]]:
    yes, no = (
        {_folded(word) for word in words} for words in (row.options.true_words, row.options.false_words)
    )
    if "" in yes | no:
        yield "wordMissing", "a word for yes or no is blank. Enter it or remove it."
    both = sorted((yes & no) - {""})
    if both:
        yield "wordsContradict", f"“{both[0]}” stands for yes and for no. Remove one of them."


def _folded(word: str) -> str:
    return word.strip().casefold()

"""Options in the bodies of customizers, with values given or chosen for them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.customizing.labels import Texts, read_label
from local.emulators.dataverse.schema import Option

FIRST_CUSTOM: Final = 100_000_000  # the default publisher's option value prefix, 10000, and four digits


def next_value(options: Iterable[Option]) -> int:
    """The value for a new option that names none."""
    return max((one.value + 1 for one in options if one.value >= FIRST_CUSTOM), default=FIRST_CUSTOM)


def read_options(rows: object) -> tuple[Option, ...]:
    """The options of a new choice."""
    if not isinstance(rows, list):
        raise refusals.invalid("OptionSet needs Options, a list of options with Value and Label.")
    found: list[Option] = []
    for row in rows:
        if not isinstance(row, Mapping):
            raise refusals.invalid("An option of OptionSet is no JSON object with Value and Label.")
        found.append(new_option(row, found))
    return tuple(found)


def new_option(row: Mapping[str, Any], present: Iterable[Option], state: int | None = None) -> Option:
    """One more option beside those present."""
    texts = read_label(row, "Label")
    if texts is None or not texts.english.strip():
        raise refusals.label_missing("Label of an option")
    present = list(present)
    value = row.get("Value")
    if value is None:
        value = next_value(present)
    if not isinstance(value, int):
        raise refusals.invalid(f"The Value of an option is no whole number: {value!r}.")
    if any(one.value == value for one in present):
        raise refusals.option_taken()
    return Option(value, texts.english, state, texts.others)


def two_options(body: Mapping[str, Any]) -> tuple[Option, ...]:
    """The labels of a yes/no column; No and Yes where none are given."""
    given = body.get("OptionSet")
    rows = given if isinstance(given, Mapping) else {}
    return (_of_two(rows, "FalseOption", Option(0, "No")), _of_two(rows, "TrueOption", Option(1, "Yes")))


def _of_two(rows: Mapping[str, Any], name: str, usual: Option) -> Option:
    row = rows.get(name)
    texts = read_label(row, "Label") if isinstance(row, Mapping) else None
    texts = texts or Texts(usual.label)
    return Option(usual.value, texts.english or usual.label, None, texts.others)

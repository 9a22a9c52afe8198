"""The options of a mapping row as JSON values; what has its default is absent."""

from collections.abc import Mapping
from typing import Any

from shared.domain.mapping import NO_OPTIONS, LookupRule, PhoneFormat, RowOptions, TooLong


def pack_options(options: RowOptions) -> dict[str, Any]:
    """What differs from the defaults."""
    if options == NO_OPTIONS:
        return {}
    packed = {
        "tooLong": options.too_long.value,
        "choices": dict(options.choices),
        "otherChoice": options.other_choice,
        "dateFormat": options.date_format,
        "trueWords": list(options.true_words),
        "falseWords": list(options.false_words),
        "phoneFormat": options.phone_format.value,
        "separator": options.separator,
        "lookup": None if options.lookup is None else _pack_lookup(options.lookup),
        "block": options.block,
        "protectEdits": options.protect_edits,
    }
    return {name: value for name, value in packed.items() if value != _DEFAULTS[name]}


def unpack_options(packed: Mapping[str, Any]) -> RowOptions:
    """The options of what `pack_options` gave, among other keys."""
    if _DEFAULTS.keys().isdisjoint(packed):
        return NO_OPTIONS
    given = {name: packed.get(name, default) for name, default in _DEFAULTS.items()}
    lookup = given["lookup"]
    return RowOptions(
        too_long=TooLong(given["tooLong"]),
        choices=tuple(given["choices"].items()),
        other_choice=given["otherChoice"],
        date_format=given["dateFormat"],
        true_words=tuple(given["trueWords"]),
        false_words=tuple(given["falseWords"]),
        phone_format=PhoneFormat(given["phoneFormat"]),
        separator=given["separator"],
        lookup=None if lookup is None else LookupRule(lookup["table"], lookup["column"]),
        block=given["block"],
        protect_edits=given["protectEdits"],
    )


def _pack_lookup(rule: LookupRule) -> dict[str, str]:
    return {"table": rule.table, "column": rule.column}


_DEFAULTS: Mapping[str, Any] = {
    "tooLong": NO_OPTIONS.too_long.value,
    "choices": {},
    "otherChoice": None,
    "dateFormat": None,
    "trueWords": [],
    "falseWords": [],
    "phoneFormat": NO_OPTIONS.phone_format.value,
    "separator": NO_OPTIONS.separator,
    "lookup": None,
    "block": None,
    "protectEdits": False,
}

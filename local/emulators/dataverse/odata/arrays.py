"""The value lists of query functions, read as leniently as Dataverse's JSON reader and no more."""

import re
from typing import Final

import orjson

from local.emulators.dataverse.errors import query_refused

ITEM: Final = re.compile(
    r"""\s*(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<bare>[^\s,'"\[\]]+))\s*""",
    re.DOTALL,
)
COMMA_EXPECTED: Final = (
    "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements in an array and "
    "properties of an object must be separated by commas."
)


def read_array(text: str) -> tuple[str, ...]:
    """The items of `[...]` as texts; an apostrophe inside single quotes ends the item, as documented."""
    texts = _texts(text)
    return _leniently(text) if texts is None else texts


def _texts(text: str) -> tuple[str, ...] | None:
    """The items where they are nothing but texts in strict JSON, as nearly always."""
    try:
        items = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(items, list) or not all(item.__class__ is str for item in items):
        return None
    return tuple(items)


def _leniently(text: str) -> tuple[str, ...]:
    inner = text.strip()[1:-1]
    if not inner.strip():
        return ()
    items: list[str] = []
    position = 0
    while True:
        match = ITEM.match(inner, position)
        if match is None:
            raise query_refused(COMMA_EXPECTED)
        items.append(_item(match))
        position = match.end()
        if position == len(inner):
            return tuple(items)
        if inner[position] != ",":
            raise query_refused(COMMA_EXPECTED)
        position += 1


def _item(match: re.Match[str]) -> str:
    if match["double"] is not None:
        try:
            return str(orjson.loads('"' + match["double"] + '"'))
        except orjson.JSONDecodeError as error:
            raise query_refused(f"Invalid JSON. {error}") from error
    return match["single"] if match["single"] is not None else match["bare"]

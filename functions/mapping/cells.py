"""One value in a cell of a CSV file, such that it comes back as it was and a spreadsheet runs none."""

import json
from typing import Any

_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "'")
_MARK = "'"


def to_cell(value: Any) -> str:
    """Text as it is where nothing else reads like it, anything else as JSON."""
    plain = isinstance(value, str) and _parsed(value) == value and value == value.strip()
    text = value if plain and value else json.dumps(value, ensure_ascii=False)
    return _MARK + text if text.startswith(_RUN_BY_SPREADSHEETS) else text


def from_cell(cell: str) -> Any:
    """The value of a cell; None for an empty one."""
    text = cell.strip().removeprefix(_MARK)
    return _parsed(text) if text else None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_not_json)
    except (ValueError, RecursionError):
        return text


def _not_json(word: str) -> None:
    """NaN and Infinity are words, as everywhere else in JSON."""
    raise ValueError(word)

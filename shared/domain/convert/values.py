"""What every conversion shares: what is empty, how a value reads as text, how one is refused."""

from collections.abc import Callable
from typing import Any

ColumnValue = str | int | float | bool
Convert = Callable[[Any], ColumnValue | None]
"""A column's value, or None when the vendor's value is empty; raises ValueRejected."""

_ITEM_KEYS = ("name", "value", "description", "url", "school", "id")
_DEEPEST = 8
SEPARATOR = "; "


class ValueRejected(Exception):
    """The column cannot hold the value. The sentence names the limit, never the value."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def is_empty(value: object) -> bool:
    """Null, empty text and white space are empty; so is an empty list. 0 and false are values."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, (list, dict)) and not value


def as_text(value: Any, separator: str = SEPARATOR) -> str:
    """How a vendor's value reads as text. Lists are joined by the separator, objects by what names them."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (list, dict)):
        return _joined(value, separator, _DEEPEST)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _joined(value: Any, separator: str, depth: int) -> str:
    """A list or an object as text; what lies deeper than `depth` is nobody's value."""
    if not isinstance(value, (list, dict)):
        return as_text(value)
    if depth == 0:
        return ""
    if isinstance(value, list):
        texts = [item if type(item) is str else _joined(item, separator, depth - 1) for item in value]
        return separator.join([stripped for text in texts if (stripped := text.strip())])
    named = (value[key] for key in _ITEM_KEYS if not is_empty(value.get(key)))
    return next((_joined(each, separator, depth - 1) for each in named), "")

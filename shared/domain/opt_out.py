"""Whether the vendor marked a record as one that must not be exported."""

import re
from collections.abc import Mapping
from typing import Any

_FLAGS = frozenset({"optout", "optedout", "donotexport", "noexport"})
_STATUSES = frozenset({"status", "exportstatus", "consentstatus", "privacystatus", "contactstatus"})
_WITHHELD = frozenset({"optout", "optedout", "donotexport", "noexport"})
_NO = frozenset({"", "false", "no", "n", "0", "off", "none", "null"})
_MOST_NAMES, _USUAL_NAME = 1024, 64
_silent: set[str] = set()
"""Names that were seen and say nothing of opting out: all that most records have."""

_SIGNS = re.compile(r"[\W_]+")


def is_opted_out(fields: Mapping[str, Any]) -> bool:
    """Whether a flag is set or a status says so.

    `optOut`, `opt_out` and `Opt-Out` are one name. A flag counts whatever it holds but a plain no: the
    day of the objection is a yes.
    """
    if _silent.issuperset(fields):
        return False
    return any(_says_so(name, value) for name, value in fields.items() if name not in _silent)


def _says_so(name: str, value: Any) -> bool:
    plain = _plain(name)
    if plain in _FLAGS:
        return _is_set(value)
    if plain in _STATUSES:
        return isinstance(value, str) and _plain(value) in _WITHHELD
    if len(name) <= _USUAL_NAME:
        if len(_silent) >= _MOST_NAMES:
            _silent.clear()
        _silent.add(name)
    return False


def _is_set(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().casefold() not in _NO
    return bool(value)


def _plain(text: str) -> str:
    return _SIGNS.sub("", text).casefold()

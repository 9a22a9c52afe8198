"""Whether the vendor marked a record as one that must not be exported."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_FLAGS = frozenset({"optout", "optedout", "donotexport", "noexport"})
_STATUSES = frozenset({"status", "exportstatus", "consentstatus", "privacystatus", "contactstatus"})
_WITHHELD = frozenset({"optout", "optedout", "donotexport", "noexport"})
_NO = frozenset({"", "false", "no", "n", "0", "off", "none", "null"})
_USUAL_NAME = 64
_SIGNS = re.compile(r"[\W_]+")


def is_opted_out(fields: Mapping[str, Any]) -> bool:
    """Whether a flag is set or a status says so.

    `optOut`, `opt_out` and `Opt-Out` are one name. A flag counts whatever it holds but a plain no: the
    day of the objection is a yes.
    """
    for name, value in fields.items():
        plain = _known_name(name) if len(name) <= _USUAL_NAME else _plain(name)
        if plain is None:
            continue
        if plain in _FLAGS and _is_set(value):
            return True
        if plain in _STATUSES and isinstance(value, str) and _plain(value) in _WITHHELD:
            return True
    return False


@lru_cache(maxsize=1024)
def _known_name(name: str) -> str | None:
    """The plain name where it says something of opting out: the records of an export have the same names."""
    plain = _plain(name)
    return plain if plain in _FLAGS or plain in _STATUSES else None


def _is_set(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().casefold() not in _NO
    return bool(value)


def _plain(text: str) -> str:
    return _SIGNS.sub("", text).casefold()

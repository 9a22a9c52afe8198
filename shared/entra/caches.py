"""MSAL's token caches as text: two that were written at once become one."""

import json
from dataclasses import dataclass
from typing import Any

from shared.domain.ids import DirectoryId

_AGE = ("last_modification_time", "cached_at")


def merge(stored: str, ours: str) -> str:
    """Every entry of both; of two with the same key the newer, so that no newer refresh token is lost."""
    merged: dict[str, dict[str, Any]] = json.loads(stored)
    for kind, entries in json.loads(ours).items():
        known = merged.setdefault(kind, {})
        for name, entry in entries.items():
            if name not in known or _written(entry) > _written(known[name]):
                known[name] = entry
    return json.dumps(merged)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose tokens a cache holds, and the directory in which that person signed in."""

    id: str
    directory: DirectoryId


def account_in(cache: str) -> Account | None:
    """The account of a cache, which has one; None for a cache that has none."""
    accounts = json.loads(cache).get("Account", {}).values()
    found = ((account["home_account_id"], DirectoryId(account["realm"])) for account in accounts)
    return next((Account(*pair) for pair in found), None)


def _written(entry: dict[str, Any]) -> int:
    """Seconds since 1970, 0 for an entry without an age."""
    return max(int(entry.get(name) or 0) for name in _AGE)

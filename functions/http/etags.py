"""Conditional requests: entity tags out, If-Match and If-None-Match in."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from shared.domain.errors import PreconditionMissing, Stale

_TAG = re.compile(r'(?:W/)?"[^"]*"')


def entity_tag(etag: str) -> str:
    """The storage's ETag as a strong entity tag: the weak ones of Table Storage never match an If-Match."""
    return f'"{urlsafe_b64encode(etag.encode()).decode().rstrip("=")}"'


def etag_to_replace(headers: Mapping[str, str], current: str) -> str | None:
    """What a write is bound to: the current ETag where If-Match names it, None (anything) for `*`.

    PreconditionMissing without If-Match, Stale where it names another state.
    """
    given = headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionMissing(
            "ifMatchMissing",
            "Send the ETag that you read in the If-Match header, or * to overwrite whatever is there.",
        )
    if given == "*":
        return None
    if entity_tag(current) not in _TAG.findall(given):
        raise stale()
    return current


def is_unchanged(headers: Mapping[str, str], etag: str) -> bool:
    """Whether the caller has this state already, by If-None-Match."""
    given = headers.get("If-None-Match", "").strip()
    return given == "*" or entity_tag(etag) in [tag.removeprefix("W/") for tag in _TAG.findall(given)]


def stale() -> Stale:
    """Somebody else was quicker."""
    return Stale(
        "changedMeanwhile",
        "This was changed by somebody else since you read it. Read it again, then repeat your change.",
    )

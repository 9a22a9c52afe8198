"""Addresses below the service root: segments, keys in parentheses, the address of a row."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import TableModel
from local.emulators.dataverse.values import GUID

SERVICE_ROOT: Final = re.compile(r"^(?:https?://[^/]+)?/?api/data/(v[0-9.]+)/?")
SEGMENT: Final = re.compile(r"([^(/]+)(?:\(((?:'(?:[^']|'')*'|[^')])*)\))?(?:/|$)")
KEY_PART: Final = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*('(?:[^']|'')*'|[^,']+)\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Segment:
    """One step of a path; `key` is what stands in the parentheses, None without them."""

    name: str
    key: str | None = None


def split_root(address: str) -> tuple[str, str]:
    """The version and the rest of an address; an empty version where it does not begin with the root."""
    found = SERVICE_ROOT.match(address)
    return (found[1], address[found.end() :]) if found else ("", address.lstrip("/"))


def segments(path: str) -> tuple[Segment, ...]:
    """The steps of an encoded path below the service root."""
    text = unquote(path).strip("/")
    found: list[Segment] = []
    position = 0
    while position < len(text):
        step = SEGMENT.match(text, position)
        if step is None:
            raise errors.segment_not_found(text[position:])
        found.append(Segment(step[1], step[2]))
        position = step.end()
    return tuple(found)


def key_values(model: TableModel, key: str) -> dict[str, str]:
    """The literals of a key by column name; a lone GUID is the primary key's."""
    if GUID.fullmatch(key.strip()):
        return {model.table.primary_id: key.strip().strip("{}").lower()}
    found: dict[str, str] = {}
    position = 0
    while position < len(key):
        part = KEY_PART.match(key, position)
        if part is None:
            raise errors.key_not_defined(model.name)
        found[part[1]] = part[2].strip()
        position = part.end()
    return found


def unquote_literal(literal: str) -> str:
    """The text of a quoted literal, doubled quotes made single; other literals as they stand."""
    if literal.startswith("'"):
        return literal[1:-1].replace("''", "'")
    return literal

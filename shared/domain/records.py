"""One vendor record of an export, or what is wrong with the line that should have been one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class VendorRecord:
    """A person or a company. `position` counts the export's records from 1; `line` is where it began."""

    position: int
    line: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UnreadableRecord:
    """A line that is no record: it gets the outcome failed, and the others go on."""

    position: int
    line: int
    code: str
    reason: str


InputRecord = VendorRecord | UnreadableRecord

"""The versions of a mapping as JSON."""

from typing import Any

from pydantic import Field

from functions.http import Payload
from functions.mapping.payloads import MappingPayload, mapping_members
from shared.domain.mapping import Mapping
from shared.storage.mapping_versions import VersionNote


class VersionPayload(Payload):
    """Who changed the mapping, and when."""

    version: int = Field(examples=[3])
    updated_by: str | None = Field(examples=["ada"])
    updated_at: str | None = Field(examples=["2026-01-31T09:30:00.000Z"])
    is_default: bool = Field(description="The default mapping was brought back.")
    restored_from: int | None = Field(
        description="The version whose rows were brought back; null where rows were edited.", examples=[1]
    )
    rows: int | None = Field(description="How many rows; null for the default mapping.", examples=[12])

    @classmethod
    def of(cls, note: VersionNote) -> "VersionPayload":
        return cls(**_members(note), rows=None if note.is_default else note.rows)


class VersionDetailPayload(MappingPayload):
    """One version with its rows; `changes` tells what differs from the version before it."""

    is_default: bool
    restored_from: int | None
    changes: list[str] = Field(
        description="What differs from the version before, row by row.",
        examples=[["Row 2 jobTitle → jobtitle was added."]],
    )

    @classmethod
    def detailed(cls, note: VersionNote, mapping: Mapping, changes: list[str]) -> "VersionDetailPayload":
        return cls(
            **mapping_members(mapping, ()),
            is_default=note.is_default,
            restored_from=note.restored,
            changes=changes,
        )


def _members(note: VersionNote) -> dict[str, Any]:
    return {
        "version": note.version,
        "updated_by": note.updated_by,
        "updated_at": note.updated_at,
        "is_default": note.is_default,
        "restored_from": note.restored,
    }

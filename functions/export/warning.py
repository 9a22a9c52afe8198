"""Keeps with an export which rows of its mapping had to be left out."""

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.errors import Problem
from shared.domain.exports import Export
from shared.storage.exports import ExportStore
from shared.storage.table import Changed


def note_warnings(exports: ExportStore, export: Export, warnings: Sequence[Problem]) -> None:
    """Adds the warnings to the export's row, whoever else changes it at the same time."""
    while warnings and (stored := exports.get(export.tenant, export.id)) is not None:
        if stored.value.warnings:
            return
        try:
            exports.replace(replace(stored.value, warnings=tuple(warnings)), stored.etag)
        except Changed:
            continue
        return

"""Follows one export from the file to its last outcome."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.api_client import ApiClient
from local.progress import Progress, ProgressDisplay

OUTCOMES = ("created", "updated", "unchanged", "skipped", "failed")
_UNFINISHED = frozenset({"queued", "running"})
_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Finished:
    """An export that has ended, as the API tells it."""

    export: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The export's id."""
        return str(self.export["id"])

    @property
    def counts(self) -> dict[str, int]:
        """Records by outcome, every outcome named."""
        return {outcome: int(self.export["counts"][outcome]) for outcome in OUTCOMES}

    @property
    def is_complete(self) -> bool:
        """Whether every record has an outcome."""
        return sum(self.counts.values()) == int(self.export["counts"]["total"])


def export_file(
    client: ApiClient, file: Path, object_type: str, *, display: ProgressDisplay, dry_run: bool = False
) -> Finished:
    """Sends the file, shows the progress until the end, and tells how it ended."""
    return follow(client, client.start_export(file, object_type, dry_run=dry_run), display)


def follow(client: ApiClient, export_id: str, display: ProgressDisplay) -> Finished:
    """Shows the progress of a started export until its end."""
    while True:
        export = client.get(f"/exports/{export_id}")
        if export["state"] not in _UNFINISHED:
            display.finish(_progress(export))
            return Finished(export)
        display.show(_progress(export))
        time.sleep(_POLL_SECONDS)


def _progress(export: Mapping[str, Any]) -> Progress:
    counts = {outcome: int(export["counts"][outcome]) for outcome in OUTCOMES}
    until = export.get("throttledUntil")
    return Progress(
        total=int(export["counts"]["total"]),
        counts=counts,
        share=float(export["progress"]),
        note=f"Dynamics asks to wait until {until}" if until else "",
    )

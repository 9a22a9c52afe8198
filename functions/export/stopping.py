"""Holds exports up, lets them go on, and cancels them. Each takes effect within a chunk."""

from collections.abc import Callable
from dataclasses import replace

from functions.export.messages import SplitMessage, WriteMessage
from functions.export.stores import ExportStores
from functions.identity import Caller
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.errors import Conflict
from shared.domain.exports import Export, ExportState
from shared.storage.table import Stored

Find = Callable[[Caller, str], Stored[Export]]

_ALL_LANES = 0


class Stopping:
    """The use cases of a person who watches an export. `find` gives the exports that a caller may see."""

    def __init__(self, stores: ExportStores, find: Find) -> None:
        self._stores = stores
        self._find = find

    def cancel(self, caller: Caller, export_id: str) -> Export:
        """Ends it: what was not written yet gets the outcome skipped."""
        return self._change(caller, export_id, AuditAction.EXPORT_CANCELLED, self._cancelled)

    def pause(self, caller: Caller, export_id: str) -> Export:
        """Holds it up until somebody lets it go on. Once more changes nothing."""
        return self._change(caller, export_id, AuditAction.EXPORT_PAUSED, _paused)

    def resume(self, caller: Caller, export_id: str) -> Export:
        """Lets it go on: after a pause, or at once after what it waited for was put right."""
        return self._change(caller, export_id, AuditAction.EXPORT_RESUMED, self._resumed)

    def _change(
        self,
        caller: Caller,
        export_id: str,
        action: AuditAction,
        change: Callable[[Export], Export | None],
    ) -> Export:
        seen = self._find(caller, export_id).value
        changed = self._stores.exports.change(caller.tenant, seen.id, change)
        if changed is None:
            return self._find(caller, export_id).value
        before, after = changed
        self._stores.trail.note(caller, action, f"export/{after.id}", before=before, after=after)
        log.info("export changed by a person", export=after.id, action=action.value, by=caller.user)
        if not after.paused and after.ended_at is None:
            self._call(after)
        return after

    def _call(self, export: Export) -> None:
        """Sends for what may have stopped. Calling what has not is harmless."""
        if export.state is ExportState.QUEUED:
            self._stores.split_queue.send(SplitMessage(export.tenant, export.id).to_wire())
        else:
            message = WriteMessage(export.tenant, export.id, number=0, lane=_ALL_LANES)
            self._stores.write_queue.send(message.to_wire())

    def _cancelled(self, export: Export) -> Export | None:
        if export.state is ExportState.CANCELLED:
            return None
        _check_running(export, "there is nothing to stop")
        never_split = export.state is ExportState.QUEUED
        ended_at = self._stores.clock() if never_split else None
        return replace(export, state=ExportState.CANCELLED, ended_at=ended_at, paused=False)

    def _resumed(self, export: Export) -> Export | None:
        _check_running(export, "there is nothing to let go on")
        if not export.paused and export.problem is None:
            return None
        progress = self._stores.progress.get(export.tenant, export.id)
        return replace(
            export,
            paused=False,
            problem=None,
            going_since=self._stores.clock(),
            done_before=progress.counts.done if progress else 0,
        )


def _paused(export: Export) -> Export | None:
    _check_running(export, "there is nothing to hold up")
    return None if export.paused else replace(export, paused=True)


def _check_running(export: Export, why: str) -> None:
    if export.state.ended:
        raise Conflict("exportEnded", f"The export has ended already; {why}.")

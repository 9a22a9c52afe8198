"""How many exports may be under way, and how many records a day may bring: counted in storage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.identity import Caller
from shared.domain.errors import Throttled, TooLarge
from shared.domain.exports import Export
from shared.domain.ids import TenantId
from shared.domain.limits import Allowance, Limits, seconds_to_midnight
from shared.storage.exports import ExportStore
from shared.storage.usage import UsageStore

_A_WHILE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of each limit."""

    running: Allowance
    running_of_user: Allowance
    records: Allowance


class Quotas:
    """Looked at when an export starts, and when its records are counted."""

    def __init__(
        self, limits: Limits, exports: ExportStore, usage: UsageStore, clock: Callable[[], datetime]
    ) -> None:
        self._limits = limits
        self._exports = exports
        self._usage = usage
        self._clock = clock

    def left(self, caller: Caller) -> Left:
        """What the caller's tenant, and the caller, may still start."""
        limits = self._limits
        running = self._exports.unfinished_of(caller.tenant)
        mine = sum(export.requested_by == caller.user for export in running)
        return Left(
            running=_left(limits.running_exports, len(running)),
            running_of_user=_left(limits.user_running_exports, mine),
            records=self._records_left(caller.tenant),
        )

    def check_start(self, caller: Caller) -> None:
        """Throttled where another export would be one too many."""
        left = self.left(caller)
        if not left.records.left:
            raise Throttled(
                "recordsThrottled",
                f"Your company has exported its {left.records.limit:,} records of today. "
                "Go on tomorrow (UTC).",
                retry_after=seconds_to_midnight(self._clock()),
            )
        for allowance, whose in ((left.running, "Your company has"), (left.running_of_user, "You have")):
            if not allowance.left:
                raise Throttled(
                    "exportsThrottled",
                    f"{whose} {allowance.limit:,} exports under way. "
                    "Wait until one has ended, or cancel one.",
                    retry_after=_A_WHILE,
                )

    def check_records(self, export: Export, records: int) -> None:
        """TooLarge where the export has more records than are left of today. Undoing is not rationed."""
        if export.undo_of is not None:
            return
        allowance = self._records_left(export.tenant)
        if records > allowance.left:
            raise TooLarge(
                "recordsOfDayExceeded",
                f"The export has {records:,} records, and {allowance.left:,} are left of your company's "
                f"{allowance.limit:,} of today. Export fewer, or go on tomorrow (UTC).",
            )

    def count(self, export: Export) -> None:
        """Counts the records of an export that goes on, but for an undo."""
        if export.undo_of is not None:
            return
        self._usage.add(export.tenant, self._clock().date(), export.total)

    def _records_left(self, tenant: TenantId) -> Allowance:
        used = self._usage.records(tenant, self._clock().date())
        return _left(self._limits.records_per_day, used)


def _left(limit: int, used: int) -> Allowance:
    return Allowance(limit, max(0, limit - used))

"""What became of exports: their state, and the outcome of each record."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from functions.export.stores import ExportStores
from functions.http.paging import unknown_next
from functions.identity import Caller
from shared.domain.exports import Chunk, Counts, Export, Outcome, OutcomeKind
from shared.domain.following import UNKNOWN, Speed, Waiting, speed, waiting
from shared.domain.ids import ExportId, is_export_id
from shared.domain.pace import Pace
from shared.domain.progress import Progress
from shared.storage.exports import ALL, Wanted
from shared.storage.table import Stored

Find = Callable[[Caller, str], Stored[Export]]


@dataclass(frozen=True, slots=True)
class Seen:
    """An export as it stands now. `throttled_until`: Dynamics wants to be left alone until then."""

    export: Export
    throttled_until: datetime | None = None
    waiting: Waiting | None = None
    speed: Speed = UNKNOWN

    @classmethod
    def of_new(cls, export: Export) -> "Seen":
        """An export that was just accepted."""
        return cls(export, waiting=waiting(export, Pace(), export.created_at))


class ExportHistory:
    """Reads exports; changes nothing."""

    def __init__(self, stores: ExportStores, find: Find) -> None:
        self._stores = stores
        self._find = find

    def page(
        self, caller: Caller, size: int, token: str | None, wanted: Wanted = ALL
    ) -> tuple[list[Seen], str | None]:
        """The wanted exports of the tenant for an admin, of their own for others; newest first."""
        if token is not None and not is_export_id(token):
            raise unknown_next()
        if not caller.is_admin:
            if wanted.user not in {None, caller.user}:
                return [], None
            wanted = replace(wanted, user=caller.user)
        exports, more = self._stores.exports.page(caller.tenant, size, token, wanted)
        return [self._seen(export) for export in exports], more

    def get(self, caller: Caller, export_id: str) -> Seen:
        """One export, with its counts so far."""
        return self._seen(self._find(caller, export_id).value)

    def records(
        self,
        caller: Caller,
        export_id: str,
        kind: OutcomeKind | None,
        page: tuple[int, str | None],
    ) -> tuple[list[Outcome], str | None]:
        """Outcomes in the order of the file, and the token of the next page. `page`: size and token."""
        export = self._find(caller, export_id).value
        size, token = page
        outcomes: list[Outcome] = []
        for outcome in self.outcomes(export, kind, after=_position(token)):
            if len(outcomes) == size:
                return outcomes, str(outcomes[-1].position)
            outcomes.append(outcome)
        return outcomes, None

    def _seen(self, export: Export) -> Seen:
        now = self._stores.clock()
        if export.ended_at is not None:
            return Seen(export, speed=speed(export, now))
        progress = self._stores.progress.get(export.tenant, export.id)
        counted = replace(export, counts=self._counts(export, progress))
        pace = self._stores.cooldowns.pace(export.tenant)
        throttled_until = pace.until if pace.wait(now) else None
        so_far = export.total or (progress.records if progress else 0)  # the rest is still being read
        shown = replace(counted, total=so_far)
        return Seen(shown, throttled_until, waiting(export, pace, now), speed(counted, now))

    def _counts(self, export: Export, progress: Progress | None) -> Counts:
        """The counts so far: one row, whatever the size. Earlier versions kept them with the chunks alone."""
        if progress is not None:
            return progress.counts
        chunks = self._stores.chunks.of(export.tenant, export.id) if export.chunks else ()
        return sum((chunk.counts for chunk in chunks), start=Counts())

    def outcomes(
        self, export: Export, kind: OutcomeKind | None = None, *, after: int = 0
    ) -> Iterator[Outcome]:
        """Outcomes in the order of the file, behind a position: one chunk of them in memory at a time."""
        for chunk in self._stores.chunks.of(export.tenant, export.id):
            if chunk.first + chunk.records <= after + 1 or not _has(chunk, kind):
                continue
            stored = self._stores.files.read_outcomes(export.tenant, ExportId(export.id), chunk.number)
            for outcome in stored or ():
                if outcome.position > after and kind in {None, outcome.kind}:
                    yield outcome


def _has(chunk: Chunk, kind: OutcomeKind | None) -> bool:
    return bool(chunk.counts.done if kind is None else getattr(chunk.counts, kind))


def _position(token: str | None) -> int:
    if token is None:
        return 0
    if not (token.isascii() and token.isdigit() and len(token) <= 12):
        raise unknown_next()
    return int(token)

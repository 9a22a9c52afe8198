"""Chunks out of records: their contents, and word to the lanes that they are there."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice

from functions.export.lanes import Lanes, Last
from functions.export.stores import ExportStores
from shared import log
from shared.domain.exports import Export, ExportState
from shared.domain.progress import AtHand, Taken
from shared.domain.records import InputRecord

Held = tuple[Export, Taken]
"""A chunk that is in hand."""

_PUBLISHED_AT_ONCE = 25
"""Chunks that the lanes are told of together, once all of them have work."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How much of an input is cut."""

    chunks: int = 0
    records: int = 0


class Cutting:
    """One attempt to cut an input. What an earlier attempt published is counted, and not written again."""

    def __init__(
        self, stores: ExportStores, lanes: Lanes, export: Export, *, chunk_size: int, window: int
    ) -> None:
        self._stores = stores
        self._lanes = lanes
        self._export = export
        self._window = window
        # A queued export has nothing: it is said to be running before anything is published.
        is_new = export.state is ExportState.QUEUED
        earlier = None if is_new else stores.progress.get(export.tenant, export.id)
        self._chunk_size = chunk_size if earlier is None else earlier.chunk_size
        self._new = chunk_size if earlier is None else None
        self._published = 0 if earlier is None else earlier.cut
        self._told = self._published
        self._latest: list[InputRecord] | None = None
        self.is_begun = earlier is not None
        self.cut = Cut()

    def slices(self, records: Iterable[InputRecord]) -> Iterator[tuple[list[InputRecord], bool]]:
        """The records of each chunk, and whether it is the last one."""
        source = iter(records)
        part = list(islice(source, self._chunk_size))
        while part:
            try:
                ahead = list(islice(source, 1))
            except Exception:
                yield part, False
                raise
            yield part, not ahead
            part = ahead + list(islice(source, self._chunk_size - 1)) if ahead else []

    def begin(self) -> bool:
        """Says that the export is running; False where it was cancelled before."""

        def running(now: Export) -> Export | None:
            if now.state is not ExportState.QUEUED:
                return None
            return replace(
                now, state=ExportState.RUNNING, started_at=self._stores.clock(), window=self._window
            )

        now = self._changed_or_seen(running)
        if now is None or now.ended_at is not None:
            log.info("export ended while it was cut")
            return False
        self._export = now
        self.is_begun = True
        return True

    def _changed_or_seen(self, change: Callable[[Export], Export | None]) -> Export | None:
        """The export as it is after the change, or where it was not to be changed as it is now."""
        export = self._export
        changed = self._stores.exports.change(export.tenant, export.id, change)
        if changed is not None:
            return changed[1]
        stored = self._stores.exports.get(export.tenant, export.id)
        return None if stored is None else stored.value

    def add(self, records: list[InputRecord], *, publish: bool, hold: bool = False) -> Held | None:
        """Keeps one more chunk; the lanes hear of it soon (`publish`) or at the end.

        `hold`: gives a chunk that nobody has, for the caller to go on with.
        """
        export, number = self._export, self.cut.chunks + 1
        self.cut = Cut(number, self.cut.records + len(records))
        if number <= self._published:
            return None
        self._stores.files.write_records(export.tenant, export.id, number, records)
        self._latest = records
        if publish and (number <= self._window or number - self._told == _PUBLISHED_AT_ONCE):
            published = self._lanes.publish(export, (number, self.cut.records), new=self._new, hold=hold)
            self._told, self._new = number, None
            return self._held(export, published.taken)
        return None

    def end(self, last: Last, *, hold: bool) -> Held | None:
        """Nothing more will be cut: the export knows how much it has. `hold` as in `add`."""
        stores, lanes = self._stores, self._lanes
        held = end_cutting(stores, lanes, self._export, self.cut, new=self._new, last=last, hold=hold)
        return None if held is None else self._held(*held)

    def _held(self, export: Export, taken: Taken | None) -> Held | None:
        """With the records, if they are at hand."""
        if taken is None:
            return None
        if self._latest is None or taken.chunk != self.cut.chunks:
            return export, taken
        return export, replace(taken, at_hand=AtHand(self._latest))


def end_cutting(
    stores: ExportStores,
    lanes: Lanes,
    export: Export,
    cut: Cut,
    *,
    new: int | None = None,
    last: Last,
    hold: bool = False,
) -> Held | None:
    """Tells the export first, then the lanes, of which the last one ends the export.

    `new` and `hold` are as the lanes say.
    """
    change = stores.exports.change(
        export.tenant, export.id, lambda now: replace(now, chunks=cut.chunks, total=cut.records)
    )
    if change is None:
        return None
    _, known = change
    published = lanes.publish(known, (cut.chunks, cut.records), new=new, last=last, hold=hold)
    with ExitStack() as on_failure:
        if published.taken is not None:
            on_failure.callback(lanes.let_go, known, published.taken)
        if published.made_whole:
            stores.quotas.count(known)
            log.info("export cut", chunks=cut.chunks, records=cut.records)
        on_failure.pop_all()
    return None if published.taken is None else (known, published.taken)

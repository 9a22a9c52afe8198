"""Chunks out of records: their contents, their rows, and word to the lanes that they are there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from functions.export.lanes import Lanes
from functions.export.stores import ExportStores
from shared import log
from shared.domain.exports import Chunk, Export, ExportState
from shared.domain.records import InputRecord

_ROWS_AT_ONCE = 100
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
        earlier = stores.progress.get(export.tenant, export.id)
        self._chunk_size = chunk_size if earlier is None else earlier.chunk_size
        self._published = 0 if earlier is None else earlier.cut
        self._waiting: list[Chunk] = []
        self.is_begun = earlier is not None
        self.cut = Cut()

    def slices(self, records: Iterable[InputRecord]) -> Iterator[list[InputRecord]]:
        """The records of each chunk."""
        source = iter(records)
        while part := list(islice(source, self._chunk_size)):
            yield part

    def begin(self) -> bool:
        """Says that the export is running; False where it was cancelled before."""
        export = self._export

        def running(now: Export) -> Export | None:
            if now.state is not ExportState.QUEUED:
                return None
            return replace(
                now, state=ExportState.RUNNING, started_at=self._stores.clock(), window=self._window
            )

        self._stores.exports.change(export.tenant, export.id, running)
        stored = self._stores.exports.get(export.tenant, export.id)
        if stored is None or stored.value.ended_at is not None:
            log.info("export ended while it was cut")
            return False
        self._export = stored.value
        self._published = max(self._published, self._lanes.begin(export, self._chunk_size).cut)
        self.is_begun = True
        return True

    def add(self, records: list[InputRecord], *, publish: bool) -> None:
        """Keeps one more chunk; the lanes hear of it at once (`publish`) or at the end."""
        export, number = self._export, self.cut.chunks + 1
        first = self.cut.records + 1
        self.cut = Cut(number, self.cut.records + len(records))
        if number <= self._published:
            return
        self._stores.files.write_records(export.tenant, export.id, number, records)
        self._waiting.append(Chunk(export=export.id, number=number, first=first, records=len(records)))
        if publish and (number <= self._window or len(self._waiting) == _PUBLISHED_AT_ONCE):
            self._keep_rows()
            self._lanes.publish(export, (number, self.cut.records))
        elif len(self._waiting) == _ROWS_AT_ONCE:
            self._keep_rows()

    def end(self, refusal: str | None = None) -> None:
        """Nothing more will be cut: the export knows how much it has. `refusal`: why the rest is left out."""
        self._keep_rows()
        end_cutting(self._stores, self._lanes, self._export, self.cut, refusal=refusal)

    def _keep_rows(self) -> None:
        self._stores.chunks.add(self._export.tenant, self._waiting)
        self._waiting.clear()


def end_cutting(
    stores: ExportStores, lanes: Lanes, export: Export, cut: Cut, *, refusal: str | None = None
) -> None:
    """Tells the export first, then the lanes, of which the last one ends the export."""
    change = stores.exports.change(
        export.tenant, export.id, lambda now: replace(now, chunks=cut.chunks, total=cut.records)
    )
    if change is None:
        return
    _, known = change
    if lanes.publish(known, (cut.chunks, cut.records), whole=True, refusal=refusal):
        stores.quotas.count(known)
        log.info("export cut", chunks=cut.chunks, records=cut.records)

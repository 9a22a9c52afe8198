"""Which runner turns a chunk into outcomes: that of exports, or that of undoing them."""

from collections.abc import Callable, Sequence
from typing import Protocol

from functions.export.halting import Heed, heeding
from functions.export.prepared import PreparedExport
from functions.export.runner import ChunkRunner
from functions.export.stores import ExportStores
from functions.export.undo.runner import UndoRunner
from shared.domain.exports import Export, Outcome
from shared.domain.records import InputRecord


class Runner(Protocol):
    """Turns the records of a chunk into outcomes."""

    def run(
        self, export: Export, number: int, records: Sequence[InputRecord], *, begun_before: bool
    ) -> list[Outcome]:
        """Writes what is to be written. Halted where a person stops it in the middle."""
        ...

    def settle(self, export: Export, number: int, records: Sequence[InputRecord]) -> list[Outcome]:
        """Writes nothing more: tells what was written of a chunk that was begun and then cancelled."""
        ...


def runner_of(
    stores: ExportStores,
    prepare: Callable[[Export], PreparedExport],
    heed: Heed,
) -> Runner:
    """The runner of every chunk. `heed` is called before each request, and stops it by what it raises."""

    def prepared(export: Export) -> PreparedExport:
        return heeding(stores, export, prepare(export), heed)

    return _ByKind(ChunkRunner(stores, prepared), UndoRunner(stores, prepared))


class _ByKind:
    def __init__(self, exporting: Runner, undoing: Runner) -> None:
        self._exporting = exporting
        self._undoing = undoing

    def run(
        self, export: Export, number: int, records: Sequence[InputRecord], *, begun_before: bool
    ) -> list[Outcome]:
        return self._of(export).run(export, number, records, begun_before=begun_before)

    def settle(self, export: Export, number: int, records: Sequence[InputRecord]) -> list[Outcome]:
        return self._of(export).settle(export, number, records)

    def _of(self, export: Export) -> Runner:
        return self._exporting if export.undo_of is None else self._undoing

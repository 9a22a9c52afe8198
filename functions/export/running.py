"""Which runner turns a chunk into outcomes: that of exports, or that of undoing them."""

from collections.abc import Callable, Sequence
from typing import Protocol

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
    ) -> list[Outcome]: ...


def runner_of(stores: ExportStores, prepare: Callable[[Export], PreparedExport]) -> Runner:
    """The runner of every chunk."""
    return _ByKind(ChunkRunner(stores, prepare), UndoRunner(stores, prepare))


class _ByKind:
    def __init__(self, exporting: Runner, undoing: Runner) -> None:
        self._exporting = exporting
        self._undoing = undoing

    def run(
        self, export: Export, number: int, records: Sequence[InputRecord], *, begun_before: bool
    ) -> list[Outcome]:
        runner = self._exporting if export.undo_of is None else self._undoing
        return runner.run(export, number, records, begun_before=begun_before)

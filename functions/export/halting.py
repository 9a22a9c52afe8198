"""Stops in the middle of a chunk, between two requests to Dynamics, where a person paused or cancelled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from functions.export.prepared import PreparedExport
from functions.export.stores import ExportStores
from shared.dataverse.traffic import Allowance
from shared.domain.errors import NeedsUser
from shared.domain.exports import Export, ExportState

_LOOK_EVERY = timedelta(seconds=2)
"""Quick chunks are not asked for at all; a slow one costs one read of a row in this time."""


Heed = Callable[[Export, Allowance], None]
"""Looks before a request whether others, with what the last answer allowed, let it be sent."""


class Halted(NeedsUser):
    """A person paused or cancelled the export while this chunk was under way."""

    def __init__(self) -> None:
        super().__init__("exportHalted", "Somebody paused or cancelled the export.")


def heeding(stores: ExportStores, export: Export, work: PreparedExport, heed: Heed) -> PreparedExport:
    """The same, with a client that raises Halted before a request once the export is not to go on.

    `heed` is asked as well, and may raise what stops the chunk for other reasons.
    """
    if export.state is ExportState.CANCELLED:
        return work
    client = work.client

    def ask_others() -> None:
        heed(export, client.allowance)

    return replace(work, client=work.client.asking(_Look(stores, export, ask_others).ask))


class _Look:
    def __init__(self, stores: ExportStores, export: Export, others: Callable[[], None]) -> None:
        self._stores = stores
        self._others = others
        self._export = export
        self._looked_at = stores.clock()

    def ask(self) -> None:
        self._others()
        now = self._stores.clock()
        if now - self._looked_at < _LOOK_EVERY:
            return
        self._looked_at = now
        stored = self._stores.exports.get(self._export.tenant, self._export.id)
        if stored is None or stored.value.paused or stored.value.state is ExportState.CANCELLED:
            raise Halted

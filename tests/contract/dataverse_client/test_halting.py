"""A person pauses or cancels an export between two requests of one chunk."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from dataverse_organizations import Emulator
from running_chunks import NOW, TENANT, Chunks, export, stores_in_memory

from functions.export.halting import Halted, heeding
from functions.export.running import Runner, runner_of
from functions.export.stores import ExportStores
from shared.dataverse import messages
from shared.dataverse.queries import read_rows
from shared.dataverse.traffic import Allowance
from shared.domain.exports import Export, ExportState, Outcome
from shared.domain.ids import ExportId
from shared.domain.records import VendorRecord

EMAIL = "ada@contoso.example"
ADA: dict[str, Any] = {
    "id": 1,
    "firstName": "Ada",
    "lastName": "Ngata",
    "email": EMAIL,
    "jobTitle": "Director",
}
BEN: dict[str, Any] = {"id": 2, "firstName": "Ben", "lastName": "Okoye"}
RECORDS = [VendorRecord(1, 1, ADA), VendorRecord(2, 2, BEN)]


def slow(stores: ExportStores) -> ExportStores:
    """Each look at the clock is three seconds later than the one before."""
    seconds = count(step=3)
    return replace(stores, clock=lambda: NOW + timedelta(seconds=next(seconds)))


@pytest.fixture
def stores() -> ExportStores:
    made = slow(stores_in_memory())
    made.exports.add(export())
    return made


def going_on(_: Export, __: Allowance) -> None:
    """The organization may be asked."""


class Halting:
    """A chunk with one record to update and one to create, that somebody stops at a request."""

    def __init__(self, emulator: Emulator, stores: ExportStores) -> None:
        self.emulator = emulator
        self.stores = stores
        self.chunks = Chunks(emulator, stores)
        emulator.client().send(
            messages.create("leads", {"lastname": "Ngata", "subject": "Ada", "emailaddress1": EMAIL})
        )

    @property
    def runner(self) -> Runner:
        return runner_of(self.stores, self.chunks.prepare, going_on)

    def stop_at(self, request: int, **change: Any) -> None:
        asked = count(1)

        def between() -> None:
            if next(asked) == request:
                self.stores.exports.change(TENANT, export().id, lambda now: replace(now, **change))

        self.chunks.between = between

    def now(self) -> Export:
        stored = self.stores.exports.get(TENANT, ExportId(export().id))
        assert stored is not None
        return stored.value

    def titles(self) -> dict[str, Any]:
        asked = messages.query("leads", select=("lastname", "jobtitle"))
        return {row["lastname"]: row["jobtitle"] for row in read_rows(self.emulator.client(), [asked])[0]}


@pytest.fixture
def halting(dataverse: Emulator, stores: ExportStores) -> Halting:
    return Halting(dataverse, stores)


def told(outcomes: list[Outcome]) -> list[tuple[str, str | None]]:
    return [(outcome.kind.value, outcome.code) for outcome in outcomes]


def test_what_was_written_before_a_cancellation_is_told_and_the_rest_is_skipped(halting: Halting) -> None:
    halting.stop_at(2, state=ExportState.CANCELLED)
    with pytest.raises(Halted):
        halting.runner.run(export(), 1, RECORDS, begun_before=False)
    assert halting.titles() == {"Ngata": None, "Okoye": None}
    outcomes = halting.runner.settle(halting.now(), 1, RECORDS)
    assert told(outcomes) == [("skipped", "cancelled"), ("created", None)]
    assert halting.titles() == {"Ngata": None, "Okoye": None}


def test_a_chunk_that_was_paused_in_its_middle_is_done_as_planned_when_it_goes_on(halting: Halting) -> None:
    halting.stop_at(2, paused=True)
    with pytest.raises(Halted):
        halting.runner.run(export(), 1, RECORDS, begun_before=False)
    halting.stores.exports.change(TENANT, export().id, lambda now: replace(now, paused=False))
    outcomes = halting.runner.run(halting.now(), 1, RECORDS, begun_before=True)
    assert told(outcomes) == [("updated", None), ("created", None)]
    assert halting.titles() == {"Ngata": "Director", "Okoye": None}


def test_a_chunk_that_was_cancelled_before_its_plan_is_skipped_as_a_whole(halting: Halting) -> None:
    cancelled = replace(export(), state=ExportState.CANCELLED)
    assert told(halting.runner.settle(cancelled, 1, RECORDS)) == [("skipped", "cancelled")] * 2


def test_quick_chunks_ask_nothing(dataverse: Emulator) -> None:
    stores = stores_in_memory()
    prepared = Chunks(dataverse, stores).prepare(export())
    client = heeding(stores, export(), prepared, going_on).client
    assert client.send(messages.who_am_i()).status == 200

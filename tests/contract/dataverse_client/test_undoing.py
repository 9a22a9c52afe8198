"""An export is undone: what people did since stays, and what is told is true whatever gets lost."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest
from dataverse_organizations import Emulator
from running_chunks import TENANT, Chunks, export

from functions.export.prepared import PreparedExport
from functions.export.undo.changes import changes_of
from functions.export.undo.runner import UndoRunner
from shared.dataverse import messages
from shared.dataverse.queries import read_rows
from shared.dataverse.refusals import Uncertain
from shared.domain.errors import NeedsUser
from shared.domain.exports import Chunk, ChunkState, Export, Outcome, count
from shared.domain.records import InputRecord, UnreadableRecord

EMAIL = "ada@contoso.example"
ADA: dict[str, Any] = {
    "id": 1,
    "firstName": "Ada",
    "lastName": "Ngata",
    "email": EMAIL,
    "jobTitle": "Director",
}
BEN: dict[str, Any] = {"id": 2, "firstName": "Ben", "lastName": "Okoye"}
SALESPERSON = "1e8a4d2b-63f9-4ca7-b5d1-af29a7c3e402"
SOURCE, UNDO = export(1), export(2, undo_of=export(1).id)
COLUMNS = ("firstname", "lastname", "jobtitle", "companyname", "telephone1", "donotphone")


@dataclass
class Undoing:
    """An export of one chunk, and its undo."""

    emulator: Emulator
    chunks: Chunks = field(init=False)
    as_whom: str | None = None

    def __post_init__(self) -> None:
        self.chunks = Chunks(self.emulator)

    def seed(self, **values: Any) -> str:
        row = {
            "leadid": str(uuid4()),
            "lastname": "Ngata",
            "subject": "Ada",
            "emailaddress1": EMAIL,
            **values,
        }
        self.emulator.client().send(messages.create("leads", row))
        return str(row["leadid"])

    def edit(self, row_id: str, oid: str | None = None, **values: Any) -> None:
        client = self.emulator.client() if oid is None else self.emulator.client(oid)
        client.send(messages.update("leads", row_id, values))

    def export(self, *people: dict[str, Any]) -> list[str]:
        """Exports the people; gives the ids of their leads."""
        stores = self.chunks.stores
        outcomes = self.chunks.run(*people)
        stores.files.write_outcomes(TENANT, SOURCE.id, 1, outcomes)
        done = Chunk(
            export=SOURCE.id,
            number=1,
            first=1,
            records=len(people),
            state=ChunkState.DONE,
            counts=count(outcomes),
        )
        stores.chunks.put(TENANT, [done])
        return [str(outcome.dynamics_id) for outcome in outcomes]

    def changes(self) -> list[InputRecord]:
        return list(changes_of(self.chunks.stores, UNDO, SOURCE.id))

    def undo(self, *, begun_before: bool = False, dry_run: bool = False) -> list[Outcome]:
        undo = export(2, undo_of=SOURCE.id, dry_run=dry_run)
        runner = UndoRunner(self.chunks.stores, self.prepare)
        return runner.run(undo, 1, self.changes(), begun_before=begun_before)

    def prepare(self, of: Export) -> PreparedExport:
        prepared = self.chunks.prepare(of)
        if self.as_whom is None:
            return prepared
        return replace(prepared, client=self.emulator.client(self.as_whom))

    def leads(self) -> dict[str, dict[str, Any]]:
        asked = messages.query("leads", select=("leadid", *COLUMNS))
        return {row["leadid"]: row for row in read_rows(self.emulator.client(), [asked])[0]}


@pytest.fixture
def undoing(dataverse: Emulator) -> Undoing:
    return Undoing(dataverse)


def told(outcomes: list[Outcome]) -> list[tuple[str, str | None]]:
    return [(outcome.kind.value, outcome.code) for outcome in outcomes]


def test_created_records_go_and_replaced_values_come_back(undoing: Undoing) -> None:
    there = undoing.seed(jobtitle="Clerk", telephone1="1")
    undoing.export(ADA, BEN)
    assert undoing.leads()[there]["jobtitle"] == "Director"
    assert told(undoing.undo()) == [("updated", "restored"), ("updated", "deleted")]
    (lead,) = undoing.leads().values()
    assert (lead["jobtitle"], lead["firstname"], lead["telephone1"]) == ("Clerk", None, "1")


def test_a_dry_run_says_the_same_and_writes_nothing(undoing: Undoing) -> None:
    undoing.seed(jobtitle="Clerk")
    undoing.export(ADA, BEN)
    before = undoing.leads()
    trial = undoing.undo(dry_run=True)
    assert undoing.leads() == before
    assert undoing.undo() == trial


def test_a_value_that_somebody_changed_since_stays_and_the_others_come_back(undoing: Undoing) -> None:
    there = undoing.seed(jobtitle="Clerk")
    undoing.export(ADA)
    undoing.edit(there, jobtitle="Chair")
    (outcome,) = undoing.undo()
    assert told([outcome]) == [("updated", "editedSince")]
    assert outcome.column == "jobtitle"
    assert "“Job Title”" in (outcome.reason or "")
    lead = undoing.leads()[there]
    assert (lead["jobtitle"], lead["firstname"]) == ("Chair", None)


def test_a_record_all_of_whose_values_were_changed_is_left_alone(undoing: Undoing) -> None:
    there = undoing.seed(firstname="Ada", jobtitle="Clerk")
    undoing.export(ADA)
    undoing.edit(there, jobtitle="Chair")
    assert told(undoing.undo()) == [("skipped", "editedSince")]
    assert undoing.leads()[there]["jobtitle"] == "Chair"


def test_a_created_record_in_which_somebody_wrote_anything_stays(undoing: Undoing) -> None:
    (ours, bens) = undoing.export(ADA, BEN)
    undoing.edit(ours, jobtitle="Chair")
    undoing.edit(bens, SALESPERSON, donotphone=True)
    assert told(undoing.undo()) == [("skipped", "editedSince"), ("skipped", "editedSince")]
    assert set(undoing.leads()) == {ours, bens}


def test_somebody_who_edits_while_the_undo_is_under_way_is_not_overwritten(undoing: Undoing) -> None:
    there = undoing.seed(jobtitle="Clerk")
    undoing.export(ADA)
    edits = iter([{"jobtitle": "Chair"}])
    undoing.chunks.between = lambda: [undoing.edit(there, **edit) for edit in edits] and None
    assert told(undoing.undo()) == [("updated", "editedSince")]
    assert undoing.leads()[there]["jobtitle"] == "Chair"


def test_a_created_record_on_which_something_hangs_stays_and_says_what(undoing: Undoing) -> None:
    (ours, _) = undoing.export(ADA, BEN)
    child = {"name": "Deal", "originatingleadid@odata.bind": f"/leads({ours})"}
    undoing.emulator.client().send(messages.create("opportunities", child))
    first, second = undoing.undo()
    assert told([first, second]) == [("skipped", "hasRelated"), ("updated", "deleted")]
    assert "Opportunities" in (first.reason or "")
    assert set(undoing.leads()) == {ours}


def test_what_is_gone_or_back_already_is_unchanged(undoing: Undoing) -> None:
    there = undoing.seed(jobtitle="Clerk", firstname="Ada")
    (_, bens) = undoing.export(ADA, BEN)
    undoing.edit(there, jobtitle="Clerk")
    undoing.emulator.client().send(messages.DataverseRequest("DELETE", f"{messages.ROOT}leads({bens})"))
    assert told(undoing.undo()) == [("unchanged", "alreadyUndone"), ("unchanged", "alreadyGone")]


def test_an_undo_whose_answer_got_lost_is_carried_out_again_and_tells_what_it_did(undoing: Undoing) -> None:
    undoing.seed(jobtitle="Clerk")
    undoing.export(ADA, BEN)
    # The search before the deletion takes one $batch, the relationships another, the children a third.
    undoing.emulator.fault(action="dropAfter", path="$batch", after=3)
    with pytest.raises(Uncertain):
        undoing.undo()
    assert len(undoing.leads()) == 1
    assert told(undoing.undo(begun_before=True)) == [("updated", "restored"), ("updated", "deleted")]


def test_a_chunk_whose_plan_was_erased_says_that_it_cannot_be_undone(undoing: Undoing) -> None:
    undoing.export(ADA, BEN)
    undoing.chunks.stores.files.delete_plan(TENANT, SOURCE.id, 1)
    assert [type(each) for each in undoing.changes()] == [UnreadableRecord, UnreadableRecord]
    assert told(undoing.undo()) == [("failed", "contentGone")] * 2


def test_where_it_may_not_be_looked_up_what_hangs_on_records_none_is_deleted(undoing: Undoing) -> None:
    (bens,) = undoing.export(BEN)
    refusal = {"status": 403, "code": "0x80040220", "message": "is missing prvReadQuote privilege"}
    undoing.emulator.fault(action="status", path="$batch", after=2, **refusal)
    (outcome,) = undoing.undo()
    assert told([outcome]) == [("skipped", "relatedUnknown")]
    assert "prvReadQuote" in (outcome.reason or "")
    assert set(undoing.leads()) == {bens}


def test_who_may_not_delete_is_told_which_privilege_is_missing(undoing: Undoing) -> None:
    (bens,) = undoing.export(BEN)
    undoing.as_whom = SALESPERSON
    with pytest.raises(NeedsUser, match="prvDeleteLead"):
        undoing.undo()
    assert set(undoing.leads()) == {bens}

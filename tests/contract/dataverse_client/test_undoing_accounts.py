"""Accounts that were made beside leads go with the last of these, unless somebody needs them."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from dataverse_organizations import Emulator
from running_chunks import ACCOUNT, TENANT, Chunks, export

from functions.export.prepared import PreparedExport
from functions.export.runner import ChunkRunner
from functions.export.undo.changes import changes_of
from functions.export.undo.runner import UndoRunner
from shared.dataverse import messages
from shared.dataverse.queries import read_rows
from shared.dataverse.refusals import Uncertain
from shared.domain import exports
from shared.domain.exports import Chunk, ChunkState, Export, Outcome, OutcomeKind
from shared.domain.records import VendorRecord

ADA: dict[str, Any] = {"id": 1, "lastName": "Ngata", "companyId": "c1", "companyName": "Fjord Foods"}
BEN: dict[str, Any] = {"id": 2, "lastName": "Okoye", "companyId": "c1", "companyName": "Fjord Foods"}
CAI: dict[str, Any] = {"id": 3, "lastName": "Meyer", "companyId": "c2", "companyName": "Alpine Tools"}
DELETED = "The account that the export had made for it is deleted, too."
GONE = "The account that the export had made for it is not in Dynamics any more."
EDITED = "The account that the export had made for it was changed in Dynamics since, and is left as it is."
SALESPERSON = "1e8a4d2b-63f9-4ca7-b5d1-af29a7c3e402"


@dataclass
class Leads:
    """Exports of leads that make accounts, and their undoing. Each chunk is one of its own."""

    emulator: Emulator
    chunks: Chunks = field(init=False)
    numbers: Any = field(default_factory=lambda: count(101))

    def __post_init__(self) -> None:
        self.chunks = Chunks(self.emulator, makes_accounts=True)

    def export(self, *parts: list[dict[str, Any]]) -> Export:
        made = export(next(self.numbers))
        for number, people in enumerate(parts, start=1):
            outcomes = self.chunks.run(*people, of=made, number=number)
            self.chunks.stores.files.write_outcomes(TENANT, made.id, number, outcomes)
            done = Chunk(
                export=made.id,
                number=number,
                first=1,
                records=len(people),
                state=ChunkState.DONE,
                counts=exports.count(outcomes),
            )
            self.chunks.stores.chunks.put(TENANT, [done])
        return made

    def undo(
        self, source: Export, *, parts: int = 1, again: bool = False, dry_run: bool = False
    ) -> list[str]:
        """What is told of each record, code and all; the changes are undone in so many parts."""
        undo = export(999, undo_of=source.id, dry_run=dry_run)
        runner = UndoRunner(self.chunks.stores, self.chunks.prepare)
        changes = list(changes_of(self.chunks.stores, undo, source.id))
        size = len(changes) // parts
        told: list[Outcome] = []
        for part in range(parts):
            records = changes[part * size : (part + 1) * size]
            told += runner.run(undo, part + 1, records, begun_before=again)
        return [f"{outcome.code}: {outcome.reason}" for outcome in told]

    def names(self) -> list[str]:
        asked = [messages.query("accounts", select=("name",)), messages.query("leads", select=("lastname",))]
        accounts, leads = read_rows(self.emulator.client(), asked)
        return sorted([*(row["name"] for row in accounts), *(row["lastname"] for row in leads)])

    def account(self) -> str:
        (row,) = read_rows(self.emulator.client(), [messages.query("accounts", select=("accountid",))])[0]
        return str(row["accountid"])

    def seed(self, entity_set: str, row: dict[str, Any]) -> None:
        self.emulator.client().send(messages.create(entity_set, row))


@pytest.fixture
def leads(dataverse: Emulator) -> Leads:
    return Leads(dataverse)


def test_accounts_go_with_their_leads_and_a_dry_run_says_so_before(leads: Leads) -> None:
    source = leads.export([ADA, BEN, CAI])
    before = leads.names()
    assert before == ["Alpine Tools", "Fjord Foods", "Meyer", "Ngata", "Okoye"]
    trial = leads.undo(source, dry_run=True)
    assert leads.names() == before
    assert all(told.startswith("deleted: ") and told.endswith(DELETED) for told in trial)
    assert leads.undo(source) == trial
    assert leads.names() == []


def test_the_part_that_deletes_the_last_lead_deletes_the_account(leads: Leads) -> None:
    source = leads.export([ADA], [BEN])
    first, last = leads.undo(source, parts=2)
    assert "it stays, for something belongs to it in Dynamics: Leads." in first
    assert last.endswith(DELETED)
    assert leads.names() == []


def test_an_account_that_was_there_before_stays(leads: Leads) -> None:
    leads.seed("accounts", {"accountid": str(uuid4()), "name": "Fjord Foods"})
    source = leads.export([ADA])
    leads.undo(source)
    assert leads.names() == ["Fjord Foods"]


def test_an_account_that_another_export_made_stays(leads: Leads) -> None:
    earlier = leads.export([ADA])
    later = leads.export([BEN])
    (told,) = leads.undo(later)
    assert "account" not in told
    assert leads.names() == ["Fjord Foods", "Ngata"]
    (told,) = leads.undo(earlier)
    assert told.endswith(DELETED)
    assert leads.names() == []


def test_an_account_that_an_export_of_accounts_found_since_stays(leads: Leads) -> None:
    source = leads.export([ADA])
    stores, of_leads = leads.chunks.stores, leads.chunks.prepare(source)
    assert of_leads.companies is not None
    prepared = PreparedExport(of_leads.client, of_leads.companies.table, of_leads.companies.rules)
    company = VendorRecord(1, 1, {"id": "c1", "name": "Fjord Foods"})
    of_accounts = replace(export(500), object_type=ACCOUNT)
    runner = ChunkRunner(stores, lambda _: prepared)
    (outcome,) = runner.run(of_accounts, 1, [company], begun_before=False)
    assert outcome.kind is OutcomeKind.UNCHANGED
    (told,) = leads.undo(source)
    assert "account" not in told
    assert leads.names() == ["Fjord Foods"]


def test_an_account_stays_with_what_others_hung_on_it_or_wrote_into_it(leads: Leads) -> None:
    source = leads.export([ADA])
    account = leads.account()
    bound = {"lastname": "Child", "parentcustomerid_account@odata.bind": f"/accounts({account})"}
    leads.seed("contacts", bound)
    (told,) = leads.undo(source)
    assert told.endswith("it stays, for something belongs to it in Dynamics: Contacts.")
    leads.emulator.client(SALESPERSON).send(messages.update("accounts", account, {"telephone1": "1"}))
    (told,) = leads.undo(source)
    assert told.endswith(EDITED)
    assert leads.names() == ["Fjord Foods"]


def test_an_undo_whose_last_answer_got_lost_tells_the_truth_when_it_comes_again(leads: Leads) -> None:
    source = leads.export([ADA])
    # $batch: leads, their tables, their children, deletion; accounts, their tables, their children, deletion.
    leads.emulator.fault(action="dropAfter", path="$batch", after=7)
    with pytest.raises(Uncertain):
        leads.undo(source)
    assert leads.names() == []
    (told,) = leads.undo(source, again=True)
    assert told.startswith("deleted: ")
    assert told.endswith(GONE)


def test_a_worker_that_died_after_it_made_accounts_has_made_them(leads: Leads) -> None:
    leads.chunks.prepare(export())
    # $batch: people, their companies, their accounts.
    leads.emulator.fault(action="dropAfter", path="$batch", after=2)
    with pytest.raises(Uncertain):
        leads.export([CAI])
    leads.numbers = count(101)
    source = leads.export([CAI])
    leads.undo(source)
    assert leads.names() == []


def test_who_may_delete_leads_alone_is_told_why_the_account_stays(leads: Leads) -> None:
    source = leads.export([ADA])
    refusal = {"status": 403, "code": "0x80040220", "message": "is missing prvDeleteAccount privilege"}
    leads.emulator.fault(action="status", path="$batch", after=7, **refusal)
    (told,) = leads.undo(source)
    assert told.startswith("deleted: ")
    assert "prvDeleteAccount" in told
    assert leads.names() == ["Fjord Foods"]

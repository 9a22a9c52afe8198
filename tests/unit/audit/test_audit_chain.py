import ast
from dataclasses import fields, replace
from pathlib import Path

import pytest

from functions.audit.service import AuditService
from functions.identity import Caller
from functions.trail import AuditTrail
from shared.domain.audit import AuditAction, AuditEntry, Mark, verify_chain
from shared.domain.connection import Access
from shared.domain.errors import InvalidRequest
from shared.storage.audit import AuditStore
from shared.storage.table import AlreadyExists
from tests.auditing import NOON, trail
from tests.fakes import MemoryTable

ADA = Caller(tenant="contoso", user="ada", is_admin=True)
STORE = Path(__file__).parents[3] / "shared" / "storage" / "audit.py"


@pytest.fixture
def table() -> MemoryTable:
    return MemoryTable("audit")


def entries(table: MemoryTable, tenant: str = "contoso") -> list[AuditEntry]:
    return list(AuditStore(table).all(tenant))


def note_many(table: MemoryTable, many: int) -> None:
    noted = trail(table)
    for number in range(many):
        noted.note(ADA, AuditAction.ACCESS_CHANGED, "access", after={"number": number})


@pytest.mark.parametrize("token", ["zzz", "", "9" * 11, "٣" * 12])
def test_a_page_that_no_list_gave_is_refused_not_taken_for_the_end(table: MemoryTable, token: str) -> None:
    with pytest.raises(InvalidRequest, match="is not one that this list gave"):
        AuditService(AuditStore(table)).page(ADA, (2, token), None)


def test_an_entry_says_who_did_what_when_and_from_which_state_to_which(table: MemoryTable) -> None:
    trail(table).note(ADA, AuditAction.ACCESS_CHANGED, "access", before=Access(), after=Access(enabled=True))
    (entry,) = entries(table)
    assert (entry.sequence, entry.at, entry.actor) == (1, NOON, "ada")
    assert (entry.action, entry.subject) == ("access.changed", "access")
    assert entry.before.hash
    assert entry.before.hash != entry.after.hash


def test_equal_states_have_equal_hashes_whatever_order_a_set_has(table: MemoryTable) -> None:
    noted = trail(table)
    for users in ("abcdefgh", "hgfedcba"):
        noted.note(
            ADA, AuditAction.ACCESS_CHANGED, "access", after=Access(enabled=True, users=frozenset(users))
        )
    first, second = entries(table)
    assert first.after == second.after


def test_no_state_gets_into_the_log(table: MemoryTable) -> None:
    mail = "planted.person@contoso.example"
    trail(table).note(
        replace(ADA, user=mail, email=mail, name="Planted"), AuditAction.ACCESS_CHANGED, "access", after=mail
    )
    kept = str(list(table.rows("contoso")))
    assert "planted" not in kept.lower()
    assert entries(table)[0].actor.startswith("person-")


def test_a_thousand_entries_make_a_whole_chain(table: MemoryTable) -> None:
    note_many(table, 1000)
    verdict = verify_chain("contoso", entries(table))
    assert (verdict.intact, verdict.entries, verdict.head) == (True, 1000, entries(table)[0].hash)


def test_a_tenant_without_entries_has_a_whole_chain() -> None:
    assert verify_chain("contoso", []).intact


OTHERS = {
    "at": NOON.replace(year=2025),
    "actor": "bruno",
    "action": "access.forged",
    "subject": "elsewhere",
    "before": Mark("1", None),
    "after": Mark(None, "0" * 64),
    "previous": "1" * 64,
    "sequence": 77,
    "hash": "2" * 64,
    "id": "another",
}


@pytest.mark.parametrize("field", [each.name for each in fields(AuditEntry)])
@pytest.mark.parametrize("place", [0, 4, 9])
def test_an_entry_that_was_changed_breaks_the_chain(table: MemoryTable, field: str, place: int) -> None:
    note_many(table, 10)
    forged = entries(table)
    forged[place] = replace(forged[place], **{field: OTHERS[field]})
    assert not verify_chain("contoso", forged).intact


@pytest.mark.parametrize("place", [1, 5, 9])
def test_an_entry_that_was_taken_out_breaks_the_chain(table: MemoryTable, place: int) -> None:
    note_many(table, 10)
    cut = entries(table)
    del cut[place]
    assert not verify_chain("contoso", cut).intact


def test_an_entry_resealed_after_a_change_breaks_the_chain_at_its_successor(table: MemoryTable) -> None:
    note_many(table, 3)
    newest, middle, oldest = entries(table)
    forged = replace(middle, actor="bruno").sealed("contoso")
    assert verify_chain("contoso", [newest, forged, oldest]).broken_at == 2


def test_a_chain_of_another_tenant_does_not_pass_for_ones_own(table: MemoryTable) -> None:
    note_many(table, 3)
    assert not verify_chain("fabrikam", entries(table)).intact


class RacedTable(MemoryTable):
    """Somebody else is quicker, twice."""

    raced = 2

    def insert(self, partition: str, row: str, properties: object) -> str:
        if self.raced:
            self.raced -= 1
            note_many(self, 1)
        return super().insert(partition, row, properties)


def test_two_who_change_things_at_once_make_two_entries() -> None:
    table = RacedTable()
    note_many(table, 1)
    assert [entry.sequence for entry in entries(table)] == [3, 2, 1]
    assert verify_chain("contoso", entries(table)).intact


def test_two_processes_in_turns_make_one_chain(table: MemoryTable) -> None:
    processes = trail(table), trail(table)
    for number in range(6):
        processes[number // 2 % 2].note(ADA, AuditAction.ACCESS_CHANGED, "access", after={"number": number})
    assert [entry.sequence for entry in entries(table)] == [6, 5, 4, 3, 2, 1]
    assert verify_chain("contoso", entries(table)).intact


def test_what_is_added_after_the_end_was_cut_off_does_not_fit(table: MemoryTable) -> None:
    noted = trail(table)
    for number in range(3):
        noted.note(ADA, AuditAction.ACCESS_CHANGED, "access", after={"number": number})
    newest = next(iter(table.rows("contoso"))).value["RowKey"]
    table.delete("contoso", newest)
    noted.note(ADA, AuditAction.ACCESS_CHANGED, "access", after={"number": 3})
    assert not verify_chain("contoso", entries(table)).intact


class ForgetfulTable(MemoryTable):
    """The answer to an insert is lost, and the client sends it again."""

    def insert(self, partition: str, row: str, properties: object) -> str:
        super().insert(partition, row, properties)
        raise AlreadyExists("audit")


def test_an_insert_whose_answer_was_lost_makes_one_entry() -> None:
    table = ForgetfulTable()
    note_many(table, 1)
    assert len(entries(table)) == 1


def test_the_store_has_no_way_to_change_or_remove_an_entry() -> None:
    nodes = [each for each in ast.walk(ast.parse(STORE.read_text())) if isinstance(each, ast.Attribute)]
    asked = [each.attr for each in nodes if ast.unparse(each.value) == "self._table"]
    assert set(asked) == {"insert", "get", "page", "rows"}
    uses = [each for each in nodes if each.attr == "_table"]
    assert len(uses) == 1 + len(asked), "the table is handed on to something that may change rows"


def test_pages_are_newest_first_and_filtered_by_action(table: MemoryTable) -> None:
    noted = AuditTrail(AuditStore(table), lambda: NOON)
    for action in (AuditAction.ACCESS_CHANGED, AuditAction.MAPPING_SAVED, AuditAction.ACCESS_CHANGED):
        noted.note(ADA, action, "thing")
    store = AuditStore(table)
    first, token = store.page("contoso", 2)
    second, end = store.page("contoso", 2, token)
    assert [each.sequence for each in (*first, *second)] == [3, 2, 1]
    assert end is None
    assert [each.sequence for each in store.page("contoso", 9, None, "access.changed")[0]] == [3, 1]

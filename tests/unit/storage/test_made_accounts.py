"""Accounts that somebody counts on belong to no export's undo any more, however many were made."""

from shared.domain.ids import ExportId, TenantId
from shared.storage.made_accounts import MadeAccounts
from tests.fakes import MemoryTable

TENANT, EXPORT = TenantId("contoso"), ExportId("e")


def test_what_is_kept_is_found_among_few_and_among_many() -> None:
    for amount in (3, 1000, 2500):
        made = MadeAccounts(MemoryTable())
        ids = [f"id-{number:05}" for number in range(amount)]
        made.note(TENANT, EXPORT, ids)
        kept = {ids[0], ids[amount // 2], ids[-1], "unknown"}
        made.keep(TENANT, {each.upper() for each in kept})
        assert made.of(TENANT, EXPORT, ids) == set(ids) - kept


def test_of_another_tenant_or_another_export_nothing_is_told() -> None:
    made = MadeAccounts(MemoryTable())
    made.note(TENANT, EXPORT, ["a", "b"])
    made.note(TENANT, ExportId("later"), ["b"])
    assert made.of(TENANT, EXPORT, ["a", "b"]) == {"a"}
    assert made.of(TenantId("fabrikam"), EXPORT, ["a"]) == set()
    made.forget(TENANT, EXPORT, ["a", "b"])
    assert made.of(TENANT, ExportId("later"), ["a", "b"]) == {"b"}

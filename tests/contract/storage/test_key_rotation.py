"""The key that seals tokens changes, and no connection is lost: what is used moves under the newest key."""

import json
from pathlib import Path

import pytest

from shared.domain.connection import SignInLost
from shared.domain.errors import Transient
from shared.domain.ids import TenantId
from shared.storage.crypto import EnvelopeCipher
from shared.storage.key_file import FileKeys, rotate
from shared.storage.keys import key
from shared.storage.tokens import TokenStore
from tests.fakes import MemoryTable

TENANT = TenantId("contoso")


class Away(MemoryTable):
    """A table that can be read, not written."""

    away = False

    def replace(self, partition: str, row: str, properties: object, etag: str) -> str:
        if self.away:
            raise Transient("storageUnavailable", "Storage does not answer.")
        return super().replace(partition, row, properties, etag)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def table() -> Away:
    return Away()


def store(table: MemoryTable, keys: Path) -> TokenStore:
    """As a process that starts now."""
    return TokenStore(table, EnvelopeCipher(FileKeys(keys)))


def wrapped_by(table: MemoryTable, principal: str = "tenant") -> str:
    found = table.get("contoso", key(principal))
    assert found is not None
    return str(found.value["keyId"])


def forget_old_keys(keys: Path) -> None:
    content = json.loads(keys.read_text(encoding="utf-8"))
    keys.write_text(json.dumps({"keys": content["keys"][:1]}), encoding="utf-8")


def test_a_thousand_rows_are_readable_during_and_after_a_rotation(table: Away, keys: Path) -> None:
    before = store(table, keys)
    names = [f"user:{number}" for number in range(1000)]
    for name in names:
        before.put(TENANT, name, f"cache of {name}")
    newest = rotate(keys)
    during = store(table, keys)
    for name in names[:500]:
        found = during.load(TENANT, name)
        assert found is not None
        assert found.value == f"cache of {name}"
    for name in names[500:]:
        assert before.load(TENANT, name) is not None
        assert during.load(TENANT, name) is not None
    assert {wrapped_by(table, name) for name in names} == {newest}
    forget_old_keys(keys)
    after = store(table, keys)
    assert all(after.load(TENANT, name) for name in names)


def test_many_rotations_in_a_row_lose_nothing(table: Away, keys: Path) -> None:
    store(table, keys).put(TENANT, "tenant", "the cache")
    for _ in range(25):
        newest = rotate(keys)
        found = store(table, keys).load(TENANT, "tenant")
        assert found is not None
        assert found.value == "the cache"
        assert wrapped_by(table) == newest
        forget_old_keys(keys)


def test_the_tag_of_a_rewrapped_cache_is_the_one_to_change_it_by(table: Away, keys: Path) -> None:
    store(table, keys).put(TENANT, "tenant", "the cache")
    rotate(keys)
    vault = store(table, keys)
    found = vault.load(TENANT, "tenant")
    assert found is not None
    vault.replace(TENANT, "tenant", "a newer cache", found.etag)


def test_a_process_that_runs_reads_what_a_newer_one_wrote(table: Away, keys: Path) -> None:
    running = store(table, keys)
    running.put(TENANT, "tenant", "the cache")
    rotate(keys)
    store(table, keys).put(TENANT, "tenant", "a newer cache")
    found = running.load(TENANT, "tenant")
    assert found is not None
    assert found.value == "a newer cache"


def test_reading_works_while_nothing_can_be_rewrapped(table: Away, keys: Path) -> None:
    store(table, keys).put(TENANT, "tenant", "the cache")
    old = wrapped_by(table)
    rotate(keys)
    table.away = True
    found = store(table, keys).load(TENANT, "tenant")
    assert found is not None
    assert found.value == "the cache"
    assert wrapped_by(table) == old


def test_a_key_that_was_taken_away_too_early_asks_for_a_new_sign_in(table: Away, keys: Path) -> None:
    store(table, keys).put(TENANT, "tenant", "the cache")
    rotate(keys)
    forget_old_keys(keys)
    with pytest.raises(SignInLost) as lost:
        store(table, keys).load(TENANT, "tenant")
    assert lost.value.reason == "storedSignInUnreadable"


def test_a_rotated_key_file_is_still_its_owners_alone(table: Away, keys: Path) -> None:
    store(table, keys).put(TENANT, "tenant", "the cache")
    rotate(keys)
    assert keys.stat().st_mode & 0o077 == 0
    assert [each.name for each in keys.parent.iterdir()] == ["keys.json"]

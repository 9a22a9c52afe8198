import hashlib
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from racing import race

from shared.domain.errors import NeedsUser
from shared.domain.ids import TenantId
from shared.storage.account import StorageAccount
from shared.storage.crypto import EnvelopeCipher
from shared.storage.key_file import FileKeys, new_key
from shared.storage.names import Table
from shared.storage.table import Changed, TableStore
from shared.storage.tokens import TokenStore

CACHE = json.dumps({"RefreshToken": {"r": {"secret": "the-refresh-token"}}})


@pytest.fixture
def rows(storage_account: StorageAccount) -> TableStore:
    return storage_account.table(Table.TOKENS)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "tokens.json"


@pytest.fixture
def tokens(rows: TableStore, key_file: Path) -> TokenStore:
    return TokenStore(rows, EnvelopeCipher(FileKeys(key_file)))


def kept(rows: TableStore, tenant: TenantId, principal: str = "tenant") -> dict[str, Any]:
    found = rows.get(tenant, principal)
    assert found is not None
    return found.value


@pytest.mark.parametrize("cache", [CACHE, "", "\u00e9" * 200_000], ids=["usual", "empty", "long"])
def test_a_cache_comes_back_as_it_was_put(tokens: TokenStore, tenant: TenantId, cache: str) -> None:
    assert tokens.load(tenant, "tenant") is None
    tag = tokens.put(tenant, "tenant", cache)
    found = tokens.load(tenant, "tenant")
    assert found is not None
    assert (found.value, found.etag) == (cache, tag)


def test_a_cache_longer_than_a_property_comes_back(tokens: TokenStore, tenant: TenantId) -> None:
    noise = hashlib.shake_256(b"noise").hexdigest(150_000)
    tokens.put(tenant, "tenant", noise)
    found = tokens.load(tenant, "tenant")
    assert found is not None
    assert found.value == noise


def test_nothing_of_a_cache_can_be_read_in_the_table(
    tokens: TokenStore, rows: TableStore, tenant: TenantId
) -> None:
    tokens.put(tenant, "tenant", CACHE)
    assert "refresh" not in str(kept(rows, tenant)).lower()
    assert set(kept(rows, tenant)) == {"version", "keyId", "wrappedKey", "sealed"}


def test_the_same_cache_is_sealed_differently_each_time(
    tokens: TokenStore, rows: TableStore, tenant: TenantId
) -> None:
    tokens.put(tenant, "tenant", CACHE)
    first = kept(rows, tenant)
    tokens.put(tenant, "tenant", CACHE)
    second = kept(rows, tenant)
    assert first["sealed"] != second["sealed"]
    assert first["wrappedKey"] != second["wrappedKey"]


@pytest.mark.parametrize("name", ["sealed", "wrappedKey", "keyId"])
def test_a_changed_row_does_not_open(
    tokens: TokenStore, rows: TableStore, tenant: TenantId, name: str
) -> None:
    tokens.put(tenant, "tenant", CACHE)
    row = kept(rows, tenant)
    text = row[name]
    changed = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]
    rows.put(tenant, "tenant", {**row, name: changed})
    with pytest.raises(NeedsUser) as refused:
        tokens.load(tenant, "tenant")
    assert refused.value.code == "reauthorizationRequired"


@pytest.mark.parametrize("name", ["sealed", "wrappedKey", "keyId"])
def test_a_row_with_something_missing_does_not_open(
    tokens: TokenStore, rows: TableStore, tenant: TenantId, name: str
) -> None:
    tokens.put(tenant, "tenant", CACHE)
    rows.put(tenant, "tenant", {**kept(rows, tenant), name: None})
    with pytest.raises(NeedsUser):
        tokens.load(tenant, "tenant")


def test_a_row_that_was_copied_to_another_tenant_does_not_open(
    tokens: TokenStore, rows: TableStore, tenant: TenantId
) -> None:
    thief = TenantId(f"{tenant}-thief")
    tokens.put(tenant, "tenant", CACHE)
    rows.put(thief, "tenant", kept(rows, tenant))
    with pytest.raises(NeedsUser):
        tokens.load(thief, "tenant")


def test_a_row_that_was_copied_to_another_person_does_not_open(
    tokens: TokenStore, rows: TableStore, tenant: TenantId
) -> None:
    tokens.put(tenant, "user-ada", CACHE)
    rows.put(tenant, "user-bruno", kept(rows, tenant, "user-ada"))
    with pytest.raises(NeedsUser):
        tokens.load(tenant, "user-bruno")


def test_a_row_without_its_key_does_not_open(
    tokens: TokenStore, rows: TableStore, tenant: TenantId, tmp_path: Path
) -> None:
    tokens.put(tenant, "tenant", CACHE)
    other = TokenStore(rows, EnvelopeCipher(FileKeys(tmp_path / "other.json")))
    with pytest.raises(NeedsUser):
        other.load(tenant, "tenant")


def test_what_an_older_key_sealed_still_opens_and_the_newer_key_seals(
    tokens: TokenStore, rows: TableStore, tenant: TenantId, key_file: Path
) -> None:
    tokens.put(tenant, "tenant", CACHE)
    newer = new_key()
    keys = json.loads(key_file.read_text())
    key_file.write_text(json.dumps({"keys": [newer, *keys["keys"]]}))
    rotated = TokenStore(rows, EnvelopeCipher(FileKeys(key_file)))
    found = rotated.load(tenant, "tenant")
    assert found is not None
    assert found.value == CACHE
    rotated.replace(tenant, "tenant", CACHE, found.etag)
    assert kept(rows, tenant)["keyId"] == newer["kid"]


def test_a_cache_that_changed_meanwhile_is_not_overwritten(tokens: TokenStore, tenant: TenantId) -> None:
    first = tokens.put(tenant, "tenant", CACHE)
    tokens.replace(tenant, "tenant", "second", first)
    with pytest.raises(Changed):
        tokens.replace(tenant, "tenant", "third", first)


def test_a_destroyed_cache_does_not_come_back(tokens: TokenStore, tenant: TenantId) -> None:
    tag = tokens.put(tenant, "tenant", CACHE)
    tokens.put(tenant, "user:ada", CACHE)
    assert tokens.delete_all(tenant) == 2
    with pytest.raises(Changed):
        tokens.replace(tenant, "tenant", CACHE, tag)
    assert tokens.load(tenant, "tenant") is None
    assert tokens.load(tenant, "user:ada") is None


def test_the_key_file_is_for_its_owner_alone(tokens: TokenStore, tenant: TenantId, key_file: Path) -> None:
    tokens.put(tenant, "tenant", CACHE)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert list(key_file.parent.iterdir()) == [key_file]


def test_of_many_that_make_the_key_file_all_use_the_same_key(key_file: Path) -> None:
    made = race(6, lambda _: FileKeys(key_file).wrap(b"k" * 32)[0])
    assert len(set(map(str, made))) == 1
    assert not [result for result in made if isinstance(result, Exception)]

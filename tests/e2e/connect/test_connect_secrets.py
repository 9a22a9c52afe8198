"""Nothing of a sign-in lies readable on disk or in the logs; after a disconnect nothing is left at all."""

import json
import time
import uuid
import zlib
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.domain.ids import TenantId, UserId
from shared.entra.principals import TENANT, of_user
from shared.storage.account import StorageAccount
from shared.storage.clients import ByConnectionString
from shared.storage.crypto import EnvelopeCipher
from shared.storage.key_file import FileKeys
from shared.storage.names import Table
from shared.storage.tokens import TokenStore
from tests.e2e.connect.conftest import BRUNO, World

CONTOSO = TenantId("contoso")
BACK = {"Need admin approval": "Back"}


@pytest.fixture
def account(world: World) -> StorageAccount:
    connection = ByConnectionString(world.stack.storage_connection_string)
    return StorageAccount(connection, clock=lambda: datetime.now(UTC))


@pytest.fixture
def vault(account: StorageAccount, state_folder: Path) -> TokenStore:
    keys = FileKeys(state_folder / "token-key.json")
    return TokenStore(account.table(Table.TOKENS), EnvelopeCipher(keys))


def planted(vault: TokenStore) -> set[str]:
    """Every token that the service keeps for Contoso, in the clear."""
    found: set[str] = set()
    for principal in (TENANT, of_user(UserId("bruno"))):
        kept = vault.load(CONTOSO, principal)
        assert kept is not None
        content = json.loads(kept.value)
        for kind in ("AccessToken", "RefreshToken", "IdToken"):
            found |= {entry["secret"] for entry in content[kind].values()}
    return found


def forms(secret: str) -> Iterator[bytes]:
    """How a secret may lie in a file: as it is, in base64, compressed."""
    plain = secret.encode()
    yield plain
    yield plain[:60]
    yield b64encode(plain)[:-4]
    yield urlsafe_b64encode(plain)[:-4]
    yield zlib.compress(plain)[2:40]


def hits(folders: list[Path], secrets: set[str]) -> list[tuple[str, str]]:
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert len(files) > 3
    contents = {file.name: content for file in files if (content := content_of(file)) is not None}
    return [
        (name, secret[:12])
        for name, content in contents.items()
        for secret in secrets
        if any(form in content for form in forms(secret))
    ]


def content_of(file: Path) -> bytes | None:
    """None where the file is gone: Azurite writes beside the old one and renames."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def let_azurite_save(account: StorageAccount, folder: Path) -> None:
    """Azurite writes its files every few seconds: waits until a text that lies open is found in them."""
    canary = f"canary-{uuid.uuid4()}"
    account.table(Table.TENANTS).put("scan", "scan", {"planted": canary})
    end = time.monotonic() + 180
    while not hits([folder], {canary}):
        assert time.monotonic() < end, "the scan does not find what lies open"
        time.sleep(0.5)


def test_no_secret_of_a_sign_in_lies_readable_on_disk_or_in_the_logs(
    world: World, account: StorageAccount, vault: TokenStore, state_folder: Path
) -> None:
    world.connect(for_everybody=False)
    waiting = world.come_back(world.start("bruno", "/me/connection"), BRUNO, press=BACK)
    consent = world.open(waiting.link).location
    links = {waiting.link.partition("link=")[2], waiting.waits_at.partition("ticket=")[2]}
    open_state = world.start().partition("state=")[2].partition("&")[0]
    let_azurite_save(account, state_folder / "azurite")
    world.callback(world.answer(consent, "ada.lindqvist@contoso.example"))
    assert world.come_back(world.open(waiting.waits_at).location, BRUNO).told["ok"]
    secrets = planted(vault) | world.secrets | links | {open_state, "local-development-only"}
    assert len(secrets) >= 12
    let_azurite_save(account, state_folder / "azurite")
    assert hits([state_folder / "azurite"], secrets) == []
    printed = [state_folder / "logs"]
    assert hits(printed, secrets - {"local-development-only"}) == []


def test_a_disconnect_leaves_no_row_of_tokens_sign_ins_or_connections(
    world: World, account: StorageAccount
) -> None:
    world.connect()
    assert world.come_back(world.start("bruno", "/me/connection"), BRUNO).told["ok"]
    world.start()
    before = {row.value["RowKey"] for row in account.table(Table.TOKENS).rows("contoso")}
    assert len(before) == 2
    world.talk().call("DELETE", "/connection").raise_for_status()
    for table in (Table.TOKENS, Table.AUTH_FLOWS, Table.USER_CONNECTIONS):
        assert list(account.table(table).rows("contoso")) == []
    rows = {row.value["RowKey"] for row in account.table(Table.TENANTS).rows("contoso")}
    assert not {row for row in rows if "connection" in row or "attention" in row}


def test_a_sign_in_under_way_is_sealed_in_its_row(world: World, account: StorageAccount) -> None:
    world.start()
    (row,) = list(account.table(Table.AUTH_FLOWS).rows("contoso"))
    assert b"code_verifier" not in b64decode(row.value["sealedFlow"])
    assert "verifier" not in str(row.value)

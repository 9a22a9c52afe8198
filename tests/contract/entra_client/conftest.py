"""The Entra ID emulator, our client before it, and a real vault of tokens."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from connecting import Connecting
from signing_in import CONTOSO, Entra, Now, end_emulator, start_emulator

from local.azurite import StorageNames, create_storage
from shared.domain.ids import TenantId
from shared.storage.account import StorageAccount
from shared.storage.clients import ByConnectionString
from shared.storage.crypto import EnvelopeCipher
from shared.storage.key_file import FileKeys
from shared.storage.names import CONTAINERS, QUEUES, TABLES, Table
from shared.storage.tokens import TokenStore


@pytest.fixture(scope="session")
def emulator_address() -> Iterator[str]:
    process, address = start_emulator()
    yield address
    end_emulator(process)


@pytest.fixture
def entra(emulator_address: str) -> Entra:
    """An emulator in its first state."""
    running = Entra(emulator_address, Now())
    running.control("POST", "reset")
    running.control("PATCH", "settings", accessTokenLifetime=3600, strictRotation=False)
    return running


@pytest.fixture
def consented(entra: Entra) -> Entra:
    """The application is approved for everybody at Contoso."""
    entra.control("POST", "consent", directory=CONTOSO)
    return entra


@pytest.fixture(scope="session")
def storage_account(azurite: str) -> StorageAccount:
    create_storage(azurite, StorageNames(TABLES, QUEUES, CONTAINERS))
    return StorageAccount(ByConnectionString(azurite), clock=lambda: datetime.now(UTC))


@pytest.fixture(scope="session")
def token_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "tokens.json"


@pytest.fixture
def vault(storage_account: StorageAccount, token_keys: Path) -> TokenStore:
    return TokenStore(storage_account.table(Table.TOKENS), EnvelopeCipher(FileKeys(token_keys)))


@pytest.fixture
def tenant() -> TenantId:
    return TenantId(f"tenant-{uuid.uuid4()}")


@pytest.fixture
def contoso(entra: Entra, storage_account: StorageAccount, vault: TokenStore, tenant: TenantId) -> Connecting:
    """A tenant that nobody has connected."""
    return Connecting(entra, storage_account, vault, tenant)


@pytest.fixture
def connected(contoso: Connecting) -> Connecting:
    """The same, connected by its Global Admin."""
    contoso.connect()
    return contoso

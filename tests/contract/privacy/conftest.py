import uuid
from datetime import UTC, datetime

import pytest
from kept import Kept

from local.azurite import StorageNames, create_storage
from shared.domain.ids import TenantId
from shared.storage.account import StorageAccount
from shared.storage.clients import ByConnectionString
from shared.storage.names import CONTAINERS, QUEUES, TABLES


@pytest.fixture(scope="session")
def account(azurite: str) -> StorageAccount:
    create_storage(azurite, StorageNames(TABLES, QUEUES, CONTAINERS))
    return StorageAccount(ByConnectionString(azurite), clock=lambda: datetime.now(UTC))


@pytest.fixture
def kept(account: StorageAccount) -> Kept:
    return Kept(account, TenantId(f"tenant-{uuid.uuid4()}"))


@pytest.fixture
def neighbour(account: StorageAccount, kept: Kept) -> Kept:
    """A tenant whose id begins as the other's does."""
    return Kept(account, TenantId(f"{kept.tenant}2"))

"""A storage account with everything in it, and a tenant that nobody else has."""

import uuid
from datetime import UTC, datetime

import pytest

from local.azurite import StorageNames, create_storage
from shared.domain.ids import TenantId
from shared.storage.account import StorageAccount
from shared.storage.clients import ByConnectionString
from shared.storage.names import CONTAINERS, QUEUES, TABLES


@pytest.fixture(scope="session")
def storage_account(azurite: str) -> StorageAccount:
    create_storage(azurite, StorageNames(TABLES, QUEUES, CONTAINERS))
    return StorageAccount(ByConnectionString(azurite), clock=lambda: datetime.now(UTC))


@pytest.fixture
def tenant() -> TenantId:
    return TenantId(f"tenant-{uuid.uuid4()}")

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from azure.core.exceptions import ResourceNotFoundError

from shared.domain.errors import Transient
from shared.storage.account import StorageAccount
from shared.storage.clients import ByConnectionString

NOBODY = "http://127.0.0.1:1/devstoreaccount1"


@pytest.fixture
def away() -> StorageAccount:
    text = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=c2VjcmV0;"
        f"BlobEndpoint={NOBODY};QueueEndpoint={NOBODY};TableEndpoint={NOBODY};"
    )
    return StorageAccount(ByConnectionString(text), clock=lambda: datetime.now(UTC))


CALLS: dict[str, Callable[[StorageAccount], object]] = {
    "read a row": lambda account: account.table("tenants").get("p", "r"),
    "read many rows": lambda account: list(account.table("tenants").rows("p")),
    "write a row": lambda account: account.table("tenants").insert("p", "r", {}),
    "read a blob": lambda account: account.container("exports").read("a"),
    "write a blob": lambda account: account.container("exports").write_stream("a", [b"x"]),
    "send a message": lambda account: account.queue("exports-split").send({"v": 1}),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_storage_that_does_not_answer_is_transient_within_seconds(
    away: StorageAccount, call: Callable[[StorageAccount], object]
) -> None:
    started = time.monotonic()
    with pytest.raises(Transient) as error:
        call(away)
    assert error.value.code == "storageUnavailable"
    assert time.monotonic() - started < 60


def test_a_table_that_was_never_made_is_a_bug_and_not_an_absent_row(storage_account: StorageAccount) -> None:
    with pytest.raises(ResourceNotFoundError):
        storage_account.table("nosuchtable").get("p", "r")
    with pytest.raises(ResourceNotFoundError):
        storage_account.container("nosuchcontainer").read("a")

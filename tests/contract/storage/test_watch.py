import json
import logging
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from functions.watch.service import Watch
from shared import log
from shared.domain.connection import Connection, ConnectionState
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import parse_organization_url
from shared.storage.account import StorageAccount
from shared.storage.clients import ByConnectionString
from shared.storage.connections import ConnectionStore, count_in_need
from shared.storage.user_connections import UserConnectionStore
from shared.telemetry import Metric
from tests.fakes import MemoryTable
from tests.recorded import recording

IN_AN_HOUR = timedelta(hours=1)


@pytest.fixture
def queue(azurite: str, storage_account: StorageAccount) -> str:
    name = f"q{uuid.uuid4().hex}"
    ByConnectionString(azurite).queues().create_queue(name)
    for _ in range(3):
        storage_account.queue(name).send({"v": 1})
    storage_account.queue(name).send({"v": 1}, IN_AN_HOUR)
    return name


def test_the_watch_tells_how_much_waits_and_for_how_long(
    storage_account: StorageAccount, queue: str, caplog: pytest.LogCaptureFixture
) -> None:
    names = [queue, f"{queue}-poison"]
    soon = datetime.now(UTC) + timedelta(seconds=90)
    watch = Watch([storage_account.backlog(name) for name in names], lambda: 7, lambda: soon)
    with recording() as recorded, caplog.at_level(logging.INFO, logger=log.LOGGER):
        watch.look()
        messages = {
            point.attributes["queue"]: point.value for point in recorded.points(Metric.QUEUE_MESSAGES)
        }
        ages = {point.attributes["queue"]: point.value for point in recorded.points(Metric.QUEUE_AGE)}
        (need,) = recorded.points(Metric.NEED_ATTENTION)
    assert messages == {queue: 4, f"{queue}-poison": 0}
    assert ages[queue] > 80
    assert ages[f"{queue}-poison"] == 0
    assert need.value == 7
    events = [json.loads(message) for message in caplog.messages]
    measured = [(event["queue"], event["messages"]) for event in events if event["event"] == "queue measured"]
    assert measured == [(queue, 4), (f"{queue}-poison", 0)]


def test_connections_that_a_person_has_to_renew_are_counted_whosesoever_they_are() -> None:
    tenants, people = MemoryTable(), MemoryTable()
    for tenant, state in (("a", "connected"), ("b", "reauthorizationRequired")):
        ConnectionStore(tenants).replace(TenantId(tenant), connection(state), None)
    UserConnectionStore(people).replace(
        TenantId("a"), UserId("ada"), connection("reauthorizationRequired"), None
    )
    assert count_in_need(tenants, people) == 2


def connection(state: str) -> Connection:
    return Connection(
        state=ConnectionState(state),
        organization=parse_organization_url("https://contoso.crm4.dynamics.com"),
        directory=DirectoryId("d"),
        connected_by=UserId("ada"),
        connected_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from functions.http import Api
from functions.identity import Caller
from functions.limits import routes
from functions.quotas import Quotas
from functions.rates import RequestRates
from shared.domain.errors import Throttled, TooLarge
from shared.domain.exports import Export, ExportState
from shared.domain.ids import ObjectType, new_export_id
from shared.domain.limits import Limits
from shared.storage.exports import ExportStore
from shared.storage.usage import UsageStore
from tests import callers
from tests.fakes import MemoryTable
from tests.site import Site

NOW = datetime(2026, 1, 31, 23, 50, tzinfo=UTC)
BRUNO = Caller(tenant="contoso", user="bruno")
CARLA = Caller(tenant="contoso", user="carla")
HAMID = Caller(tenant="fabrikam", user="hamid")
LIMITS = Limits(
    requests_per_minute=5,
    user_requests_per_minute=3,
    running_exports=3,
    user_running_exports=2,
    records_per_day=100,
)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Counting:
    """Quotas over stores in memory."""

    def __init__(self) -> None:
        self.exports = ExportStore(MemoryTable())
        self.usage = UsageStore(MemoryTable())
        self.quotas = Quotas(LIMITS, self.exports, self.usage, lambda: NOW)
        self.number = 0

    def start(self, caller: Caller, *, total: int = 0, ended: bool = False) -> Export:
        self.number += 1
        export = Export(
            id=new_export_id(self.number, b"000000"),
            tenant=caller.tenant,
            object_type=ObjectType.LEAD,
            state=ExportState.RUNNING,
            requested_by=caller.user,
            created_at=NOW,
            total=total,
            ended_at=NOW if ended else None,
        )
        self.exports.add(export)
        return export


def take(rates: RequestRates, caller: Caller, times: int) -> None:
    for _ in range(times):
        rates.take(caller)


def test_a_user_may_ask_so_often_in_a_minute_and_is_told_when_to_go_on() -> None:
    clock = Clock()
    rates = RequestRates(LIMITS, clock)
    take(rates, BRUNO, 3)
    with pytest.raises(Throttled) as caught:
        rates.take(BRUNO)
    assert caught.value.retry_after == pytest.approx(20)
    clock.now += 20
    rates.take(BRUNO)
    with pytest.raises(Throttled):
        rates.take(BRUNO)


def test_the_users_of_a_tenant_share_its_limit_and_other_tenants_do_not() -> None:
    rates = RequestRates(LIMITS, Clock())
    take(rates, BRUNO, 3)
    take(rates, CARLA, 2)
    with pytest.raises(Throttled):
        rates.take(CARLA)
    take(rates, HAMID, 3)


def test_a_refused_request_costs_nothing() -> None:
    clock = Clock()
    rates = RequestRates(LIMITS, clock)
    take(rates, BRUNO, 3)
    for _ in range(10):
        with pytest.raises(Throttled):
            rates.take(BRUNO)
    assert rates.left(CARLA)[0].left == 2


def test_a_bucket_never_holds_more_than_its_limit() -> None:
    clock = Clock()
    rates = RequestRates(LIMITS, clock)
    clock.now += 3600
    take(rates, BRUNO, 3)
    with pytest.raises(Throttled):
        rates.take(BRUNO)


def test_exports_under_way_are_limited_for_the_user_and_for_the_tenant() -> None:
    counting = Counting()
    for _ in range(5):
        counting.start(BRUNO, ended=True)
    counting.start(BRUNO)
    counting.quotas.check_start(BRUNO)
    counting.start(BRUNO)
    with pytest.raises(Throttled, match="You have 2 exports"):
        counting.quotas.check_start(BRUNO)
    counting.quotas.check_start(CARLA)
    counting.start(CARLA)
    with pytest.raises(Throttled, match="Your company has 3 exports"):
        counting.quotas.check_start(CARLA)
    counting.quotas.check_start(HAMID)


def test_the_records_of_a_day_are_limited_until_midnight() -> None:
    counting = Counting()
    export = counting.start(BRUNO, total=60)
    counting.quotas.check_records(export, 100)
    counting.quotas.count(export)
    with pytest.raises(TooLarge, match="40 are left"):
        counting.quotas.check_records(export, 41)
    counting.quotas.count(replace(export, total=40))
    with pytest.raises(Throttled) as caught:
        counting.quotas.check_start(CARLA)
    assert caught.value.retry_after == 600
    counting.quotas.check_start(HAMID)


class RacedTable(MemoryTable):
    """Somebody else counts between our reading and our writing, once each way."""

    raced = 2

    def insert(self, partition: str, row: str, properties: object) -> str:
        self._race(partition, row)
        return super().insert(partition, row, properties)

    def replace(self, partition: str, row: str, properties: object, etag: str) -> str:
        self._race(partition, row)
        return super().replace(partition, row, properties, etag)

    def _race(self, partition: str, row: str) -> None:
        if self.raced:
            self.raced -= 1
            stored = self.get(partition, row)
            self.put(partition, row, {"records": 5 + (stored.value["records"] if stored else 0)})


def test_records_counted_at_once_are_all_counted() -> None:
    usage = UsageStore(RacedTable())
    usage.add("contoso", NOW.date(), 7)
    assert usage.records("contoso", NOW.date()) == 17


@pytest.fixture
def site() -> Site:
    rates = RequestRates(LIMITS, Clock())
    api = Api(callers=callers.callers(), limit=rates.take)
    return Site(routes.blueprint(api, rates, Counting().quotas))


def test_what_is_left_is_told(site: Site) -> None:
    answer = site.call("GET", "/limits", token=callers.user())
    assert answer.json == {
        "requestsPerMinute": {"tenant": {"limit": 5, "left": 4}, "user": {"limit": 3, "left": 2}},
        "runningExports": {"tenant": {"limit": 3, "left": 3}, "user": {"limit": 2, "left": 2}},
        "recordsPerDay": {"tenant": {"limit": 100, "left": 100}},
    }


def test_a_request_too_many_is_answered_429_with_the_seconds_to_wait(site: Site) -> None:
    for _ in range(3):
        assert site.call("GET", "/limits", token=callers.user()).status == 200
    refused = site.call("GET", "/limits", token=callers.user())
    assert (refused.status, refused.json["code"], refused.headers["Retry-After"]) == (
        429,
        "requestsThrottled",
        "20",
    )

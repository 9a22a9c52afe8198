"""One export as the collector of the stack sees it: one trace, the counts of the export, nothing personal."""

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from local.stack import Stack, StackOptions, running_stack
from tests.e2e.conftest import ADA, People
from tests.e2e.conversation import Dataverse, Talk, connect

CHUNK = 10
RECORDS = 25
CREATE = "leads/Microsoft.Dynamics.CRM.CreateMultiple"
_PATIENCE = 180.0
_SELDOM = 1.0
"""Seconds between looks at an export: each look is a trace, of which the collector keeps two hundred."""


@dataclass(frozen=True)
class Collector:
    """What the stack's collector has received."""

    address: str

    def get(self, path: str) -> Any:
        answer = requests.get(f"{self.address}{path}", timeout=180)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def trace_of(self, export_id: str) -> list[dict[str, Any]]:
        """The spans of the trace in which that export was cut; none where there is none yet."""
        for trace in self.get("/traces.json"):
            spans: list[dict[str, Any]] = self.get(f"/traces/{trace['id']}/spans.json")
            cut = [span["attributes"]["export"] for span in spans if span["name"] == "split_export"]
            if export_id in cut:
                return spans
        return []

    def figures(self, name: str) -> list[dict[str, Any]]:
        return [figure for figure in self.get("/metrics.json") if figure["name"] == name]


def causes(span: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> list[str]:
    """The span's name, that of the span which caused it, and so on to the first."""
    above = by_id.get(span["parent"])
    return [span["name"], *(causes(above, by_id) if above else [])]


def is_whole(spans: list[dict[str, Any]]) -> bool:
    """Whether every chunk has ended, and whatever caused a span has arrived as well."""
    chunks = {span["attributes"]["chunk"] for span in spans if span["name"] == "chunk"}
    known = {span["id"] for span in spans} | {""}
    return (
        chunks == set(range(1, 1 + math.ceil(RECORDS / CHUNK)))
        and {span["parent"] for span in spans} <= known
    )


def eventually(holds: Callable[[], bool]) -> None:
    """Telemetry travels on its own threads, a little behind the work."""
    end = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not arrive"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    options = StackOptions(traces=True, settings={"EXPORT_CHUNK_SIZE": str(CHUNK), "EXPORT_WINDOW": "2"})
    with running_stack(tmp_path_factory.mktemp("traced"), options) as running:
        connect(Talk(running, "contoso", "ada"), ADA)
        yield running


@pytest.fixture(scope="module")
def collector(stack: Stack) -> Collector:
    assert stack.traces
    return Collector(stack.traces)


@pytest.fixture(scope="module")
def export(stack: Stack) -> dict[str, Any]:
    people = People("canary")
    records = [*people.many(RECORDS - 1), people.one(RECORDS, lastName=None, email="canary@quince.example")]
    talk = Talk(stack, "contoso", "bruno")
    return talk.wait(talk.start("lead", records), pause=_SELDOM)


def test_an_export_is_one_trace_from_the_request_to_each_call_of_dynamics(
    collector: Collector, export: dict[str, Any]
) -> None:
    eventually(lambda: is_whole(collector.trace_of(export["id"])))
    spans = collector.trace_of(export["id"])
    by_id = {span["id"]: span for span in spans}
    assert len({span["trace"] for span in spans}) == 1
    assert {span["attributes"]["export"] for span in spans if span["name"] == "chunk"} == {export["id"]}
    calls = [span for span in spans if span["attributes"].get("server.address", "").endswith(".dynamics.com")]
    assert {causes(span, by_id)[-1] for span in calls} == {"POST /exports"}
    writing = [causes(span, by_id) for span in calls if span["name"].endswith("CreateMultiple")]
    assert {line[1] for line in writing} == {"chunk"}


def test_the_metrics_count_what_the_exports_count(
    stack: Stack, collector: Collector, export: dict[str, Any]
) -> None:
    def counted() -> dict[str, int]:
        return {
            figure["attributes"]["outcome"]: figure["value"]
            for figure in collector.figures("exports.records")
        }

    assert export["counts"]["created"] > 0
    exports = Talk(stack, "contoso", "ada").get("/exports")["items"]
    kinds = ("created", "updated", "unchanged", "skipped", "failed")
    sums = {kind: sum(each["counts"][kind] for each in exports) for kind in kinds}
    eventually(lambda: counted() == {kind: number for kind, number in sums.items() if number})
    eventually(
        lambda: [each["count"] >= math.ceil(RECORDS / CHUNK) for each in chunk_seconds(collector)] == [True]
    )


def chunk_seconds(collector: Collector) -> list[dict[str, Any]]:
    return collector.figures("chunk.duration_seconds")


def test_throttling_is_counted_by_organization(stack: Stack, collector: Collector) -> None:
    dynamics = Dataverse(stack.dataverse)
    dynamics.fault(action="status", path=CREATE, status=429, code="0x80072322", retryAfter=1)
    talk = Talk(stack, "contoso", "ada")
    ended = talk.wait(talk.start("lead", People("throttled").many(20)), pause=_SELDOM)
    assert ended["counts"]["created"] == 20
    eventually(lambda: bool(collector.figures("dataverse.throttled")))
    (throttled,) = collector.figures("dataverse.throttled")
    assert throttled["value"] == 1
    assert throttled["attributes"]["server.address"].endswith(".dynamics.com")


def test_the_watch_tells_of_every_queue(stack: Stack, collector: Collector) -> None:
    functions = stack.api.removesuffix("/api")
    answer = requests.post(f"{functions}/admin/functions/watch_service", json={}, timeout=60)
    assert answer.status_code == 202
    eventually(lambda: bool(collector.figures("connections.need_attention")))
    told = {figure["attributes"]["queue"] for figure in collector.figures("queue.messages")}
    assert told == {
        f"{queue}{end}" for queue in ("exports-split", "exports-write", "erasures") for end in ("", "-poison")
    }
    assert {figure["attributes"]["queue"] for figure in collector.figures("queue.age_seconds")} == told


def test_nothing_personal_and_nothing_secret_is_told(collector: Collector, export: dict[str, Any]) -> None:
    assert export["endedAt"]
    eventually(lambda: bool(collector.trace_of(export["id"])))
    traces = [collector.get(f"/traces/{trace['id']}/spans.json") for trace in collector.get("/traces.json")]
    told = json.dumps([traces, collector.get("/metrics.json")])
    planted = ["anary", "quince", "Ngata", "Lindqvist", "local-development-only", "eyJ", "sig=", "code="]
    assert [word for word in planted if word in told] == []


@pytest.mark.parametrize(("page", "shown"), [("/", "POST /exports"), ("/metrics", "exports.records")])
def test_a_person_sees_it_on_a_page(
    collector: Collector, export: dict[str, Any], page: str, shown: str
) -> None:
    assert export["endedAt"]
    eventually(lambda: shown in requests.get(f"{collector.address}{page}", timeout=180).text)

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from running_collector import running_collector, tell


@pytest.fixture(scope="module")
def collector() -> Iterator[str]:
    with running_collector() as address:
        tell(address)
        yield address


def get(address: str) -> Any:
    answer = requests.get(address, timeout=180)
    assert answer.status_code == 200
    return answer.json()


def test_spans_arrive_with_their_cause_their_kind_and_their_failure(collector: str) -> None:
    (trace,) = get(f"{collector}/traces.json")
    assert (trace["name"], trace["spans"], trace["failures"]) == ("POST /exports", 2, 1)
    by_name = {span["name"]: span for span in get(f"{collector}/traces/{trace['id']}/spans.json")}
    request, call = by_name["POST /exports"], by_name["POST /api/data/v9.2/$batch"]
    assert call["parent"] == request["id"]
    assert (request["kind"], call["kind"], call["failed"]) == ("server", "client", True)
    assert call["attributes"]["http.response.status_code"] == 429


def test_metrics_arrive_with_their_attributes(collector: str) -> None:
    figures = {figure["name"]: figure for figure in get(f"{collector}/metrics.json")}
    assert figures["exports.records"]["attributes"] == {"outcome": "created"}
    assert figures["exports.records"]["value"] == 3
    assert (figures["chunk.duration_seconds"]["count"], figures["chunk.duration_seconds"]["value"]) == (
        1,
        0.5,
    )


def test_the_waterfall_shows_each_span_below_the_one_that_caused_it(collector: str) -> None:
    (trace,) = get(f"{collector}/traces.json")
    page = requests.get(f"{collector}/traces/{trace['id']}", timeout=180).text
    assert page.index("padding-left: 0.0rem") < page.index("padding-left: 1.2rem") < page.index("$batch")


@pytest.mark.parametrize("path", ["/v1/traces", "/v1/metrics"])
def test_what_is_no_otlp_is_refused_with_a_remedy(collector: str, path: str) -> None:
    answer = requests.post(f"{collector}{path}", data=b"\xff\xff\xff", timeout=180)
    assert answer.status_code == 400
    assert "http/protobuf" in answer.text


def test_a_trace_that_is_not_here_is_missing(collector: str) -> None:
    assert requests.get(f"{collector}/traces/0123", timeout=180).status_code == 404

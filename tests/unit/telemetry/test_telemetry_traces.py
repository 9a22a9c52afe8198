import json
import logging
from typing import Any

import azure.functions as func  # noqa: TID251 - it stands for the message that the Functions host hands over
import pytest

from functions.queue_work import queue_work
from shared import log, telemetry
from shared.telemetry import Kind
from shared.telemetry.attributes import to_wire
from shared.transport import session
from tests.fakes import MemoryServer

ARRIVED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CANARY = "Canary Quince, canary@quince.example, +49 30 555 0100"


def message(**wire: Any) -> func.QueueMessage:
    return func.QueueMessage(id="1", body=json.dumps({"v": 1, **wire}).encode())


def trace_of(span: Any) -> int:
    return int(span.context.trace_id)


def test_a_request_its_message_and_the_work_on_it_are_one_trace(recorded: Any) -> None:
    with telemetry.span("POST /exports", Kind.SERVER):
        sent = telemetry.carried()
    with queue_work("split_export", message(**sent), tenant="contoso", export="e1"):
        passed_on = telemetry.carried()
    with queue_work("write_chunk", message(**passed_on), chunk=1), telemetry.span("inside"):
        pass
    spans = recorded.spans()
    assert {trace_of(span) for span in spans.values()} == {trace_of(spans["POST /exports"])}
    request = spans["POST /exports"].context.span_id
    assert [spans[name].parent.span_id for name in ("split_export", "write_chunk")] == [request, request]
    assert spans["inside"].parent.span_id == spans["write_chunk"].context.span_id


def test_work_whose_message_brought_no_trace_begins_one_that_its_messages_carry(recorded: Any) -> None:
    with queue_work("write_chunk", message()):
        carried = telemetry.carried()["traceparent"]
    assert carried.split("-")[2] == f"{recorded.spans()['write_chunk'].context.span_id:016x}"


@pytest.mark.parametrize("body", [b"no JSON", b"[]", b'{"traceparent": 7}', b'{"traceparent": "00-zz"}'])
def test_a_message_without_a_usable_trace_is_worked_on_all_the_same(recorded: Any, body: bytes) -> None:
    with queue_work("write_chunk", func.QueueMessage(id="1", body=body)):
        pass
    assert recorded.spans()["write_chunk"].parent is None


def test_a_request_belongs_to_the_trace_of_the_hosts_invocation(recorded: Any) -> None:
    with telemetry.arrived(ARRIVED), telemetry.span("GET /health", Kind.SERVER):
        pass
    assert f"{trace_of(recorded.spans()['GET /health']):032x}" == ARRIVED.split("-")[1]


def test_work_on_a_message_is_linked_with_the_hosts_invocation(recorded: Any) -> None:
    with telemetry.span("POST /exports", Kind.SERVER):
        sent = telemetry.carried()
    with telemetry.arrived(ARRIVED), queue_work("write_chunk", message(**sent)):
        pass
    (link,) = recorded.spans()["write_chunk"].links
    assert f"{link.context.span_id:016x}" == ARRIVED.split("-")[2]


def test_a_call_to_the_outside_takes_its_trace_along_and_names_no_record(recorded: Any) -> None:
    server = MemoryServer(lambda _: (404, b""))
    http = session({})
    http.mount("https://", server)
    with telemetry.span("write_chunk", Kind.CONSUMER):
        answer = http.get(
            "https://contoso.crm4.dynamics.com/api/data/v9.2/leads(emailaddress1='canary@quince.example')",
            params={"$filter": f"fullname eq '{CANARY}'"},
        )
    (call,) = [span for name, span in recorded.spans().items() if name.startswith("GET")]
    assert answer.request.headers["traceparent"].split("-")[2] == f"{call.context.span_id:016x}"
    assert call.name == "GET /api/data/v9.2/leads"
    assert dict(call.attributes) == {
        "http.request.method": "GET",
        "server.address": "contoso.crm4.dynamics.com",
        "http.response.status_code": 404,
        "service_request": "",
        "error.type": "404",
    }


def test_a_failure_leaves_its_kind_and_no_word_of_its_message(recorded: Any) -> None:
    with (
        pytest.raises(ValueError, match="Canary"),
        telemetry.span("write_chunk", Kind.CONSUMER, chunk=3),
    ):
        raise ValueError(CANARY)
    (span,) = recorded.spans().values()
    assert "anary" not in span.to_json()
    assert dict(span.attributes) == {"chunk": 3, "error.type": "ValueError"}


def test_attributes_are_redacted_like_the_log() -> None:
    assert to_wire({"tenant": "contoso", "operation": "of canary@quince.example"}) == {
        "tenant": "contoso",
        "operation": "of [email]",
    }


def test_events_of_the_log_name_their_trace(recorded: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger=log.LOGGER), telemetry.span("GET /health", Kind.SERVER):
        log.info("request answered")
    trace = f"{trace_of(recorded.spans()['GET /health']):032x}"
    assert json.loads(caplog.messages[0])["trace"] == trace


def test_nothing_is_recorded_or_sent_where_nobody_receives_it() -> None:
    with telemetry.span("POST /exports", Kind.SERVER):
        telemetry.note(status=500)
        telemetry.fail("500")
        telemetry.measure(telemetry.Metric.RECORDS, 3, outcome="created")
        assert telemetry.carried() == {}
        assert telemetry.traceparent() == ""

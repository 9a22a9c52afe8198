"""A message that nobody can read ends once, in the service's own audit log, which quotes nothing of it."""

import base64
from datetime import UTC, datetime
from typing import Any

import azure.functions as func  # noqa: TID251 - what the host hands over
import orjson
import pytest

from functions.export.messages import SplitMessage, WriteMessage, parse_split, parse_write
from functions.privacy.messages import ErasureMessage, parse_erasure
from functions.queue_work import OtherVersion, Reader
from functions.trail import OWN_LOG, AuditTrail
from shared.domain.audit import verify_chain
from shared.domain.ids import ExportId, TenantId
from shared.storage.audit import AuditStore
from tests.fakes import MemoryTable

CONTOSO = TenantId("contoso")
SECRET = "planted.name@contoso.example"


def packed(wire: Any) -> bytes:
    return base64.b64encode(orjson.dumps(wire))


def arrived(body: bytes) -> func.QueueMessage:
    return func.QueueMessage(id="m-1", body=body)


@pytest.fixture
def log() -> AuditStore:
    return AuditStore(MemoryTable())


@pytest.fixture
def reader(log: AuditStore) -> Reader[WriteMessage]:
    return Reader("exports-write", parse_write, AuditTrail(log, lambda: datetime(2026, 3, 1, tzinfo=UTC)))


def ended(log: AuditStore) -> list[str]:
    return [f"{entry.actor} {entry.action} {entry.subject}" for entry in log.all(OWN_LOG)]


UNREADABLE = [
    pytest.param(orjson.dumps({"v": 1, "tenant": SECRET}), id="JSON that is not packed"),
    pytest.param(packed({"v": 1, "tenant": SECRET, "export": "e", "number": 1})[:-5], id="cut off"),
    pytest.param(SECRET.encode(), id="no base64"),
    pytest.param(b"\xff\xfe" * 9, id="no text"),
    pytest.param(b"", id="empty"),
    pytest.param(packed({"v": 1, "tenant": "", "export": SECRET, "number": 1}), id="no tenant"),
    pytest.param(packed({"v": 1, "tenant": None, "export": SECRET, "number": 1}), id="null for a tenant"),
    pytest.param(packed({"v": 1, "tenant": "t" * 300, "export": SECRET, "number": 1}), id="a long tenant"),
    pytest.param(
        packed({"v": 1, "tenant": "t", "export": SECRET, "number": "one"}), id="a word for a number"
    ),
    pytest.param(b"x" * (64 * 1024), id="as large as can be"),
]


@pytest.mark.parametrize("body", UNREADABLE)
def test_it_ends_at_its_first_delivery_in_the_audit_log(
    reader: Reader[WriteMessage], log: AuditStore, body: bytes
) -> None:
    assert reader.read(arrived(body)) is None
    assert ended(log) == [f"(service) message.dropped message/exports-write/m-1/{len(body)}"]
    assert verify_chain(OWN_LOG, log.all(OWN_LOG)).intact


def test_one_of_another_release_is_tried_again_and_ends_when_nobody_took_it(
    reader: Reader[WriteMessage], log: AuditStore
) -> None:
    body = packed({"v": 2, "tenant": "contoso", "export": "e", "number": 1})
    with pytest.raises(OtherVersion):
        reader.read(arrived(body))
    assert ended(log) == []
    assert reader.read_last(arrived(body)) is None
    assert len(ended(log)) == 1


def test_what_the_senders_send_is_read(log: AuditStore) -> None:
    trail = AuditTrail(log, lambda: datetime(2026, 3, 1, tzinfo=UTC))
    write = WriteMessage(CONTOSO, ExportId("e"), 7, 2, late=True)
    split, erasure = SplitMessage(CONTOSO, ExportId("e")), ErasureMessage(CONTOSO, "x")
    assert Reader("q", parse_write, trail).read(arrived(packed(write.to_wire()))) == write
    assert Reader("q", parse_split, trail).read_last(arrived(packed(split.to_wire()))) == split
    assert Reader("q", parse_erasure, trail).read(arrived(packed(erasure.to_wire()))) == erasure
    # A host that was set to decode hands over the JSON itself.
    assert Reader("q", parse_split, trail).read(arrived(orjson.dumps(split.to_wire()))) == split
    assert ended(log) == []

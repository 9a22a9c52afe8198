import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.export.messages import SplitMessage, WriteMessage, parse_split, parse_write
from shared.domain.ids import ExportId, TenantId

_names = st.text(min_size=1, max_size=20)


@given(_names, _names)
def test_a_split_message_arrives_as_it_was_sent(tenant: str, export: str) -> None:
    message = SplitMessage(TenantId(tenant), ExportId(export))
    assert parse_split(json.dumps(message.to_wire()).encode()) == message


@given(_names, _names, st.integers(1, 10**6), st.integers(1, 64))
def test_a_write_message_arrives_as_it_was_sent(tenant: str, export: str, number: int, lane: int) -> None:
    for late in (False, True):
        message = WriteMessage(TenantId(tenant), ExportId(export), number, lane, late)
        assert parse_write(json.dumps(message.to_wire()).encode()) == message


def test_a_message_of_an_earlier_version_names_no_lane() -> None:
    wire = {"v": 1, "tenant": "contoso", "export": "e", "number": 7, "attempt": 2}
    assert parse_write(json.dumps(wire).encode()) == WriteMessage(TenantId("contoso"), ExportId("e"), 7)


@pytest.mark.parametrize(
    "wire",
    [
        {"v": 2, "tenant": "contoso", "export": "e", "number": 1},
        {"v": "1", "tenant": "contoso", "export": "e", "number": 1},
        {"tenant": "contoso", "export": "e", "number": 1},
        [],
        "contoso",
        None,
    ],
    ids=["later", "text", "none", "list", "string", "null"],
)
def test_a_message_of_another_version_is_refused(wire: Any) -> None:
    body = json.dumps(wire).encode()
    for parse in (parse_split, parse_write):
        with pytest.raises(ValueError, match="another version"):
            parse(body)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff"])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own errors, in their own words
        parse_split(body)

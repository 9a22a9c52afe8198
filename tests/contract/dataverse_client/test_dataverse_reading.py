import string
from typing import Any

import pytest
from dataverse_organizations import NOW, Emulator
from hypothesis import given, settings
from hypothesis import strategies as st

from local.emulators.dataverse.odata.options import read_options
from local.emulators.dataverse.odata.parser import parse_filter
from shared.dataverse import messages
from shared.dataverse.bulk import create_all
from shared.dataverse.metadata import from_json, read_table, to_json
from shared.dataverse.odata import is_in, literal, split_values
from shared.dataverse.queries import read_rows
from shared.domain.errors import NeedsUser, Transient
from shared.domain.fields import ColumnType, Option, RequiredLevel

HOSTILE = [
    "O'Brian",
    'say "hi"',
    "back\\slash",
    "a&b",
    "1+1",
    "100%",
    "#1",
    "[x]",
    "(y)",
    "漢字",
    "🦊",
    "%27",
]


def test_who_am_i_answers_and_hints_at_the_parallelism(dataverse: Emulator) -> None:
    client = dataverse.client()
    answer = client.send(messages.who_am_i()).json()
    assert {"UserId", "BusinessUnitId", "OrganizationId"} <= set(answer)
    assert client.allowance.parallelism == 4


def test_a_table_is_read_in_one_request(dataverse: Emulator) -> None:
    client = dataverse.client()
    lead = read_table(client, "lead")
    assert client.requests.requests == 1
    assert (lead.table, lead.entity_set, lead.primary_id) == ("lead", "leads", "leadid")
    assert (lead.bulk_create, lead.bulk_update, lead.read_at) == (True, True, NOW)


def test_columns_of_every_kind_are_understood(dataverse: Emulator) -> None:
    columns = read_table(dataverse.client(), "lead").columns
    assert columns["subject"].required_level is RequiredLevel.APPLICATION
    assert (columns["lastname"].type, columns["lastname"].max_length) == (ColumnType.STRING, 50)
    assert columns["emailaddress1"].format == "Email"
    assert columns["description"].type is ColumnType.MEMO
    assert (columns["numberofemployees"].minimum, columns["numberofemployees"].maximum) == (0, 1_000_000)
    assert columns["revenue"].type is ColumnType.MONEY
    assert columns["address1_latitude"].type is ColumnType.DOUBLE
    assert columns["leadqualitycode"].options == (Option(1, "Hot"), Option(2, "Warm"), Option(3, "Cold"))
    assert [option.value for option in columns["statecode"].options] == [0, 1, 2]
    assert [option.value for option in columns["donotemail"].options] == [0, 1]
    assert columns["estimatedclosedate"].behavior
    assert columns["parentaccountid"].targets == ("account",)
    assert set(columns["customerid"].targets) == {"account", "contact"}
    assert not columns["fullname"].mappable
    assert "leadqualitycodename" not in columns
    assert "address1_composite" not in columns


def test_the_cache_holds_the_whole_table(dataverse: Emulator) -> None:
    account = read_table(dataverse.client(), "account")
    cached = from_json(to_json(account))
    assert cached is not None
    assert dict(cached.columns) == dict(account.columns)


def test_a_table_without_bulk_actions_says_so(dataverse: Emulator) -> None:
    dataverse.control("settings", {"without_bulk": ["lead"]})
    lead = read_table(dataverse.client(), "lead")
    assert (lead.bulk_create, lead.bulk_update) == (False, False)


def test_a_table_that_the_organization_lacks_needs_the_user(dataverse: Emulator) -> None:
    with pytest.raises(NeedsUser) as caught:
        read_table(dataverse.client(), "campaign")
    assert caught.value.code == "tableMissing"


def filled(emulator: Emulator, names: list[str]) -> None:
    rows: list[dict[str, Any]] = [
        {"leadid": f"4a5b6c7d-0000-5000-8000-{number:012d}", "lastname": name}
        for number, name in enumerate(names)
    ]
    create_all(emulator.client(), "lead", "leads", rows, bulk=True)


def test_every_hostile_value_finds_its_own_row(dataverse: Emulator) -> None:
    filled(dataverse, HOSTILE)
    found = read_rows(
        dataverse.client(),
        [
            *(messages.query("leads", select=["lastname"], where=is_in("lastname", [n])) for n in HOSTILE),
            *(
                messages.query("leads", select=["lastname"], where=f"lastname eq {literal(n)}")
                for n in HOSTILE
            ),
        ],
    )
    assert [[row["lastname"] for row in rows] for rows in found] == [[name] for name in HOSTILE * 2]


def test_many_queries_travel_in_few_requests_and_pages_are_followed(dataverse: Emulator) -> None:
    names = [f"{letter}{number}" for letter in string.ascii_lowercase[:3] for number in range(25)]
    filled(dataverse, names)
    queries = [
        messages.query(
            "leads",
            select=["lastname"],
            where=f"startswith(lastname,{literal(letter)})",
            order="lastname",
            page_size=10,
        )
        for letter in "abcz"
    ]
    client = dataverse.client()
    found = read_rows(client, queries)
    assert [{row["lastname"] for row in rows} for rows in found] == [
        {name for name in names if name.startswith(letter)} for letter in "abcz"
    ]
    assert client.requests.requests == 3


def test_more_queries_than_one_batch_holds_take_two(dataverse: Emulator) -> None:
    client = dataverse.client()
    query = messages.query("leads", select=["leadid"], where="lastname eq 'nobody'")
    assert read_rows(client, [query] * 101) == [[]] * 101
    assert client.requests.requests == 2


def test_thousands_of_values_are_looked_up(dataverse: Emulator) -> None:
    names = [f"name-{number}" for number in range(900)]
    filled(dataverse, names)
    groups = split_values(names + [f"none-{number}" for number in range(900)])
    queries = [
        messages.query("leads", select=["lastname"], where=is_in("lastname", group)) for group in groups
    ]
    found = {row["lastname"] for rows in read_rows(dataverse.client(), queries) for row in rows}
    assert found == set(names)


def test_a_query_for_an_unknown_column_needs_the_user(dataverse: Emulator) -> None:
    with pytest.raises(NeedsUser) as caught:
        read_rows(dataverse.client(), [messages.query("leads", select=["new_gone"])])
    assert caught.value.code == "columnMissing"


def test_throttled_queries_say_how_long(dataverse: Emulator) -> None:
    dataverse.fault(action="status", status=429, code="0x80072321", retryAfter=9)
    with pytest.raises(Transient) as caught:
        read_rows(dataverse.client(), [messages.query("leads", select=["leadid"])])
    assert caught.value.retry_after == 9


def test_a_dropped_query_is_asked_again(dataverse: Emulator) -> None:
    dataverse.fault(action="dropAfter", times=2)
    assert read_rows(dataverse.client(), [messages.query("leads", select=["leadid"])])


@settings(max_examples=2_000, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_the_emulators_parser_receives_exactly_the_values(values: list[str]) -> None:
    path = messages.query("leads", select=["leadid"], where=is_in("lastname", values)).path
    options = read_options(path.partition("?")[2])
    assert options.filter is not None
    call: Any = parse_filter(options.filter, {})
    assert list(call.values) == values

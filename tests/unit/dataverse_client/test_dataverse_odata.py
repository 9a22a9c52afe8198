import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.dataverse.messages import query
from shared.dataverse.odata import encoded, in_filters, is_in, literal, split_values

HOSTILE = 'O\'Brian "quoted" \\ & + % # ? = / ; @ , ( ) [ ] { } %27 %22 \t\r\n\x00 ü 漢 🦊'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Bob", "'Bob'"),
        ("O'Brian", "'O''Brian'"),
        ("", "''"),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (-2.5, "-2.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.10"),
        (date(2026, 2, 28), "2026-02-28"),
        (datetime(2026, 2, 28, 12, 0, 0, 250_000, tzinfo=UTC), "2026-02-28T12:00:00.250Z"),
        (datetime(2026, 2, 28, 12, tzinfo=timezone(timedelta(hours=2))), "2026-02-28T10:00:00.000Z"),
        (UUID("6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801"), "6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801"),
    ],
)
def test_literals_are_written_as_odata_has_them(value: object, written: str) -> None:
    assert literal(value) == written  # type: ignore[arg-type]  # the table mixes types on purpose


def filter_received(path: str) -> str:
    """What a server finds in $filter: options are cut at &, then decoded."""
    options = urlsplit("https://contoso.crm4.dynamics.com" + path).query.split("&")
    found = [option.removeprefix("$filter=") for option in options if option.startswith("$filter=")]
    assert len(found) == 1
    return unquote(found[0], errors="strict")


def end_of_list(text: str) -> int:
    """Where OData.NET's lexer ends a list that began before `text`: apostrophes quote, brackets count."""
    depth, place = 1, 0
    while depth:
        if text[place] == "'":
            place = text.index("'", place + 1)
        elif text[place] in "[]":
            depth += 1 if text[place] == "[" else -1
        place += 1
    return place


def values_received(path: str, column: str) -> list[str]:
    text = filter_received(path)
    opening = f"Microsoft.Dynamics.CRM.In(PropertyName='{column}',PropertyValues=["
    assert text.startswith(opening)
    rest = text.removeprefix(opening)
    end = end_of_list(rest)
    assert rest[end:] == ")"
    values: list[str] = json.loads("[" + rest[:end])
    return values


@settings(max_examples=500, deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=20))
def test_any_values_reach_the_server_unchanged(values: list[str]) -> None:
    path = query("leads", select=["leadid"], where=is_in("lastname", values)).path
    assert values_received(path, "lastname") == values


def test_hostile_values_reach_the_server_unchanged() -> None:
    path = query("leads", select=["leadid"], where=is_in("emailaddress1", [HOSTILE, "plain"])).path
    assert values_received(path, "emailaddress1") == [HOSTILE, "plain"]


@settings(max_examples=500, deadline=None)
@given(st.text())
def test_any_literal_reaches_the_server_unchanged(value: str) -> None:
    received = filter_received(query("leads", select=["leadid"], where=f"lastname eq {literal(value)}").path)
    match = re.fullmatch(r"lastname eq '((?:[^']|'')*)'", received, re.DOTALL)
    assert match is not None
    assert match.group(1).replace("''", "'") == value


@given(st.text())
def test_encoded_text_holds_only_what_a_query_option_may(value: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9\-_.~!*'()%]*", encoded(value))


@given(st.text())
def test_text_is_encoded_as_encodeuricomponent_would(value: str) -> None:
    assert encoded(value) == quote(value, safe="-_.~!*'()")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=4_000 // 2), max_size=60), st.integers(1, 30))
def test_groups_keep_every_value_in_order_and_fit_their_url(values: list[str], most: int) -> None:
    groups = list(split_values(values, max_values=most))
    assert [value for group in groups for value in group] == values
    for group in groups:
        path = query("leads", select=["leadid", "lastname"], where=is_in("lastname", group)).path
        assert len(group) <= most
        assert len(path) < 60_000


@pytest.mark.parametrize("values", [["Ada", "Eve"], ["O'Brian", "漢字"], ["(", ")\n"]])
def test_values_stand_together_exactly_while_one_url_carries_them(values: list[str]) -> None:
    comma = 3
    whole = len(encoded(is_in("a", values))) - len(encoded(is_in("a", []))) + comma
    assert list(split_values(values, max_url=whole)) == [values]
    assert list(split_values(values, max_url=whole - 1)) == [[value] for value in values]


@pytest.mark.parametrize(
    ("values", "listed"),
    [
        (["x(", "y)"], '"x\\u0028","y\\u0029"'),
        (["x\n", "y"], '"x\\u000a","y"'),
        (["x", "y"], '"x","y"'),
        ([], ""),
    ],
)
def test_what_odata_would_take_apart_travels_as_a_number(values: list[str], listed: str) -> None:
    assert is_in("a", values).endswith(f"PropertyValues=[{listed}])")


def test_no_group_has_more_than_500_values() -> None:
    sizes = [len(group) for group in split_values(str(number) for number in range(1_201))]
    assert sizes == [500, 500, 201]


def test_the_longest_values_of_a_text_column_still_fit_one_url() -> None:
    worst = "漢" * 4_000
    groups = list(split_values([worst, worst]))
    assert len(groups) == 2
    assert all(
        len(query("leads", select=["leadid"], where=is_in("a", group)).path) < 60_000 for group in groups
    )


def test_a_value_longer_than_any_text_column_is_left_out() -> None:
    assert list(split_values(["x" * 4_001, "kept"])) == [["kept"]]


def test_a_value_that_no_url_can_carry_is_left_out() -> None:
    assert list(split_values(["漢" * 100, "kept"], max_url=500)) == [["kept"]]


def test_short_conditions_make_one_filter() -> None:
    (where,) = in_filters([("firstname", ["Ada"]), ("lastname", ["Okafor", "Holm"])])
    assert where == f"{is_in('firstname', ['Ada'])} and {is_in('lastname', ['Okafor', 'Holm'])}"


def test_long_conditions_make_filters_that_cover_every_pair_and_fit_their_url() -> None:
    names = [f"{number:03}{'ü' * 150}" for number in range(100)]
    companies = [f"{number:03}{'漢' * 100}" for number in range(100)]
    filters = list(in_filters([("lastname", names), ("companyname", companies)]))
    paths = [query("leads", select=["leadid"], where=where).path for where in filters]
    assert len(filters) > 1
    assert all(len(path) < 60_000 for path in paths)
    pairs = {
        (name[:3], company[:3])
        for where in filters
        for name in re.findall(r'"(\d{3}ü+)"', where)
        for company in re.findall(r'"(\d{3}漢+)"', where)
    }
    assert len(pairs) == 100 * 100


def test_no_values_make_no_group() -> None:
    assert list(split_values([])) == []

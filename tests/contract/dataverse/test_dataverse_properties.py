"""Whatever is sent is answered as a plain model says, or refused in Dataverse's form."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running_dataverse import Organization

from tests.laws import ONE_FIXTURE_FOR_ALL_EXAMPLES

Row = dict[str, Any]
Predicate = Callable[[Row], bool]
Condition = tuple[str, Predicate]

TEXTS = ["", "a", "B", "ab", "O'Brian", "ÉCOLE", "école", "Straße", "x_y", "10%", "[z]", "A b", "+&?#/"]
NUMBERS = [None, 0, 1, 7, 50, 1000000]
ROWS: list[Row] = [
    {
        "lastname": TEXTS[n % len(TEXTS)] or None,
        "jobtitle": TEXTS[(n * 5) % len(TEXTS)] or None,
        "numberofemployees": NUMBERS[n % len(NUMBERS)],
        "donotemail": n % 3 == 0,
        "subject": str(n),
    }
    for n in range(40)
]


def fold(text: str | None) -> str | None:
    return None if text is None else text.casefold().rstrip(" ")


def literal(value: str | float | None) -> str:
    if value is None:
        return "null"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def wild(text: str) -> str:
    """A text in which SQL's wildcards stand for themselves."""
    return text.replace("[", "[[]").replace("%", "[%]").replace("_", "[_]")


def text_comparison(column: str, operator: str, value: str) -> Condition:
    def holds(row: Row) -> bool:
        kept = fold(row[column])
        same = kept == fold(value)
        return same if operator == "eq" else not same

    return f"{column} {operator} {literal(value)}", holds


def text_test(column: str, function: str, value: str) -> Condition:
    def holds(row: Row) -> bool:
        kept = fold(row[column])
        if kept is None:
            return False
        part = value.casefold()
        tests = {
            "contains": part in kept,
            "startswith": kept.startswith(part),
            "endswith": kept.endswith(part),
        }
        return tests[function]

    return f"{function}({column},{literal(wild(value))})", holds


def number_comparison(operator: str, value: int) -> Condition:
    def holds(row: Row) -> bool:
        kept = row["numberofemployees"]
        if kept is None:
            return operator == "ne"
        tests = {"eq": kept == value, "ne": kept != value, "gt": kept > value, "ge": kept >= value}
        return bool((tests | {"lt": kept < value, "le": kept <= value})[operator])

    return f"numberofemployees {operator} {value}", holds


def in_list(column: str, values: list[str]) -> Condition:
    items = ",".join('"' + value + '"' for value in values)
    name = f"Microsoft.Dynamics.CRM.In(PropertyName='{column}',PropertyValues=[{items}])"
    wanted = {fold(value) for value in values}
    return name, lambda row: row[column] is not None and fold(row[column]) in wanted


def both(left: Condition, right: Condition) -> Condition:
    return f"({left[0]} and {right[0]})", lambda row: left[1](row) and right[1](row)


def either(left: Condition, right: Condition) -> Condition:
    return f"({left[0]} or {right[0]})", lambda row: left[1](row) or right[1](row)


def opposite(item: Condition) -> Condition:
    return f"not ({item[0]})", lambda row: not item[1](row)


def null_test(column: str, operator: str) -> Condition:
    return f"{column} {operator} null", lambda row: (row[column] is None) == (operator == "eq")


columns = st.sampled_from(["lastname", "jobtitle"])
texts = st.sampled_from([text for text in TEXTS if text])
leaves = st.one_of(
    st.builds(text_comparison, columns, st.sampled_from(["eq", "ne"]), texts),
    st.builds(text_test, columns, st.sampled_from(["contains", "startswith", "endswith"]), texts),
    st.builds(number_comparison, st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]), st.integers(0, 60)),
    st.builds(in_list, columns, st.lists(texts, min_size=1, max_size=4)),
    st.builds(null_test, st.sampled_from(["lastname", "numberofemployees"]), st.sampled_from(["eq", "ne"])),
    st.sampled_from([("donotemail eq true", lambda row: bool(row["donotemail"]))]),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(both, inner, inner), st.builds(either, inner, inner), st.builds(opposite, inner)
    ),
    max_leaves=6,
)


@pytest.fixture
def filled(contoso: Organization) -> Organization:
    assert contoso.bulk("lead", "CreateMultiple", ROWS).status_code == 200
    return contoso


@given(condition=conditions)
@settings(max_examples=150, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
def test_a_filter_finds_what_the_predicate_picks(filled: Organization, condition: Condition) -> None:
    text, holds = condition
    rows = filled.rows("leads?$select=subject&$filter=" + quote(text))
    assert {row["subject"] for row in rows} == {row["subject"] for row in ROWS if holds(row)}


@given(garbage=st.text(max_size=40))
@settings(max_examples=150, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
def test_any_text_as_a_filter_is_answered_or_refused(contoso: Organization, garbage: str) -> None:
    answer = contoso.get("leads?$filter=" + quote(garbage.encode("utf-8", "replace")))
    assert answer.status_code in {200, 400, 501}, answer.text


@given(
    name=st.text(st.characters(codec="utf-16", exclude_characters="\0"), max_size=50),
    number=st.integers(0, 1000000),
    money=st.decimals(0, 10**9, places=2),
)
@settings(max_examples=60, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
def test_what_is_written_is_read_back(contoso: Organization, name: str, number: int, money: Any) -> None:
    values = {"jobtitle": name, "numberofemployees": number, "revenue": float(money)}
    row = contoso.row("leads", contoso.create("leads", **values))
    assert row["jobtitle"] == (name or None)
    assert (row["numberofemployees"], row["revenue"]) == (number, float(money))


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=400),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.sampled_from(["", "/accounts(x)", "9999-12-31T23:59:59-14:00", "7", "1,2"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=1),
)
names = st.sampled_from(
    [
        "leadid",
        "lastname",
        "revenue",
        "industrycode",
        "numberofemployees",
        "donotemail",
        "overriddencreatedon",
        "address1_latitude",
        "statecode",
        "statuscode",
        "parentaccountid",
        "parentaccountid@odata.bind",
        "_parentaccountid_value",
        "entityimage",
        "versionnumber",
        "@odata.type",
        "nothing",
    ]
)


@given(body=st.dictionaries(names, scalars, max_size=4))
@settings(max_examples=200, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
def test_any_body_is_taken_or_refused(contoso: Organization, body: dict[str, Any]) -> None:
    answer = contoso.post("leads", body)
    assert answer.status_code in {204, 400, 404, 412, 501}, answer.text

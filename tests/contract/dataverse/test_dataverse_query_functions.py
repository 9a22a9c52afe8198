"""Dataverse's query functions, at a time that the test chooses; groups and aggregates."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from running_dataverse import BRUNO, Directory, Organization, error, running

NOW = datetime(2026, 5, 13, 15, 30, tzinfo=UTC)  # a Wednesday
MOMENTS = {
    "A": "2026-05-13T15:10:00Z",  # 20 minutes ago
    "B": "2026-05-13T02:00:00Z",  # earlier today
    "C": "2026-05-12T23:00:00Z",  # yesterday
    "D": "2026-05-14T01:00:00Z",  # tomorrow
    "E": "2026-05-04T12:00:00Z",  # last week, this month
    "F": "2026-04-20T12:00:00Z",  # last month, this quarter
    "G": "2026-02-01T12:00:00Z",  # last quarter
    "H": "2025-05-13T12:00:00Z",  # last year
    "I": "2026-06-20T12:00:00Z",  # next month
    "J": "2027-01-05T12:00:00Z",  # next year
}


@pytest.fixture(scope="module")
def filled(directory: Directory) -> Iterator[Organization]:
    """Leads named A to J with the moments above, without a time for K."""
    with running("--entra", directory.address) as address:
        organization = Organization(address, directory.token())
        rows = [{"lastname": name, "schedulefollowup_prospect": at} for name, at in MOMENTS.items()]
        assert organization.bulk("lead", "CreateMultiple", [*rows, {"lastname": "K"}]).status_code == 200
        with organization.session:
            yield organization


@pytest.fixture
def dated(filled: Organization) -> Organization:
    """The same with a clock that says NOW, however long the tests before took."""
    filled.control("PUT", "clock", {"offset": NOW.timestamp() - time.time()})
    return filled


def found(organization: Organization, condition: str) -> str:
    rows = organization.rows(f"leads?$select=lastname&$orderby=lastname&$filter={condition}")
    return "".join(row["lastname"] for row in rows)


WINDOWS = [
    ("Today()", "AB"),
    ("Yesterday()", "C"),
    ("Tomorrow()", "D"),
    ("ThisWeek()", "ABCD"),
    ("LastWeek()", "E"),
    ("NextWeek()", ""),
    ("ThisMonth()", "ABCDE"),
    ("LastMonth()", "F"),
    ("NextMonth()", "I"),
    ("ThisYear()", "ABCDEFGI"),
    ("LastYear()", "H"),
    ("NextYear()", "J"),
    ("Last7Days()", "ABC"),
    ("Next7Days()", "D"),
    ("LastXHours(1)", "A"),
    ("LastXHours(14)", "AB"),
    ("NextXHours(10)", "D"),
    ("LastXDays(1)", "ABC"),
    ("LastXDays(9)", "ABCE"),
    ("NextXDays(1)", "D"),
    ("LastXWeeks(2)", "ABCE"),
    ("NextXWeeks(6)", "DI"),
    ("LastXMonths(1)", "ABCEF"),
    ("NextXMonths(2)", "DI"),
    ("LastXYears(1)", "ABCEFGH"),
    ("NextXYears(1)", "DIJ"),
    ("OlderThanXMinutes(30)", "BCEFGH"),
    ("OlderThanXHours(16)", "CEFGH"),
    ("OlderThanXDays(2)", "EFGH"),
    ("OlderThanXWeeks(2)", "FGH"),
    ("OlderThanXMonths(2)", "GH"),
    ("OlderThanXYears(1)", ""),
    ("On('2026-05-13')", "AB"),
    ("OnOrAfter('2026-06-01')", "IJ"),
    ("OnOrBefore('2026-02-01')", "GH"),
    ("ThisFiscalPeriod()", "ABCDEFI"),
    ("LastFiscalPeriod()", "G"),
    ("NextFiscalPeriod()", ""),
    ("ThisFiscalYear()", "ABCDEFGI"),
    ("LastFiscalYear()", "H"),
    ("NextFiscalYear()", "J"),
    ("LastXFiscalPeriods(1)", "G"),
    ("NextXFiscalPeriods(3)", "J"),
    ("LastXFiscalYears(1)", "H"),
    ("NextXFiscalYears(1)", "J"),
    ("InFiscalYear(2027)", "J"),
    ("InFiscalPeriod(1)", "GJ"),
    ("InFiscalPeriodAndYear(1,2026)", "G"),
    ("InOrAfterFiscalPeriodAndYear(1,2027)", "J"),
    ("InOrBeforeFiscalPeriodAndYear(2,2025)", "H"),
    ("Between('2026-05-01','2026-05-13')", "CE"),
    ("NotBetween('2025-01-01','2027-12-31')", "K"),
]  # fmt: skip


def call(text: str, column: str = "schedulefollowup_prospect") -> str:
    """The function as the Web API spells it: its values become the parameters that it has."""
    name, _, rest = text.rstrip(")").partition("(")
    values = [one.strip("'") for one in rest.split(",") if one]
    if name in {"Between", "NotBetween"}:
        parameters = ["PropertyValues=[" + ",".join(f'"{one}"' for one in values) + "]"]
    elif len(values) == 2:
        parameters = [f"PropertyValue{number}={one}" for number, one in enumerate(values, 1)]
    else:
        parameters = [f"PropertyValue='{one}'" if "-" in one else f"PropertyValue={one}" for one in values]
    named = ",".join([f"PropertyName='{column}'", *parameters])
    return f"Microsoft.Dynamics.CRM.{name}({named})"


@pytest.mark.parametrize(("function", "expected"), WINDOWS, ids=[one for one, _ in WINDOWS])
def test_functions_on_dates(dated: Organization, function: str, expected: str) -> None:
    assert found(dated, call(function)) == expected


def test_a_function_negated_finds_rows_without_a_date_too(dated: Organization) -> None:
    assert found(dated, f"not {call('ThisYear()')}") == "HJK"


@pytest.mark.parametrize(
    "condition",
    [
        call("LastXDays(0)"),
        call("LastXDays(x)"),
        call("NextXYears(99999)"),
        "Microsoft.Dynamics.CRM.LastXDays(PropertyName='schedulefollowup_prospect')",
        call("Today()", "lastname"),
        call("Today(1)"),
        call("Today()", "nothing"),
        "Microsoft.Dynamics.CRM.On(PropertyName='createdon',PropertyValue='no date')",
        call("Under(5)", "lastname"),
    ],
)
def test_a_function_is_refused(dated: Organization, condition: str) -> None:
    assert error(dated.get(f"leads?$filter={condition}")) == (400, "0x80060888")


def test_an_unknown_function_is_not_emulated(dated: Organization) -> None:
    assert error(dated.get(f"leads?$filter={call('Nothing()')}")) == (501, "0x80040315")


def test_functions_that_mean_the_caller(contoso: Organization, salesperson: Organization) -> None:
    contoso.create("leads", lastname="A")
    salesperson.create("leads", lastname="B")
    assert found(contoso, call("EqualUserId()", "createdby")) == "A"
    assert found(contoso, call("NotEqualUserId()", "ownerid")) == "B"
    assert found(salesperson, call("EqualUserId()", "_ownerid_value")) == "B"
    assert found(contoso, call("EqualBusinessId()", "owningbusinessunit")) == "AB"
    assert found(contoso, call("NotEqualBusinessId()", "owningbusinessunit")) == ""
    (user,) = contoso.rows(f"systemusers?$filter=azureactivedirectoryobjectid eq {BRUNO}")
    team = contoso.create("teams", name="Team")
    address = {"@odata.id": f"systemusers({user['systemuserid']})"}
    assert contoso.post(f"teams({team})/teammembership_association/$ref", address).status_code == 204
    contoso.create("leads", lastname="C", **{"ownerid@odata.bind": f"/teams({team})"})
    assert found(salesperson, call("EqualUserTeams()", "ownerid")) == "C"
    assert found(salesperson, call("EqualUserOrUserTeams()", "ownerid")) == "BC"


def test_functions_that_follow_a_hierarchy(contoso: Organization) -> None:
    ids: dict[str, str] = {}
    for name, parent in (("A", ""), ("B", "A"), ("C", "B"), ("D", "")):
        bind = {"parentaccountid@odata.bind": f"/accounts({ids[parent]})"} if parent else {}
        ids[name] = contoso.create("accounts", name=name, **bind)

    def accounts(function: str, start: str) -> str:
        condition = (
            f"Microsoft.Dynamics.CRM.{function}(PropertyName='accountid',PropertyValue='{ids[start]}')"
        )
        rows = contoso.rows(f"accounts?$select=name&$orderby=name&$filter={condition}")
        return "".join(row["name"] for row in rows)

    assert accounts("Under", "A") == "BC"
    assert accounts("UnderOrEqual", "B") == "BC"
    assert accounts("NotUnder", "B") == "AD"
    assert accounts("Above", "C") == "AB"
    assert accounts("AboveOrEqual", "C") == "ABC"


@pytest.fixture
def companies(contoso: Organization) -> Organization:
    boss = contoso.create("contacts", firstname="Ann", lastname="Lee")
    bind = {"primarycontactid@odata.bind": f"/contacts({boss})"}
    contoso.create("accounts", name="A", address1_city="Rome", revenue=10, numberofemployees=3, **bind)
    contoso.create("accounts", name="B", address1_city="ROME", revenue=20, numberofemployees=4, **bind)
    contoso.create("accounts", name="C", address1_city="Oslo", revenue=30, accountcategorycode=1)
    contoso.create("accounts", name="D", donotemail=True)
    return contoso


AGGREGATES: list[tuple[str, list[dict[str, Any]]]] = [
    ("aggregate($count as n)", [{"n": 4}]),
    ("aggregate(revenue with sum as total)", [{"total": 60.0}]),
    ("aggregate(revenue with average as mean,revenue with min as least)", [{"mean": 20.0, "least": 10.0}]),
    ("aggregate(name with max as last)", [{"last": "D"}]),
    ("aggregate(address1_city with countdistinct as cities)", [{"cities": 2}]),
    ("aggregate(numberofemployees with average as mean)", [{"mean": 3}]),
    ("filter(revenue gt 10)/aggregate($count as n)", [{"n": 2}]),
    ("groupby((donotemail),aggregate($count as n))",
     [{"donotemail": False, "n": 3}, {"donotemail": True, "n": 1}]),
    ("groupby((accountcategorycode))", [{}, {"accountcategorycode": 1}]),
    ("filter(revenue ne null)/groupby((address1_city),aggregate(revenue with sum as s))",
     [{"address1_city": "Oslo", "s": 30.0}, {"address1_city": "ROME", "s": 30.0}]),
    ("groupby((primarycontactid/fullname),aggregate(revenue with sum as s))",
     [{"s": 30.0}, {"s": 30.0, "contact_fullname": "Ann Lee"}]),
    ("groupby((statecode,statuscode))", [{"statecode": 0, "statuscode": 1}]),
]  # fmt: skip


@pytest.mark.parametrize(("apply", "expected"), AGGREGATES, ids=[one for one, _ in AGGREGATES])
def test_groups_and_aggregates(companies: Organization, apply: str, expected: list[dict[str, Any]]) -> None:
    rows = companies.rows(f"accounts?$apply={apply}")
    assert sorted(map(repr, map(sorted, map(dict.items, rows)))) == sorted(
        map(repr, map(sorted, map(dict.items, expected)))
    )


def test_aggregates_are_formatted_as_their_column(companies: Organization) -> None:
    (row,) = companies.rows(
        "accounts?$apply=aggregate(revenue with sum as total,$count as n)",
        Prefer='odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
    )
    assert row["total@OData.Community.Display.V1.FormattedValue"] == "€60.00"
    assert row["n@OData.Community.Display.V1.FormattedValue"] == "4"


def test_groups_sort_by_what_they_are_grouped_by_and_by_nothing_else(companies: Organization) -> None:
    apply = "groupby((address1_city),aggregate($count as n))"
    rows = companies.rows(f"accounts?$apply={apply}&$orderby=address1_city desc&$top=1")
    assert [row["n"] for row in rows] == [2]
    answer = companies.get(f"accounts?$apply={apply}&$orderby=n")
    assert error(answer) == (400, "0x80060888")
    assert "SingleValueOpenPropertyAccess" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "apply",
    [
        "aggregate(name with sum as s)",
        "aggregate(revenue with median as m)",
        "aggregate(nothing with sum as s)",
        "groupby((createdon))",
        "groupby(())",
        "expand(x)",
        "groupby((name))/aggregate($count as n)",
        "aggregate(revenue)",
    ],
)
def test_an_aggregate_is_refused(companies: Organization, apply: str) -> None:
    assert error(companies.get(f"accounts?$apply={apply}")) == (400, "0x80060888")

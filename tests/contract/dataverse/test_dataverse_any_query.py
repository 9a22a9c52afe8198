"""Whatever a query says, it is taken or refused in Dataverse's form; never does the emulator break on it."""

from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st
from running_dataverse import Organization

from tests.laws import ONE_FIXTURE_FOR_ALL_EXAMPLES

COLUMNS = st.sampled_from(
    [
        "name",
        "revenue",
        "createdon",
        "donotemail",
        "statecode",
        "accountid",
        "ownerid",
        "parentaccountid",
        "entityimage",
        "versionnumber",
        "industrycode",
        "createdbyname",
        "nothing",
        "contact_customer_accounts",
    ]
)
VALUES = st.sampled_from(
    ["", "a", "1", "-1", "9" * 20, "9999-12-31", "0001-01-01", "%[", "null", "1e400", "é"]
)
FUNCTIONS = st.sampled_from(
    [
        "In",
        "Between",
        "Today",
        "LastXDays",
        "NextXYears",
        "On",
        "InFiscalPeriodAndYear",
        "Under",
        "EqualUserId",
    ]
)
WORDS = st.sampled_from(
    [
        "eq",
        "ne",
        "gt",
        "like",
        "in",
        "between",
        "null",
        "on",
        "last-x-days",
        "in-fiscal-year",
        "under",
        "eq-userid",
    ]
)
SQL = st.sampled_from(
    [
        "SELECT",
        "FROM",
        "WHERE",
        "account",
        "name",
        "revenue",
        ",",
        "(",
        ")",
        "=",
        "'a'",
        "1",
        "AND",
        "OR",
        "NOT",
        "COUNT(*)",
        "SUM(revenue)",
        "GROUP",
        "BY",
        "ORDER",
        "TOP",
        "2",
        "DISTINCT",
        "JOIN",
        "ON",
        "LIKE",
        "IN",
        "NULL",
        "IS",
        "*",
        ".",
        "a",
        "[",
        "]",
        ";",
        "--",
        "UNION",
        "createdon",
    ]
)
SELECTION = "SELECT name FROM account "
MANY = settings(max_examples=60, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES, derandomize=True)


def answered(organization: Organization, option: str, text: str) -> None:
    prefer = 'odata.include-annotations="*",odata.maxpagesize=1'
    answer = organization.get(f"accounts?{option}={quote(text)}", Prefer=prefer)
    assert answer.status_code in {200, 400, 501}, answer.text
    assert "value" in answer.json() or answer.json()["error"]["code"]


@MANY
@given(FUNCTIONS, COLUMNS, st.lists(VALUES, max_size=2), st.sampled_from(["$filter", "$apply", "$expand"]))
def test_any_function(contoso: Organization, name: str, column: str, values: list[str], option: str) -> None:
    given_values = "".join(f",PropertyValue{place or ''}='{one}'" for place, one in enumerate(values))
    call = f"Microsoft.Dynamics.CRM.{name}(PropertyName='{column}'{given_values})"
    around = {
        "$filter": call,
        "$apply": f"filter({call})/groupby(({column}))",
        "$expand": f"contact_customer_accounts($filter={call})",
    }
    answered(contoso, option, around[option])


@MANY
@given(WORDS, COLUMNS, st.lists(VALUES, max_size=2), st.sampled_from(["", " alias='x' groupby='true'"]))
def test_any_fetchxml(contoso: Organization, word: str, column: str, values: list[str], kind: str) -> None:
    inner = "".join(f"<value>{one}</value>" for one in values)
    test = f"<condition attribute='{column}' operator='{word}'>{inner}</condition>"
    entity = f"<attribute name='{column}'{kind}/><filter>{test}</filter>"
    head = f"<fetch aggregate='{'true' if kind else 'false'}'><entity name='account'>"
    answered(contoso, "fetchXml", f"{head}{entity}</entity></fetch>")


@MANY
@given(st.lists(SQL, max_size=12).map(" ".join))
def test_any_sql(contoso: Organization, rest: str) -> None:
    answered(contoso, "sql", SELECTION + rest)
    answered(contoso, "sql", rest or "x")

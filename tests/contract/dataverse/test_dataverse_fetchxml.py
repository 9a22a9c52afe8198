"""FetchXML: columns, joins, conditions, order, pages, aggregates."""

from typing import Any
from urllib.parse import quote, unquote

import pytest
from defusedxml.ElementTree import fromstring
from running_dataverse import Organization, error

ALL = 'odata.include-annotations="*"'
COOKIE, MORE, TOTAL = (
    "@Microsoft.Dynamics.CRM." + name for name in ("fetchxmlpagingcookie", "morerecords", "totalrecordcount")
)


@pytest.fixture
def people(contoso: Organization) -> Organization:
    """Ann (boss, 5) and Bob (clerk, 7) of One, Cem (boss) of Two, Dee of nobody; choices 1, 2, 3."""
    one, two = (contoso.create("accounts", name=name, revenue=10) for name in ("One", "Two"))
    rows: list[tuple[str, str | None, int | None, int | None, str]] = [
        ("Ann", "Boss", 5, 1, one),
        ("Bob", "Clerk", 7, 2, one),
        ("Cem", "boss", None, 3, two),
        ("Dee", None, 1, None, ""),
    ]
    for first, job, children, role, company in rows:
        bind = {"parentcustomerid_account@odata.bind": f"/accounts({company})"} if company else {}
        values = {"jobtitle": job, "numberofchildren": children, "accountrolecode": role}
        contoso.create("contacts", firstname=first, lastname="X", **values, **bind)
    return contoso


def fetch(organization: Organization, xml: str, entity_set: str = "contacts", **headers: str) -> Any:
    return organization.get(f"{entity_set}?fetchXml={quote(xml)}", **headers)


def query(inner: str, options: str = "") -> str:
    return f"<fetch {options}><entity name='contact'>{inner}</entity></fetch>"


def firsts(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return "".join(row["firstname"][0] for row in answer.json()["value"])


NAME = "<attribute name='firstname'/>"
BY_NAME = NAME + "<order attribute='firstname'/>"
LINK = "<link-entity name='account' from='accountid' to='parentcustomerid' alias='a' link-type="
COMPANY = LINK + "'{}'>{}</link-entity>"
ONE = "<filter><condition attribute='name' operator='eq' value='One'/></filter>"


def where(*conditions: str, kind: str = "and") -> str:
    return f"{BY_NAME}<filter type='{kind}'>{''.join(conditions)}</filter>"


def check(attribute: str, operator: str, value: str | None = None, **more: str) -> str:
    given = (
        {"attribute": attribute, "operator": operator} | ({} if value is None else {"value": value}) | more
    )
    return f"<condition {' '.join(f'{name}={chr(34)}{text}{chr(34)}' for name, text in given.items())}/>"


def several(attribute: str, operator: str, *values: str) -> str:
    """A condition with several values."""
    inner = "".join(f"<value>{one}</value>" for one in values)
    return f"<condition attribute='{attribute}' operator='{operator}'>{inner}</condition>"


CONDITIONS = [
    (check("jobtitle", "eq", "BOSS"), "AC"),
    (check("jobtitle", "ne", "boss"), "BD"),
    (check("jobtitle", "null"), "D"),
    (check("jobtitle", "not-null"), "ABC"),
    (check("firstname", "like", "%e%"), "CD"),
    (check("firstname", "not-like", "%e%"), "AB"),
    (check("firstname", "begins-with", "a"), "A"),
    (check("firstname", "ends-with", "B"), "B"),
    (check("firstname", "not-begin-with", "a"), "BCD"),
    (check("numberofchildren", "gt", "5"), "B"),
    (check("numberofchildren", "le", "5"), "AD"),
    (check("createdon", "today"), "ABCD"),
    (check("createdon", "last-x-days", "3"), "ABCD"),
    (check("createdon", "olderthan-x-months", "3"), ""),
    (check("createdby", "eq-userid"), "ABCD"),
    (check("parentcustomeridname", "eq", "one"), "AB"),
    (check("firstname", "eq", valueof="lastname"), ""),
    (check("firstname", "ne", valueof="lastname"), "ABCD"),
    (several("firstname", "in", "Ann", "Dee"), "AD"),
    (several("firstname", "not-in", "Ann"), "BCD"),
    (several("numberofchildren", "between", "2", "6"), "A"),
    (several("numberofchildren", "not-between", "2", "6"), "BCD"),
    (f"<filter type='or'>{check('firstname', 'eq', 'Ann')}{check('firstname', 'eq', 'Dee')}</filter>", "AD"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_conditions(people: Organization, condition: str, expected: str) -> None:
    assert firsts(fetch(people, query(where(condition)))) == expected


def test_values_that_are_null_are_left_out(people: Organization) -> None:
    inner = f"{BY_NAME}<attribute name='jobtitle'/>"
    rows = fetch(people, query(inner)).json()["value"]
    assert rows[0].keys() == {"@odata.etag", "firstname", "jobtitle", "contactid"}
    assert "jobtitle" not in rows[3]


def test_all_attributes_and_aliases(people: Organization) -> None:
    rows = fetch(people, query("<all-attributes/><order attribute='firstname'/>")).json()["value"]
    assert rows[0]["fullname"] == "Ann X"
    rows = fetch(people, query("<attribute name='firstname' alias='first'/>")).json()["value"]
    assert {row["first"] for row in rows} == {"Ann", "Bob", "Cem", "Dee"}


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (COMPANY.format("inner", ""), "ABC"),
        (COMPANY.format("outer", ""), "ABCD"),
        (COMPANY.format("inner", f"<filter>{check('name', 'eq', 'One')}</filter>"), "AB"),
        (COMPANY.format("outer", f"<filter>{check('name', 'eq', 'One')}</filter>"), "ABCD"),
        (COMPANY.format("outer", "") + f"<filter>{check('accountid', 'null', entityname='a')}</filter>", "D"),
        (COMPANY.format("exists", f"<filter>{check('name', 'eq', 'Two')}</filter>"), "C"),
        (f"<filter>{COMPANY.format('any', '')}</filter>", "ABC"),
        (f"<filter>{COMPANY.format('not any', '')}</filter>", "D"),
        (f"<filter>{COMPANY.format('all', ONE)}</filter>", "C"),
        (f"<filter>{COMPANY.format('not all', ONE)}</filter>", "AB"),
    ],
)  # fmt: skip
def test_links(people: Organization, link: str, expected: str) -> None:
    assert firsts(fetch(people, query(BY_NAME + link))) == expected


def test_columns_of_links_carry_their_alias(people: Organization) -> None:
    link = COMPANY.format("inner", "<attribute name='name'/><attribute name='revenue'/>")
    rows = fetch(people, query(BY_NAME + link), Prefer=ALL).json()["value"]
    assert (rows[0]["a.name"], rows[0]["a.revenue"]) == ("One", 10.0)
    assert rows[0]["a.revenue@OData.Community.Display.V1.FormattedValue"] == "€10.00"


def test_many_to_many_goes_through_the_intersect_table(contoso: Organization) -> None:
    company, lead = contoso.create("accounts", name="One"), contoso.create("leads", lastname="Lee")
    contoso.post(f"accounts({company})/accountleads_association/$ref", {"@odata.id": f"leads({lead})"})
    xml = """<fetch><entity name='account'><attribute name='name'/>
      <link-entity name='accountleads' from='accountid' to='accountid' intersect='true'>
        <link-entity name='lead' from='leadid' to='leadid' alias='l'><attribute name='lastname'/>
      </link-entity></link-entity></entity></fetch>"""
    (row,) = fetch(contoso, xml, "accounts").json()["value"]
    assert (row["name"], row["l.lastname"]) == ("One", "Lee")


def test_choices_sort_by_label_and_lookups_by_name(people: Organization) -> None:
    order = NAME + "<order attribute='{}' descending='true'/><order attribute='firstname'/>"
    assert firsts(fetch(people, query(order.format("accountrolecode")))) == "CBAD"
    assert firsts(fetch(people, query(order.format("accountrolecode"), "useraworderby='1'"))) == "CBAD"
    assert firsts(fetch(people, query(order.format("parentcustomerid")))) == "CABD"


def test_pages_by_cookie(people: Organization) -> None:
    options, found = "count='1' page='1'", ""
    for page in range(2, 9):
        answer = fetch(people, query(BY_NAME, options), Prefer=ALL)
        found += firsts(answer)
        content = answer.json()
        if not content[MORE]:
            break
        element = fromstring(content[COOKIE])
        assert element.get("pagenumber") == str(page)
        cookie = unquote(unquote(element.get("pagingcookie") or ""))
        escaped = (
            cookie.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&apos;")
        )
        options = f"count='1' page='{page}' paging-cookie='{escaped}'"
    assert found == "ABCD"


def test_simple_pages_and_totals(people: Organization) -> None:
    answer = fetch(people, query(BY_NAME, "count='3' page='2' returntotalrecordcount='true'"), Prefer=ALL)
    assert firsts(answer) == "D"
    assert answer.json()[TOTAL] == 4
    assert firsts(fetch(people, query(BY_NAME, "top='2'"))) == "AB"


def test_distinct_rows(people: Organization) -> None:
    rows = fetch(people, query("<attribute name='jobtitle'/>", "distinct='true'")).json()["value"]
    assert len(rows) == 3


def test_aggregates(people: Organization) -> None:
    columns = "".join(
        f"<attribute name='numberofchildren' alias='{kind}' aggregate='{kind}'/>"
        for kind in ("count", "countcolumn", "sum", "avg", "min", "max")
    )
    (row,) = fetch(people, query(columns, "aggregate='true'")).json()["value"]
    assert {name: round(value, 2) for name, value in row.items()} == {
        "count": 4, "countcolumn": 3, "sum": 13, "avg": 4.33, "min": 1, "max": 7,
    }  # fmt: skip


def test_groups_by_columns_of_links_and_parts_of_dates(people: Organization) -> None:
    inner = "<attribute name='contactid' alias='n' aggregate='count'/>" + COMPANY.format(
        "inner", "<attribute name='name' alias='company' groupby='true'/>"
    )
    rows = fetch(people, query(inner + "<order alias='n' descending='true'/>", "aggregate='1'")).json()[
        "value"
    ]
    assert [(row["company"], row["n"]) for row in rows] == [("One", 2), ("Two", 1)]
    inner = "<attribute name='contactid' alias='n' aggregate='count'/>" + "".join(
        f"<attribute name='createdon' alias='{part}' groupby='true' dategrouping='{part}'/>"
        for part in ("day", "week", "month", "quarter", "year")
    )
    (row,) = fetch(people, query(inner, "aggregate='true'")).json()["value"]
    assert (row["n"], 1 <= row["month"] <= 12, row["year"] > 2000) == (4, True, True)


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("<fetch>", "0x80040201"),
        ("<fetch/>", "0x8004111C"),
        ("<fetch><entity name='account'/></fetch>", "0x8004111C"),
        (query("<attribute name='nothing'/>"), "0x80041103"),
        (query(where(check("firstname", "sounds-like", "x"))), "0x80041120"),
        (query(where("<condition operator='eq' value='1'/>")), "0x8004111E"),
        (query(where(check("firstname", "eq", entityname="nobody"))), "0x8004111C"),
        (query(COMPANY.format("inner", "") * 16), "0x8004430D"),
        (query("<link-entity name='nothing' from='a' to='b'/>"), "0x80041102"),
        (query("", "page='x'"), "0x8004111C"),
        (query("", "paging-cookie='x' page='2'"), "0x8004111C"),
        (query("<attribute name='firstname' aggregate='sum' alias='s'/>", "aggregate='true'"), "0x8004111C"),
        ("<!DOCTYPE x [<!ENTITY y 'z'>]>" + query("<attribute name='firstname'/>"), "0x80040201"),
    ],
)
def test_a_query_is_refused(people: Organization, xml: str, code: str) -> None:
    assert error(fetch(people, xml)) == (400, code)


def test_an_aggregate_over_the_limit_is_refused(people: Organization) -> None:
    xml = query(
        "<attribute name='contactid' alias='n' aggregate='count'/>", "aggregate='1' aggregatelimit='3'"
    )
    assert error(fetch(people, xml)) == (400, "0x8004E023")

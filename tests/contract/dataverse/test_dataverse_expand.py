"""Rows behind navigation properties: $expand, filtered collections, lambda operators, order by lookups."""

from typing import Any

import pytest
from running_dataverse import Organization, error

COLLECTION = "contact_customer_accounts"
DETAILS = "$select=name&$filter=name eq 'One'"


@pytest.fixture
def people(contoso: Organization) -> dict[str, str]:
    """Ids by name: Ann and Bob work for One, whose first contact is Ann; Cem for Two; Three is empty."""
    found = {name: contoso.create("accounts", name=name) for name in ("One", "Two", "Three")}
    for first, job, company in (("Ann", "Boss", "One"), ("Bob", "Clerk", "One"), ("Cem", "Boss", "Two")):
        bind = {"parentcustomerid_account@odata.bind": f"/accounts({found[company]})"}
        found[first] = contoso.create("contacts", firstname=first, lastname="X", jobtitle=job, **bind)
    contoso.patch(f"accounts({found['One']})", {"primarycontactid@odata.bind": f"/contacts({found['Ann']})"})
    return found


def firsts(rows: Any) -> str:
    return "".join(row["firstname"][0] for row in rows)


def names(organization: Organization, query: str) -> list[str]:
    return [row["name"] for row in organization.rows(f"accounts?$select=name&{query}")]


def test_a_lookup_expands_to_the_chosen_columns_without_an_etag(
    contoso: Organization, people: dict[str, str]
) -> None:
    answer = contoso.get(f"accounts?{DETAILS}&$expand=primarycontactid($select=fullname)").json()
    (row,) = answer["value"]
    assert row["primarycontactid"] == {"fullname": "Ann X", "contactid": people["Ann"]}
    assert answer["@odata.context"].endswith("#accounts(name,primarycontactid(fullname))")


def test_an_empty_lookup_expands_to_null(contoso: Organization, people: dict[str, str]) -> None:
    row = contoso.row("accounts", people["Two"] + ")?$expand=primarycontactid($select=fullname")
    assert row["primarycontactid"] is None


def test_a_user_is_expanded_with_the_key_of_principals(contoso: Organization, people: dict[str, str]) -> None:
    (row,) = contoso.rows(f"accounts?{DETAILS}&$expand=createdby($select=fullname)")
    assert row["createdby"]["ownerid"] == row["createdby"]["systemuserid"]


def test_only_the_lookup_of_the_right_table_is_filled(contoso: Organization, people: dict[str, str]) -> None:
    expands = "parentcustomerid_account($select=name),parentcustomerid_contact($select=fullname)"
    row = contoso.get(f"contacts({people['Ann']})?$select=fullname&$expand={expands}").json()
    assert (row["parentcustomerid_account"]["name"], row["parentcustomerid_contact"]) == ("One", None)


def test_a_collection_expands_with_etags_its_lookup_and_a_link(
    contoso: Organization, people: dict[str, str]
) -> None:
    (row,) = contoso.rows(
        f"accounts?{DETAILS}&$expand={COLLECTION}($select=firstname;$orderby=firstname desc)"
    )
    assert firsts(row[COLLECTION]) == "BA"
    first = row[COLLECTION][0]
    assert set(first) == {"@odata.etag", "firstname", "contactid", "_parentcustomerid_value"}
    link = row[f"{COLLECTION}@odata.nextLink"]
    below = link.partition("/api/data/v9.2/")[2]
    assert below.startswith(f"accounts({people['One']})/{COLLECTION}?$select=firstname")
    assert firsts(contoso.rows(below)) == "BA"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("$filter=jobtitle eq 'boss'", "A"),
        ("$orderby=firstname;$top=1", "A"),
        ("$filter=contains(firstname,'b');$orderby=firstname", "B"),
        ("$filter=parentcustomerid_account/name eq 'Two'", ""),
    ],
)
def test_options_of_an_expanded_collection(
    contoso: Organization, people: dict[str, str], options: str, expected: str
) -> None:
    (row,) = contoso.rows(f"accounts?{DETAILS}&$expand={COLLECTION}($select=firstname;{options})")
    assert firsts(row[COLLECTION]) == expected


def test_a_nested_expand_pages_its_collections(contoso: Organization, people: dict[str, str]) -> None:
    expand = f"{COLLECTION}($select=firstname;$expand=owninguser($select=fullname))"
    (row,) = contoso.rows(f"accounts?{DETAILS}&$expand={expand}", Prefer="odata.maxpagesize=1")
    (person,) = row[COLLECTION]
    assert person["owninguser"]["fullname"]
    assert "@odata.etag" not in person
    link = row[f"{COLLECTION}@odata.nextLink"].partition("/api/data/v9.2/")[2]
    (other,) = contoso.rows(link, Prefer="odata.maxpagesize=1")
    assert {person["firstname"], other["firstname"]} == {"Ann", "Bob"}


def test_lookups_nest_as_deep_as_asked(contoso: Organization, people: dict[str, str]) -> None:
    expand = "primarycontactid($select=fullname;$expand=parentcustomerid_account($select=name))"
    (row,) = contoso.rows(f"accounts?{DETAILS}&$expand={expand}")
    assert row["primarycontactid"]["parentcustomerid_account"]["name"] == "One"


def test_a_reference_is_an_address(contoso: Organization, people: dict[str, str]) -> None:
    (row,) = contoso.rows(f"accounts?{DETAILS}&$expand=primarycontactid/$ref")
    assert row["primarycontactid"]["@odata.id"].endswith(f"/contacts({people['Ann']})")


def test_annotations_reach_into_expanded_rows(contoso: Organization, people: dict[str, str]) -> None:
    wish = 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"'
    (row,) = contoso.rows(
        f"accounts?{DETAILS}&$expand=primarycontactid($select=_createdby_value)", Prefer=wish
    )
    assert "_createdby_value@OData.Community.Display.V1.FormattedValue" in row["primarycontactid"]


@pytest.mark.parametrize(
    ("expand", "message"),
    [
        (f"{COLLECTION}/$ref", "only supported on lookup type"),
        (
            f"{COLLECTION}($top=1;$expand=owninguser($select=fullname))",
            "Only $select and $filter clause can be provided",
        ),
        ("primarycontactid($orderby=fullname)", "Only $select and $filter clause can be provided"),
        ("nothing", "Could not find a property named 'nothing'"),
        ("primarycontactid($select=nothing)", "Could not find a property named 'nothing'"),
        ("primarycontactid($skip=1)", "'$skip' is not supported"),
        (",".join(["primarycontactid"] * 16), "more than 15 $expand options"),
    ],
)
def test_an_expand_is_refused(
    contoso: Organization, people: dict[str, str], expand: str, message: str
) -> None:
    answer = contoso.get(f"accounts?$select=name&$expand={expand}")
    assert error(answer) == (400, "0x80060888")
    assert message in answer.json()["error"]["message"]


def test_somebody_who_may_not_read_the_other_table_may_not_expand_it(
    salesperson: Organization, people: dict[str, str]
) -> None:
    answer = salesperson.get("accounts?$select=name&$expand=transactioncurrencyid($select=currencyname)")
    assert answer.status_code == 200
    assert error(salesperson.get("leads?$expand=Lead_AsyncOperations")) == (400, "0x80060888")


def test_a_collection_of_a_row_is_queried_by_itself(contoso: Organization, people: dict[str, str]) -> None:
    path = f"accounts({people['One']})/{COLLECTION}"
    assert firsts(contoso.rows(f"{path}?$select=firstname&$orderby=firstname")) == "AB"
    assert firsts(contoso.rows(f"{path}?$filter=jobtitle eq 'Clerk'")) == "B"
    assert contoso.get(f"{path}/$count").text.endswith("2")
    page = contoso.get(f"{path}?$orderby=firstname&$select=firstname", Prefer="odata.maxpagesize=1").json()
    assert firsts(page["value"]) == "A"
    assert firsts(contoso.rows(page["@odata.nextLink"].partition("/api/data/v9.2/")[2])) == "B"


def test_the_row_behind_a_lookup_is_read_by_its_address(
    contoso: Organization, people: dict[str, str]
) -> None:
    path = f"accounts({people['One']})/primarycontactid"
    assert contoso.get(f"{path}?$select=fullname").json()["fullname"] == "Ann X"
    reference = contoso.get(f"{path}/$ref").json()
    assert reference["@odata.id"].endswith(f"/contacts({people['Ann']})")
    assert contoso.get(f"accounts({people['Two']})/primarycontactid").status_code == 204


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (f"{COLLECTION}/any()", ["One", "Two"]),
        (f"not {COLLECTION}/any()", ["Three"]),
        (f"{COLLECTION}/any(c:c/jobtitle eq 'Clerk')", ["One"]),
        (f"{COLLECTION}/all(c:c/jobtitle eq 'boss')", ["Three", "Two"]),
        (f"{COLLECTION}/any(c:startswith(c/firstname,'C') or c/jobtitle eq null)", ["Two"]),
        (f"{COLLECTION}/any(c:c/owninguser/fullname ne null and c/firstname eq 'Bob')", ["One"]),
        (f"{COLLECTION}/any(c:c/account_primary_contact/any(a:a/name eq 'One'))", ["One"]),
        (f"{COLLECTION}/any(c:Microsoft.Dynamics.CRM.Today(PropertyName='c/createdon'))", ["One", "Two"]),
        (f"{COLLECTION}/any(c:c/jobtitle eq 'Boss') and name ne 'One'", ["Two"]),
        ("primarycontactid/firstname eq 'ann'", ["One"]),
        ("primarycontactid/parentcustomerid_account/name eq 'one'", ["One"]),
        ("primarycontactid/contactid ne null", ["One"]),
        ("contains(name,'t') eq true", ["Three", "Two"]),
    ],
)
def test_conditions_on_related_rows(
    contoso: Organization, people: dict[str, str], condition: str, expected: list[str]
) -> None:
    assert names(contoso, f"$orderby=name&$filter={condition}") == expected


def test_a_lookup_is_compared_by_the_id_behind_it(contoso: Organization, people: dict[str, str]) -> None:
    assert names(contoso, f"$filter=primarycontactid/contactid eq {people['Ann']}") == ["One"]


@pytest.mark.parametrize(
    "condition",
    [
        f"{COLLECTION}/any(c:jobtitle eq 'Boss')",
        "nothing/any()",
        "primarycontactid/account_primary_contact/any(a:a/name eq 'One')",
        f"{COLLECTION}/any(c:c/nothing eq 1)",
        f"{COLLECTION}/all()",
    ],
)
def test_a_lambda_is_refused(contoso: Organization, condition: str) -> None:
    assert error(contoso.get(f"accounts?$filter={condition}")) == (400, "0x80060888")


def test_rows_sort_by_the_names_behind_lookups(contoso: Organization, people: dict[str, str]) -> None:
    query = "contacts?$select=firstname&$orderby={},firstname desc"
    assert firsts(contoso.rows(query.format("_parentcustomerid_value"))) == "BAC"
    assert firsts(contoso.rows(query.format("_parentcustomerid_value desc"))) == "CBA"
    assert firsts(contoso.rows(query.format("parentcustomerid_account/name desc"))) == "CBA"


def test_pages_sorted_by_a_lookup_visit_each_row_once(contoso: Organization, people: dict[str, str]) -> None:
    path, found = "contacts?$select=firstname&$orderby=_parentcustomerid_value desc", ""
    while path:
        answer = contoso.get(path, Prefer="odata.maxpagesize=1").json()
        found += firsts(answer["value"])
        path = answer.get("@odata.nextLink", "").partition("/api/data/v9.2/")[2]
    assert sorted(found) == ["A", "B", "C"]
    assert found[0] == "C"

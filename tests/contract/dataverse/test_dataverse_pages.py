"""The pages of an organization as a browser asks for them: tables, rows, what is not there."""

from typing import Any
from urllib.parse import quote

import pytest
from running_dataverse import FABRIKAM, HOST, Answer, Organization

PAGE_SIZE = 50


def page(organization: Organization, path: str, host: str = HOST) -> str:
    answer = visit(organization, path, host)
    assert answer.status_code == 200, answer.text
    return answer.text


def visit(organization: Organization, path: str, host: str = HOST) -> Answer:
    return organization.session.get(organization.base + path, headers={"Host": host}, timeout=60)


def person(number: int, **values: Any) -> dict[str, Any]:
    return {"firstname": "Person", "lastname": str(number), "companyname": "Fourth Coffee", **values}


def people(organization: Organization, *rows: dict[str, Any]) -> list[str]:
    found: list[str] = organization.control("POST", "rows/lead", list(rows))["ids"]
    return found


def test_the_front_page_counts_rows_and_shows_how_to_call(contoso: Organization) -> None:
    people(contoso, person(1), person(2))
    text = page(contoso, "/")
    assert "<b>2</b>" in text
    assert f"curl {contoso.base}/api/data/v9.2/WhoAmI" in text
    assert f"Host: {HOST}" in text


def test_the_grid_shows_names_labels_of_choices_and_times(contoso: Organization) -> None:
    (row_id,) = people(contoso, person(1))
    created = contoso.row("leads", row_id)["createdon"][:16].replace("T", " ")
    text = page(contoso, "/view/lead")
    for wanted in ("Person 1", "Fourth Coffee", ">New<", created, ">Status Reason<"):
        assert wanted in text


def test_the_search_box_finds_by_name_in_any_case(contoso: Organization) -> None:
    people(contoso, person(1), person(2))
    text = page(contoso, "/view/lead?search=PERSON+2")
    assert "Person 2" in text
    assert "Person 1<" not in text


def test_a_search_without_result_says_where_it_looked(contoso: Organization) -> None:
    assert "Nothing here has “zzz” in its Name" in page(contoso, "/view/lead?search=zzz")


def test_an_empty_table_says_so(contoso: Organization) -> None:
    assert "Nothing has arrived in this table yet." in page(contoso, "/view/account")


def test_chosen_columns_replace_the_usual_ones_and_stay_while_paging(contoso: Organization) -> None:
    people(contoso, *[person(number, sic=f"sic-{number}") for number in range(PAGE_SIZE + 1)])
    text = page(contoso, "/view/lead?columns=sic")
    assert f"sic-{PAGE_SIZE}" in text
    assert "Fourth Coffee" not in text
    assert "/view/lead?columns=sic&amp;page=2" in text


def test_the_second_page_shows_the_rest(contoso: Organization) -> None:
    people(contoso, *[person(number) for number in range(PAGE_SIZE + 1)])
    text = page(contoso, "/view/lead?page=2")
    assert f"of {PAGE_SIZE + 1}</span>" in text
    assert "Person 0" in text
    assert "Older" not in text


@pytest.mark.parametrize("number", ["0", "-1", "x", "²"])
def test_a_page_number_that_is_none_shows_the_first_page(contoso: Organization, number: str) -> None:
    people(contoso, person(1))
    assert "Person 1" in page(contoso, f"/view/lead?page={quote(number)}")


def test_a_row_page_shows_only_what_is_filled(contoso: Organization) -> None:
    (row_id,) = people(contoso, person(1, revenue=1234567.5))
    text = page(contoso, f"/view/lead/{row_id}")
    assert "1,234,567.50" in text
    assert "Company Name" in text
    assert "Salutation" not in text


def test_a_lookup_shows_the_name_and_leads_to_the_row(contoso: Organization) -> None:
    (row_id,) = people(contoso, person(1))
    owner = contoso.row("leads", row_id)["_ownerid_value"]
    assert f'<a href="/view/systemuser/{owner}">Ada Lindqvist</a>' in page(contoso, f"/view/lead/{row_id}")


def test_raw_json_is_the_row_itself(contoso: Organization) -> None:
    (row_id,) = people(contoso, person(1))
    assert '"fullname":"Person 1"' in page(contoso, f"/view/lead/{row_id}/raw")


@pytest.mark.parametrize(
    "path",
    ["/view/spaceship", "/view/lead/00000000-0000-4000-8000-00000000dead", "/view/spaceship/1/raw"],
)
def test_what_is_not_here_is_404_in_words(contoso: Organization, path: str) -> None:
    answer = visit(contoso, path)
    assert answer.status_code == 404
    assert "has no table spaceship" in answer.text or "is not here" in answer.text


def test_values_are_escaped(contoso: Organization) -> None:
    people(contoso, person(1, lastname="<script>alert(1)</script>"))
    assert "<script>" not in page(contoso, "/view/lead")


@pytest.mark.parametrize(
    ("website", "linked"),
    [("https://fourthcoffee.example", True), ("javascript:alert(1)", False)],
    ids=["web", "script"],
)
def test_only_web_addresses_become_links(contoso: Organization, *, website: str, linked: bool) -> None:
    (row_id,) = people(contoso, person(1, websiteurl=website))
    assert (f'href="{website}"' in page(contoso, f"/view/lead/{row_id}")) is linked


@pytest.mark.parametrize("named", ["host", "address"])
def test_the_second_organization_is_shown_when_named(contoso: Organization, named: str) -> None:
    other = FABRIKAM["url"].removeprefix("https://")
    text = page(contoso, "/", other) if named == "host" else page(contoso, f"/?organization={other}")
    assert "<h1>Fabrikam</h1>" in text
    assert "Show Contoso" in text


def test_links_keep_the_chosen_organization(contoso: Organization) -> None:
    other = FABRIKAM["url"].removeprefix("https://")
    assert f'href="/view/lead?organization={other}"' in page(contoso, f"/?organization={other}")


def test_pages_need_no_script_and_nothing_from_elsewhere(contoso: Organization) -> None:
    (row_id,) = people(contoso, person(1))
    contoso.get("WhoAmI")
    log = ("/view/_requests", "/view/_requests/1", "/view/_control")
    for path in ("/", "/view/lead", f"/view/lead/{row_id}", *log):
        text = page(contoso, path)
        assert "<script" not in text
        assert 'src="' not in text
        assert "<link" not in text.replace('<link rel="icon" href="data:,">', "")

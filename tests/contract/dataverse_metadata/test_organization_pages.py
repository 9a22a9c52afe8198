"""The pages of an organization, asked as a browser asks, from rows made up here."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from starlette.applications import Starlette

from local.emulators.dataverse.pages import PAGE_SIZE, RequestLine, RowPage, Search, page_routes
from local.emulators.dataverse.schema import Table, load_tables

FORMATTED = "OData.Community.Display.V1.FormattedValue"
OWNER = "6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801"


@dataclass
class ListedRows:
    """An organization whose rows stand in lists, newest first."""

    name: str = "Contoso"
    url: str = "https://contoso.crm4.dynamics.com"
    kept: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    lines: list[RequestLine] = field(default_factory=list)

    def tables(self) -> Mapping[str, Table]:
        return TABLES

    def count(self, table: str) -> int:
        return len(self.kept.get(table, []))

    def rows(self, table: str, search: Search) -> RowPage:
        wanted = search.text.lower()
        found = [
            row
            for row in self.kept.get(table, [])
            if any(wanted in str(row.get(name, "")).lower() for name in search.columns)
        ]
        return RowPage(found[search.skip : search.skip + search.take], len(found))

    def row(self, table: str, row_id: str) -> Mapping[str, Any] | None:
        ids = {row[TABLES[table].primary_id]: row for row in self.kept.get(table, [])}
        return ids.get(row_id)

    def requests(self) -> Sequence[RequestLine]:
        return self.lines


TABLES = load_tables()


def lead(number: int, **values: Any) -> dict[str, Any]:
    return {
        "leadid": f"00000000-0000-4000-8000-{number:012}",
        "fullname": f"Person {number}",
        "companyname": "Fourth Coffee",
        "statuscode": 1,
        "createdon": "2026-11-24T05:41:08Z",
        **values,
    }


def organization(*leads: dict[str, Any]) -> ListedRows:
    return ListedRows(kept={"lead": list(leads)})


def get(path: str, *sources: ListedRows, host: str = "127.0.0.1:7074") -> tuple[int, str]:
    """The status and the text of one GET, through the real application interface without a socket."""
    bare, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": bare,
        "raw_path": quote(bare).encode(),
        "query_string": query.encode(),
        "headers": [(b"host", host.encode())],
        "server": ("127.0.0.1", 7074),
        "scheme": "http",
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Starlette(routes=page_routes(sources or (organization(),)))(scope, receive, send))
    return sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:]).decode()


def test_the_front_page_counts_rows_and_shows_how_to_call() -> None:
    status, page = get("/", organization(lead(1), lead(2)))
    assert status == 200
    assert "<b>2</b>" in page
    assert "curl http://127.0.0.1:7074/api/data/v9.2/WhoAmI" in page
    assert "Host: contoso.crm4.dynamics.com" in page


def test_the_grid_shows_names_labels_of_choices_and_times() -> None:
    _, page = get("/view/lead", organization(lead(1)))
    for text in ("Person 1", "Fourth Coffee", ">New<", "2026-11-24 05:41", ">Status Reason<"):
        assert text in page


def test_the_search_box_finds_by_name_in_any_case() -> None:
    _, page = get("/view/lead?search=PERSON+2", organization(lead(1), lead(2)))
    assert "Person 2" in page
    assert "Person 1<" not in page


def test_a_search_without_result_says_where_it_looked() -> None:
    _, page = get("/view/lead?search=zzz", organization(lead(1)))
    assert "Nothing here has “zzz” in its Name" in page


def test_an_empty_table_says_so() -> None:
    assert "Nothing has arrived in this table yet." in get("/view/account")[1]


def test_chosen_columns_replace_the_usual_ones_and_stay_while_paging() -> None:
    people = [lead(number, sic=f"sic-{number}") for number in range(PAGE_SIZE + 1)]
    _, page = get("/view/lead?columns=sic", organization(*people))
    assert "sic-0" in page
    assert "Fourth Coffee" not in page
    assert "/view/lead?columns=sic&amp;page=2" in page


def test_the_second_page_shows_the_rest() -> None:
    _, page = get("/view/lead?page=2", organization(*[lead(number) for number in range(PAGE_SIZE + 1)]))
    assert f"of {PAGE_SIZE + 1}</span>" in page
    assert f"Person {PAGE_SIZE}" in page
    assert "Older" not in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "²"])
def test_a_page_number_that_is_none_shows_the_first_page(number: str) -> None:
    assert "Person 1" in get(f"/view/lead?page={quote(number)}", organization(lead(1)))[1]


def test_a_row_page_shows_only_what_is_filled() -> None:
    status, page = get(f"/view/lead/{lead(1)['leadid']}", organization(lead(1, revenue=1234567.5)))
    assert status == 200
    assert "1,234,567.50" in page
    assert "Company Name" in page
    assert "Salutation" not in page


def test_a_lookup_shows_the_name_and_leads_to_the_row() -> None:
    owned = {
        "_ownerid_value": OWNER,
        f"_ownerid_value@{FORMATTED}": "Ada Lovelace",
        "_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "systemuser",
    }
    _, page = get(f"/view/lead/{lead(1)['leadid']}", organization(lead(1, **owned)))
    assert f'<a href="/view/systemuser/{OWNER}">Ada Lovelace</a>' in page


def test_raw_json_is_the_row_itself() -> None:
    status, body = get(f"/view/lead/{lead(1)['leadid']}/raw", organization(lead(1)))
    assert status == 200
    assert '"fullname":"Person 1"' in body


@pytest.mark.parametrize(
    "path",
    ["/view/spaceship", "/view/lead/00000000-0000-4000-8000-00000000dead", "/view/spaceship/1/raw"],
)
def test_what_is_not_here_is_404_in_words(path: str) -> None:
    status, page = get(path)
    assert status == 404
    assert "has no table spaceship" in page or "is not here" in page


def test_values_are_escaped() -> None:
    _, page = get("/view/lead", organization(lead(1, fullname="<script>alert(1)</script>")))
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("address", "linked"),
    [("https://fourthcoffee.example", True), ("javascript:alert(1)", False)],
    ids=["web", "script"],
)
def test_only_web_addresses_become_links(*, address: str, linked: bool) -> None:
    _, page = get(f"/view/lead/{lead(1)['leadid']}", organization(lead(1, websiteurl=address)))
    assert (f'href="{address}"' in page) is linked


def test_the_journal_shows_the_last_requests() -> None:
    line = RequestLine("2026-11-24T05:41:08.123Z", "POST", "/api/data/v9.2/$batch", 429, 12.34, "limit")
    _, page = get("/view/_requests", ListedRows(lines=[line]))
    for text in ("05:41:08.123", "POST", "/api/data/v9.2/$batch", "429", "12.3", "limit"):
        assert text in page


@pytest.mark.parametrize(
    ("path", "host"),
    [("/", "fabrikam.crm.dynamics.com"), ("/?organization=fabrikam.crm.dynamics.com", "127.0.0.1:7074")],
    ids=["host", "address"],
)
def test_the_second_organization_is_shown_when_named(path: str, host: str) -> None:
    fabrikam = ListedRows(name="Fabrikam", url="https://fabrikam.crm.dynamics.com")
    _, page = get(path, organization(), fabrikam, host=host)
    assert "<h1>Fabrikam</h1>" in page
    assert "Show Contoso" in page


def test_links_keep_the_chosen_organization() -> None:
    fabrikam = ListedRows(name="Fabrikam", url="https://fabrikam.crm.dynamics.com")
    _, page = get("/?organization=fabrikam.crm.dynamics.com", organization(), fabrikam)
    assert 'href="/view/lead?organization=fabrikam.crm.dynamics.com"' in page


def test_pages_need_no_script_and_nothing_from_elsewhere() -> None:
    for path in ("/", "/view/lead", "/view/_requests"):
        _, page = get(path, organization(lead(1)))
        assert "<script" not in page
        assert 'src="' not in page
        assert "<link" not in page.replace('<link rel="icon" href="data:,">', "")

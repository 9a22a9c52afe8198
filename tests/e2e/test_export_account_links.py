"""Leads that are bound to the account of their company, or get one."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import People
from tests.e2e.conversation import Dataverse, Talk


def _save(admin: Talk, **preferences: Any) -> None:
    saved = admin.call("PUT", "/preferences", json=preferences, headers={"If-Match": "*"})
    assert saved.status_code == 200, saved.text


@pytest.fixture
def restored(admin: Talk) -> Iterator[Talk]:
    yield admin
    _save(admin)


def _accounts(dataverse: Dataverse, people: People) -> dict[str, str]:
    rows = dataverse.rows("account")
    return {row["accountid"]: row["name"] for row in rows if people.prefix in (row["name"] or "")}


def _bound(dataverse: Dataverse, people: People) -> dict[str, str | None]:
    return {
        row["firstname"]: row["_parentaccountid_value"]
        for row in dataverse.rows("lead")
        if row["lastname"] == f"Ngata-{people.prefix}"
    }


def test_leads_are_bound_to_the_account_that_is_there(
    restored: Talk, people: People, dataverse: Dataverse
) -> None:
    site = f"https://www.{people.prefix}.example"
    (by_site,) = dataverse.seed("account", {"name": f"Site {people.prefix}", "websiteurl": site})
    (by_name,) = dataverse.seed("account", {"name": f"Named {people.prefix}"})
    _save(restored, lead={"linkAccount": "link"})
    export = restored.export(
        "lead",
        [
            people.one(1, companyName="Whatever", companyWebsite=f"http://{people.prefix}.example/"),
            people.one(2, companyName=f"NAMED {people.prefix}"),
            people.one(3, companyName=f"Nobody {people.prefix}"),
        ],
    )
    assert export["counts"]["created"] == 3
    assert {each["code"] for each in restored.outcomes(export["id"])} == {None}
    assert _bound(dataverse, people) == {"Ada1": by_site, "Ada2": by_name, "Ada3": None}


def test_new_leads_get_the_account_of_their_company_once(
    restored: Talk, people: People, dataverse: Dataverse
) -> None:
    _save(restored, lead={"linkAccount": "create"})
    company = {
        "companyId": f"c-{people.prefix}",
        "companyName": f"Contoso {people.prefix}",
        "companyCity": "Graz",
    }
    colleagues = [people.one(number, **company) for number in (1, 2, 3)]
    dry = restored.export("lead", colleagues, params={"dryRun": "true"})
    assert dry["counts"]["created"] == 3
    assert _accounts(dataverse, people) == {}
    restored.export("lead", colleagues[:2])
    restored.export("lead", colleagues)
    ((account, name),) = _accounts(dataverse, people).items()
    assert name == f"Contoso {people.prefix}"
    assert set(_bound(dataverse, people).values()) == {account}
    (row,) = [row for row in dataverse.rows("account") if row["accountid"] == account]
    assert row["address1_city"] == "Graz"
    again = restored.export("account", [{"id": f"c-{people.prefix}", "name": name, "city": "Graz"}])
    assert again["counts"]["unchanged"] == 1


def test_where_accounts_are_not_allowed_leads_make_none(
    restored: Talk, people: People, dataverse: Dataverse
) -> None:
    _save(restored, exportObjects="leadsOnly", lead={"linkAccount": "create"})
    export = restored.export("lead", [people.one(1)])
    assert export["counts"]["created"] == 1
    assert _accounts(dataverse, people) == {}

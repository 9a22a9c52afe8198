"""The SDK's calls on rows: create, retrieve, list, update, upsert, delete, and its errors."""

import time
from typing import Any
from uuid import uuid4

import pytest
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError, MetadataError
from PowerPlatform.Dataverse.models.upsert import UpsertItem

from tests.contract.dataverse.running_dataverse import Directory, Organization

KEY = {"name": "new_number", "columns": ["accountnumber"]}


def names(rows: Any) -> list[str]:
    return [row["name"] for row in rows]


@pytest.fixture
def companies(client: DataverseClient) -> list[str]:
    """The ids of five accounts, A to E, with 10 to 50 employees."""
    rows = [{"name": letter, "numberofemployees": 10 * place} for place, letter in enumerate("ABCDE", 1)]
    return client.records.create("account", rows)


def test_one_row_is_created_and_retrieved(client: DataverseClient) -> None:
    row_id = client.records.create("account", {"Name": "Contoso", "NumberOfEmployees": 5})
    row = client.records.retrieve("account", row_id, select=["name", "numberofemployees"])
    assert row is not None
    assert (row["name"], row["numberofemployees"], row.id) == ("Contoso", 5, row_id)


def test_many_rows_are_created_in_the_given_order(client: DataverseClient, companies: list[str]) -> None:
    rows = [client.records.retrieve("account", one, select=["name"]) for one in companies]
    assert names(rows) == list("ABCDE")


def test_labels_of_choices_become_their_values(client: DataverseClient) -> None:
    row_id = client.records.create("account", {"name": "One", "industrycode": "consulting"})
    row = client.records.retrieve("account", row_id, include_annotations="*")
    assert row is not None
    assert row["industrycode@OData.Community.Display.V1.FormattedValue"] == "Consulting"


def test_a_row_that_is_not_there_is_none(client: DataverseClient) -> None:
    assert client.records.retrieve("account", str(uuid4())) is None


def test_rows_are_listed_with_filter_order_and_top(client: DataverseClient, companies: list[str]) -> None:
    rows = client.records.list(
        "account", select=["name"], filter="numberofemployees gt 10", orderby=["name desc"], top=3
    )
    assert names(rows) == ["E", "D", "C"]


def test_pages_follow_one_another(client: DataverseClient, companies: list[str]) -> None:
    pages = list(client.records.list_pages("account", select=["name"], orderby=["name"], page_size=2))
    assert [names(page) for page in pages] == [["A", "B"], ["C", "D"], ["E"]]


def test_lookups_and_collections_are_expanded(client: DataverseClient) -> None:
    company = client.records.create("account", {"name": "Contoso"})
    client.records.create(
        "contact", {"lastname": "Lee", "parentcustomerid_account@odata.bind": f"/accounts({company})"}
    )
    row = client.records.retrieve("account", company, expand=["contact_customer_accounts($select=lastname)"])
    assert row is not None
    assert [one["lastname"] for one in row["contact_customer_accounts"]] == ["Lee"]
    (person,) = client.records.list("contact", expand=["parentcustomerid_account($select=name)"])
    assert person["parentcustomerid_account"]["name"] == "Contoso"


def test_one_row_is_updated(client: DataverseClient, plain: Organization, companies: list[str]) -> None:
    client.records.update("account", companies[0], {"telephone1": "1"})
    assert plain.row("accounts", companies[0])["telephone1"] == "1"


def test_one_change_is_made_to_many_rows(
    client: DataverseClient, plain: Organization, companies: list[str]
) -> None:
    client.records.update("account", companies, {"websiteurl": "https://one.example"})
    assert {row["websiteurl"] for row in plain.rows("accounts")} == {"https://one.example"}


def test_each_row_gets_its_own_change(
    client: DataverseClient, plain: Organization, companies: list[str]
) -> None:
    client.records.update("account", companies[:2], [{"telephone1": "1"}, {"telephone1": "2"}])
    found = [plain.row("accounts", one)["telephone1"] for one in companies[:3]]
    assert found == ["1", "2", None]


def test_an_upsert_by_alternate_key_creates_then_updates(
    client: DataverseClient, plain: Organization
) -> None:
    plain.control("POST", "tables/account/keys", KEY)
    for name in ("First", "Second"):
        client.records.upsert(
            "account", [{"alternate_key": {"accountnumber": "1"}, "record": {"name": name}}]
        )
    assert names(plain.rows("accounts")) == ["Second"]


def test_many_upserts_by_alternate_key_go_at_once(client: DataverseClient, plain: Organization) -> None:
    plain.control("POST", "tables/account/keys", KEY)
    plain.create("accounts", accountnumber="1", name="Old")
    items = [UpsertItem(alternate_key={"accountnumber": one}, record={"name": f"N{one}"}) for one in "123"]
    client.records.upsert("account", items)
    assert names(plain.rows("accounts?$orderby=accountnumber")) == ["N1", "N2", "N3"]


def test_one_row_is_deleted(client: DataverseClient, plain: Organization, companies: list[str]) -> None:
    client.records.delete("account", companies[0])
    assert len(plain.rows("accounts")) == 4


def test_many_rows_are_deleted_by_a_job(
    client: DataverseClient, plain: Organization, companies: list[str]
) -> None:
    job = client.records.delete("account", companies[:3])
    assert job
    deadline = time.monotonic() + 180
    while len(plain.rows("accounts")) > 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sorted(names(plain.rows("accounts"))) == ["D", "E"]
    state = plain.get(f"asyncoperations({job})?$select=statecode,statuscode").json()
    assert (state["statecode"], state["statuscode"]) == (3, 30)


def test_many_rows_are_deleted_one_by_one(
    client: DataverseClient, plain: Organization, companies: list[str]
) -> None:
    assert client.records.delete("account", companies[:3], use_bulk_delete=False) is None
    assert sorted(names(plain.rows("accounts"))) == ["D", "E"]


def test_a_refused_row_is_an_error_with_dataverses_code(client: DataverseClient) -> None:
    with pytest.raises(HttpError) as caught:
        client.records.create("account", {"name": "x" * 161})
    assert caught.value.status_code == 400
    assert caught.value.details["service_error_code"] == "0x80044331"
    assert caught.value.details["service_request_id"]


def test_an_update_of_a_missing_row_is_an_error(client: DataverseClient) -> None:
    with pytest.raises(HttpError) as caught:
        client.records.update("account", str(uuid4()), {"name": "One"})
    assert (caught.value.status_code, caught.value.details["service_error_code"]) == (404, "0x80040217")


def test_an_unknown_table_is_an_error_of_the_sdk(client: DataverseClient) -> None:
    with pytest.raises(MetadataError):
        client.records.create("nothing", {"name": "One"})


def test_a_throttled_call_says_that_it_may_be_repeated(client: DataverseClient, plain: Organization) -> None:
    plain.control(
        "POST",
        "faults",
        {"action": "status", "status": 429, "code": "0x80072322", "message": "Slow down.", "retryAfter": 7},
    )
    with pytest.raises(HttpError) as caught:
        client.records.list("account")
    assert caught.value.is_transient
    assert caught.value.details["retry_after"] == 7


def test_a_stranger_is_refused(sdk_address: str, sdk_directory: Directory, plain: Organization) -> None:
    from tests.contract.dataverse_sdk.conftest import Credential

    with (
        DataverseClient(sdk_address, Credential(sdk_directory.token(str(uuid4())))) as stranger,
        pytest.raises(HttpError) as caught,
    ):
        stranger.records.list("account")
    assert (caught.value.status_code, caught.value.details["service_error_code"]) == (403, "0x80072560")

"""The SDK's batches: operations in order, change sets that are atomic, queries and dataframes among them."""

import pandas as pd
import pytest
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError

from tests.contract.dataverse.running_dataverse import Organization


def names(organization: Organization) -> list[str]:
    return [row["name"] for row in organization.rows("accounts?$orderby=name")]


def test_a_batch_writes_and_reads_in_order(client: DataverseClient, plain: Organization) -> None:
    batch = client.batch.new()
    batch.records.create("account", {"name": "A"})
    batch.records.create("account", [{"name": "B"}, {"name": "C"}])
    batch.records.list("account", select=["name"], filter="name ne 'A'", orderby=["name"], top=5)
    batch.query.sql("SELECT COUNT(*) AS n FROM account")
    result = batch.execute()
    assert not result.has_errors
    assert [one.status_code for one in result.responses] == [204, 200, 200, 200]
    assert len(result.entity_ids) == 1
    listed, counted = result.responses[2].data, result.responses[3].data
    assert listed is not None
    assert [row["name"] for row in listed["value"]] == ["B", "C"]
    assert counted is not None
    assert counted["value"][0]["n"] == 3
    assert names(plain) == ["A", "B", "C"]


def test_a_change_set_refers_to_what_it_has_just_made(client: DataverseClient, plain: Organization) -> None:
    batch = client.batch.new()
    with batch.changeset() as changes:
        company = changes.records.create("account", {"name": "Contoso"})
        person = changes.records.create(
            "contact", {"lastname": "Lee", "parentcustomerid_account@odata.bind": company}
        )
        changes.records.update("contact", person, {"jobtitle": "Boss"})
    assert not batch.execute().has_errors
    (row,) = plain.rows("contacts?$select=jobtitle&$expand=parentcustomerid_account($select=name)")
    assert (row["jobtitle"], row["parentcustomerid_account"]["name"]) == ("Boss", "Contoso")


def test_a_failing_change_set_leaves_nothing_behind(client: DataverseClient, plain: Organization) -> None:
    batch = client.batch.new()
    with batch.changeset() as changes:
        changes.records.create("account", {"name": "A"})
        changes.records.create("account", {"name": "x" * 161})
    batch.records.create("account", {"name": "After"})
    result = batch.execute(continue_on_error=True)
    assert [one.error_code for one in result.failed] == ["0x80044331"]
    assert names(plain) == ["After"]


def test_without_continue_on_error_the_first_failure_ends_it(
    client: DataverseClient, plain: Organization
) -> None:
    batch = client.batch.new()
    batch.records.create("account", {"name": "A"})
    batch.records.create("account", {"name": "x" * 161})
    batch.records.create("account", {"name": "C"})
    result = batch.execute()
    assert [one.status_code for one in result.responses] == [204, 400]
    assert names(plain) == ["A"]


def test_a_batch_updates_upserts_and_deletes(client: DataverseClient, plain: Organization) -> None:
    plain.control("POST", "tables/account/keys", {"name": "new_number", "columns": ["accountnumber"]})
    one, two, three = client.records.create("account", [{"name": name} for name in "ABC"])
    batch = client.batch.new()
    batch.records.update("account", [one, two], {"telephone1": "1"})
    batch.records.upsert("account", [{"alternate_key": {"accountnumber": "9"}, "record": {"name": "D"}}])
    batch.records.delete("account", three)
    batch.records.delete("account", [two], use_bulk_delete=True)
    batch.records.retrieve("account", one, select=["telephone1"])
    result = batch.execute()
    assert not result.has_errors, [one.error_message for one in result.failed]
    assert result.responses[-1].data is not None
    assert result.responses[-1].data["telephone1"] == "1"
    assert names(plain) == ["A", "D"]


def test_a_batch_takes_dataframes(client: DataverseClient, plain: Organization) -> None:
    batch = client.batch.new()
    batch.dataframe.create("account", pd.DataFrame([{"name": "A"}, {"name": "B"}]))
    assert not batch.execute().has_errors
    assert names(plain) == ["A", "B"]


def test_a_batch_of_more_than_1000_operations_is_refused_by_the_service(plain: Organization) -> None:
    part = "--b\r\nContent-Type: application/http\r\n\r\nGET /api/data/v9.2/accounts HTTP/1.1\r\n\r\n\r\n"
    body = (part * 1001 + "--b--\r\n").encode()
    answer = plain.call("POST", "$batch", body, Content_Type="multipart/mixed; boundary=b")
    assert answer.status_code == 400


def test_a_table_that_a_batch_does_not_find_is_an_error(client: DataverseClient) -> None:
    batch = client.batch.new()
    batch.query.sql("SELECT nothing FROM account")
    result = batch.execute(continue_on_error=True)
    assert [one.status_code for one in result.failed] == [400]


def test_a_batch_while_throttled_is_an_error_that_may_be_repeated(
    client: DataverseClient, plain: Organization
) -> None:
    client.records.list("account", top=1)
    fault = {"action": "status", "status": 429, "code": "0x80072322", "message": "Slow.", "path": "$batch"}
    plain.control("POST", "faults", fault)
    batch = client.batch.new()
    batch.records.list("account", top=1)
    with pytest.raises(HttpError) as caught:
        batch.execute()
    assert caught.value.is_transient

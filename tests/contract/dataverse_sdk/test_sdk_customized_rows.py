"""Rows of tables and relationships that the SDK has made: queried, linked, deleted with one another."""

import pytest
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError
from PowerPlatform.Dataverse.models.relationship import ManyToManyRelationshipMetadata

from tests.contract.dataverse.running_dataverse import Organization


@pytest.fixture
def orders(client: DataverseClient) -> DataverseClient:
    client.tables.create("new_Order", {"new_Amount": "decimal"})
    return client


def lookup_to_account(client: DataverseClient, cascade: str) -> str:
    """Gives orders a lookup to their account and makes an order of one; the account's id."""
    client.tables.create_lookup_field("new_order", "new_CompanyId", "account", cascade_delete=cascade)
    company = client.records.create("account", {"name": "Contoso"})
    order = {"new_name": "First", "new_amount": 5, "new_CompanyId@odata.bind": f"/accounts({company})"}
    client.records.create("new_Order", order)
    return company


def test_a_lookup_of_ones_own_is_expanded_and_queried(orders: DataverseClient) -> None:
    lookup_to_account(orders, "RemoveLink")
    (row,) = orders.records.list("new_order", select=["new_name"], expand=["new_CompanyId($select=name)"])
    assert row["new_CompanyId"]["name"] == "Contoso"
    (row,) = orders.records.list("new_order", filter="new_CompanyId/name eq 'contoso'")
    assert row["new_amount"] == 5
    sql = "SELECT o.new_name, a.name FROM new_order o JOIN account a ON o.new_companyid = a.accountid"
    assert [one["name"] for one in orders.query.sql(sql)] == ["Contoso"]


@pytest.mark.parametrize(("cascade", "left"), [("RemoveLink", 1), ("Cascade", 0)])
def test_the_lookups_cascade_decides_what_goes_with_an_account(
    orders: DataverseClient, cascade: str, left: int
) -> None:
    orders.records.delete("account", lookup_to_account(orders, cascade))
    rows = list(orders.records.list("new_order", select=["_new_companyid_value"]))
    assert [row["_new_companyid_value"] for row in rows] == [None] * left


def test_a_restricting_lookup_keeps_the_account(orders: DataverseClient) -> None:
    company = lookup_to_account(orders, "Restrict")
    with pytest.raises(HttpError) as caught:
        orders.records.delete("account", company)
    assert caught.value.details["service_error_code"] == "0x80040227"
    assert orders.records.retrieve("account", company) is not None


def test_rows_are_linked_by_a_relationship_of_ones_own(orders: DataverseClient, plain: Organization) -> None:
    orders.tables.create_many_to_many_relationship(
        ManyToManyRelationshipMetadata(
            schema_name="new_order_lead", entity1_logical_name="new_order", entity2_logical_name="lead"
        )
    )
    order = orders.records.create("new_order", {"new_name": "First"})
    lead = orders.records.create("lead", {"lastname": "Lee"})
    path = f"new_orders({order})/new_order_lead/$ref"
    assert plain.post(path, {"@odata.id": f"leads({lead})"}).status_code == 204
    (row,) = orders.records.list("new_order", expand=["new_order_lead($select=lastname)"])
    assert [one["lastname"] for one in row["new_order_lead"]] == ["Lee"]

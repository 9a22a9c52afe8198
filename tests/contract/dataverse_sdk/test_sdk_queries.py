"""The SDK's queries: its builder, FetchXML, SQL and dataframes."""

from typing import Any

import pandas as pd
import pytest
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError, ValidationError
from PowerPlatform.Dataverse.models.filters import col, raw
from PowerPlatform.Dataverse.models.query_builder import ExpandOption

from tests.contract.dataverse.running_dataverse import Organization


@pytest.fixture
def people(client: DataverseClient) -> DataverseClient:
    """Two companies; Ann and Bob work for the first, Cem for the second, Dee for none."""
    one, two = client.records.create("account", [{"name": "One", "revenue": 10}, {"name": "Two"}])
    rows: list[dict[str, Any]] = [
        {"firstname": "Ann", "jobtitle": "Boss", "parentcustomerid_account@odata.bind": f"/accounts({one})"},
        {"firstname": "Bob", "jobtitle": "Clerk", "parentcustomerid_account@odata.bind": f"/accounts({one})"},
        {"firstname": "Cem", "jobtitle": "boss", "parentcustomerid_account@odata.bind": f"/accounts({two})"},
        {"firstname": "Dee"},
    ]
    client.records.create("contact", rows)
    return client


def first(rows: Any) -> str:
    """The first letters of the people in rows, in order."""
    return "".join(row["firstname"][0] for row in rows)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (col("jobtitle") == "BOSS", "AC"),
        (col("jobtitle") != "Boss", "BD"),
        (col("jobtitle").is_null(), "D"),
        (col("jobtitle").is_not_null(), "ABC"),
        (col("firstname").in_(["Ann", "Dee"]), "AD"),
        (col("firstname").not_in(["Ann", "Dee"]), "BC"),
        (col("firstname").contains("e"), "CD"),
        (col("firstname").startswith("b"), "B"),
        (col("firstname").endswith("B"), "B"),
        (col("firstname").between("B", "D"), "BC"),
        ((col("jobtitle") == "boss") & (col("firstname") > "B"), "C"),
        ((col("firstname") == "Ann") | (col("firstname") == "Bob"), "AB"),
        (~(col("firstname") == "Ann"), "BCD"),
        (raw("Microsoft.Dynamics.CRM.Today(PropertyName='createdon')"), "ABCD"),
        (raw("Microsoft.Dynamics.CRM.EqualUserId(PropertyName='createdby')"), "ABCD"),
        (raw("parentcustomerid_account/name eq 'One'"), "AB"),
    ],
)
def test_conditions_of_the_builder(people: DataverseClient, condition: Any, expected: str) -> None:
    query = people.query.builder("contact").select("firstname").where(condition).order_by("firstname")
    assert first(query.execute()) == expected


def test_the_builder_sorts_limits_counts_and_pages(people: DataverseClient) -> None:
    query = people.query.builder("contact").select("firstname").order_by("firstname", descending=True)
    assert first(query.top(2).execute()) == "DC"
    query = people.query.builder("contact").select("firstname").order_by("firstname").count().page_size(3)
    assert [first(page) for page in query.execute_pages()] == ["ABC", "D"]


def test_the_builder_expands_with_options_and_shows_formatted_values(people: DataverseClient) -> None:
    workers = (
        ExpandOption("contact_customer_accounts").select("firstname").order_by("firstname", descending=True)
    )
    workers = workers.top(1)
    query = people.query.builder("account").select("name", "revenue").where(col("name") == "One")
    (row,) = query.expand(workers).include_formatted_values().execute()
    assert first(row["contact_customer_accounts"]) == "B"
    assert row["revenue@OData.Community.Display.V1.FormattedValue"] == "€10.00"


def test_fetchxml_joins_tables(people: DataverseClient) -> None:
    xml = """<fetch><entity name="contact"><attribute name="firstname" /><order attribute="firstname" />
      <link-entity name="account" from="accountid" to="parentcustomerid" alias="company">
        <attribute name="name" /><filter><condition attribute="name" operator="eq" value="one" /></filter>
      </link-entity></entity></fetch>"""
    rows = people.query.fetchxml(xml).execute()
    assert [(row["firstname"], row["company.name"]) for row in rows] == [("Ann", "One"), ("Bob", "One")]


def test_fetchxml_pages_with_its_cookie(people: DataverseClient) -> None:
    xml = """<fetch count="3"><entity name="contact"><attribute name="firstname" />
      <order attribute="firstname" /></entity></fetch>"""
    assert [first(page) for page in people.query.fetchxml(xml).execute_pages()] == ["ABC", "D"]


def test_fetchxml_aggregates(people: DataverseClient) -> None:
    xml = """<fetch aggregate="true"><entity name="contact">
      <attribute name="contactid" alias="n" aggregate="count" />
      <attribute name="jobtitle" alias="job" groupby="true" /><order alias="job" /></entity></fetch>"""
    rows = people.query.fetchxml(xml).execute()
    assert [(row.get("job"), row["n"]) for row in rows] == [(None, 1), ("Boss", 2), ("Clerk", 1)]


def test_fetchxml_with_an_unknown_column_is_an_error(people: DataverseClient) -> None:
    xml = "<fetch><entity name='contact'><attribute name='x' /></entity></fetch>"
    with pytest.raises(HttpError) as caught:
        people.query.fetchxml(xml).execute()
    assert caught.value.details["service_error_code"] == "0x80041103"


JOINED = "FROM contact c {} JOIN account AS a ON c.parentcustomerid = a.accountid"
SELECTIONS = {
    "SELECT firstname FROM contact ORDER BY firstname": "ABCD",
    "SELECT TOP 2 firstname FROM contact ORDER BY firstname DESC": "DC",
    "SELECT firstname FROM contact WHERE jobtitle = 'BOSS' ORDER BY firstname": "AC",
    "SELECT firstname FROM contact WHERE jobtitle <> 'boss'": "B",
    "SELECT firstname FROM contact WHERE jobtitle IS NULL": "D",
    "SELECT firstname FROM contact WHERE firstname LIKE 'B%' OR firstname IN ('Dee') ORDER BY 1": "BD",
    "SELECT firstname FROM contact WHERE firstname BETWEEN 'a' AND 'c' ORDER BY firstname": "AB",
    f"SELECT c.firstname {JOINED.format('')} WHERE a.name = 'one' ORDER BY c.firstname": "AB",
    f"SELECT c.firstname {JOINED.format('LEFT')} WHERE a.accountid IS NULL": "D",
    "SELECT firstname FROM contact ORDER BY firstname OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY": "BC",
}


@pytest.mark.parametrize(("sql", "expected"), SELECTIONS.items(), ids=range(len(SELECTIONS)))
def test_sql_selects_rows(people: DataverseClient, sql: str, expected: str) -> None:
    assert first(people.query.sql(sql)) == expected


def test_sql_groups_and_aggregates(people: DataverseClient) -> None:
    rows = people.query.sql("SELECT jobtitle, COUNT(*) AS n FROM contact GROUP BY jobtitle ORDER BY jobtitle")
    assert [(row["jobtitle"], row["n"]) for row in rows] == [(None, 1), ("Boss", 2), ("Clerk", 1)]
    (row,) = people.query.sql("SELECT SUM(revenue) AS total, MAX(name) AS last FROM account")
    assert (row["total"], row["last"]) == (10, "Two")
    assert len(people.query.sql("SELECT DISTINCT jobtitle FROM contact")) == 3


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nothing FROM contact",
        "SELECT firstname FROM contact WHERE",
        "SELECT firstname, ROW_NUMBER() OVER (ORDER BY firstname) AS r FROM contact",
        "SELECT SUBSTRING(firstname, 1, 1) AS f FROM contact",
    ],
)
def test_sql_that_cannot_be_is_a_refusal(people: DataverseClient, sql: str) -> None:
    with pytest.raises(HttpError) as caught:
        people.query.sql(sql)
    assert caught.value.status_code in {400, 501}


def test_the_sdk_itself_refuses_sql_that_writes(people: DataverseClient) -> None:
    with pytest.raises(ValidationError):
        people.query.sql("DELETE FROM contact")


def test_columns_for_sql_come_from_the_metadata(client: DataverseClient) -> None:
    columns = {one["name"]: one["type"] for one in client.query.sql_columns("account")}
    assert columns["name"] == "String"


def test_a_dataframe_is_created_updated_queried_and_deleted(
    client: DataverseClient, plain: Organization
) -> None:
    frame = pd.DataFrame([{"name": "A", "numberofemployees": 1}, {"name": "B", "numberofemployees": None}])
    frame["accountid"] = client.dataframe.create("account", frame)
    frame["telephone1"] = ["1", None]
    client.dataframe.update("account", frame[["accountid", "telephone1", "name"]], id_column="accountid")
    found = client.dataframe.sql("SELECT name, telephone1, numberofemployees FROM account ORDER BY name")
    assert found["name"].tolist() == ["A", "B"]
    assert found["telephone1"].tolist()[0] == "1"
    built = client.query.builder("account").select("name").order_by("name").top(5).execute().to_dataframe()
    assert built["name"].tolist() == ["A", "B"]
    client.dataframe.delete("account", frame["accountid"], use_bulk_delete=False)
    assert plain.rows("accounts") == []


def test_a_dataframe_clears_what_it_says_is_empty(client: DataverseClient, plain: Organization) -> None:
    row_id = plain.create("accounts", name="One", telephone1="1")
    frame = pd.DataFrame([{"accountid": row_id, "telephone1": None}])
    client.dataframe.update("account", frame, id_column="accountid", clear_nulls=True)
    assert plain.row("accounts", row_id)["telephone1"] is None

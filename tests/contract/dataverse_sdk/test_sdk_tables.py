"""Tables, columns, keys and relationships made, read and removed by Microsoft's Python SDK."""

from enum import IntEnum
from pathlib import Path

import pytest
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError, MetadataError
from PowerPlatform.Dataverse.models.labels import Label, LocalizedLabel
from PowerPlatform.Dataverse.models.relationship import (
    CascadeConfiguration,
    LookupAttributeMetadata,
    ManyToManyRelationshipMetadata,
    OneToManyRelationshipMetadata,
)

from tests.contract.dataverse.running_dataverse import Organization


class Stage(IntEnum):
    OPEN = 1
    DONE = 2


Stage.__labels__ = {1033: {"OPEN": "Open", "DONE": "Done"}, 1031: {"OPEN": "Offen"}}  # type: ignore[attr-defined]  # where the SDK looks

COLUMNS = {
    "new_Text": "string",
    "new_Note": {"type": "memo", "max_length": 3000},
    "new_Whole": {"type": "int", "min_value": 0, "max_value": 10},
    "new_Fraction": "decimal",
    "new_Float": "float",
    "new_Day": "datetime",
    "new_Flag": "bool",
    "new_Stage": Stage,
    "new_Paper": "file",
}


@pytest.fixture
def project(client: DataverseClient) -> str:
    client.tables.create("new_Project", COLUMNS, display_name="Project")
    return "new_Project"


def label(text: str) -> Label:
    return Label([LocalizedLabel(text, 1033)])


def test_a_table_is_created_with_its_names(client: DataverseClient) -> None:
    made = client.tables.create("new_Inventory", {"new_Amount": "int"}, display_name="Inventory")
    assert made.schema_name == "new_Inventory"
    assert made.logical_name == "new_inventory"
    assert made.entity_set_name == "new_inventories"
    assert (made.primary_name_attribute, made.primary_id_attribute) == ("new_name", "new_inventoryid")
    found = client.tables.get("new_inventory")
    assert found is not None
    assert found.metadata_id == made.metadata_id
    assert "new_inventory" in {one["LogicalName"] for one in client.tables.list()}


def test_a_table_with_a_taken_name_is_refused(client: DataverseClient, project: str) -> None:
    with pytest.raises(MetadataError, match="already exists"):
        client.tables.create(project, {})


def test_every_type_of_column_is_made_written_and_read(client: DataverseClient, project: str) -> None:
    values = {
        "new_name": "Bridge",
        "new_text": "steel",
        "new_note": "x" * 3000,
        "new_whole": 10,
        "new_fraction": 1.25,
        "new_float": 0.33333,
        "new_day": "2026-03-01",
        "new_flag": True,
        "new_stage": "Done",
    }
    row_id = client.records.create(project, values)
    row = client.records.retrieve(project, row_id)
    assert row is not None
    assert row["new_stage"] == Stage.DONE
    assert row["new_day"] == "2026-03-01T00:00:00Z"
    same = ("new_name", "new_text", "new_note", "new_whole", "new_fraction", "new_float", "new_flag")
    assert {name: row[name] for name in same} == {name: values[name] for name in same}


def test_the_limits_that_a_column_was_given_hold(client: DataverseClient, project: str) -> None:
    with pytest.raises(HttpError) as refused:
        client.records.create(project, {"new_whole": 11})
    assert refused.value.status_code == 400


def test_labels_in_another_language_stand_for_an_option_too(client: DataverseClient, project: str) -> None:
    row_id = client.records.create(project, {"new_stage": "offen"})
    row = client.records.retrieve(project, row_id)
    assert row is not None
    assert row["new_stage"] == Stage.OPEN


def test_columns_are_added_and_removed(client: DataverseClient, project: str) -> None:
    assert client.tables.add_columns(project, {"new_More": "string"}) == ["new_More"]
    row_id = client.records.create(project, {"new_more": "yes"})
    row = client.records.retrieve(project, row_id)
    assert row is not None
    assert row["new_more"] == "yes"
    assert client.tables.remove_columns(project, ["new_More"]) == ["new_More"]
    assert "new_more" not in {one["LogicalName"] for one in client.tables.list_columns(project)}


def test_a_column_is_listed_with_the_limits_of_its_type(client: DataverseClient, project: str) -> None:
    column = client.tables.get_column(project, "new_Whole", typed=True)
    assert column is not None
    assert (column["MinValue"], column["MaxValue"]) == (0, 10)
    typed = {one["LogicalName"]: one for one in client.tables.list_columns(project, typed=True)}
    assert typed["new_note"]["MaxLength"] == 3000


def test_a_columns_limits_are_changed(client: DataverseClient, project: str) -> None:
    client.tables.update_column(project, "new_Whole", {"max_value": 20, "display_name": "Amount"})
    column = client.tables.get_column(project, "new_Whole")
    assert column is not None
    assert column["DisplayName"]["UserLocalizedLabel"]["Label"] == "Amount"
    assert client.records.create(project, {"new_whole": 20})


def test_a_table_is_deleted_with_its_rows(client: DataverseClient, plain: Organization, project: str) -> None:
    client.records.create(project, {"new_name": "Bridge"})
    client.tables.delete(project)
    assert client.tables.get(project) is None
    assert plain.get("new_projects").status_code == 404


def test_an_alternate_key_is_made_used_and_deleted(client: DataverseClient, project: str) -> None:
    made = client.tables.create_alternate_key(project, "new_TextKey", ["new_text"])
    (found,) = client.tables.get_alternate_keys(project)
    assert found.metadata_id == made.metadata_id
    assert (found.schema_name, found.key_attributes, found.status) == ("new_TextKey", ["new_text"], "Active")
    client.records.create(project, {"new_text": "one"})
    with pytest.raises(HttpError) as refused:
        client.records.create(project, {"new_text": "One"})
    assert refused.value.status_code == 412
    client.tables.delete_alternate_key(project, made.metadata_id)
    assert client.tables.get_alternate_keys(project) == []


def test_a_lookup_points_at_another_table(client: DataverseClient, project: str) -> None:
    made = client.tables.create_lookup_field(project, "new_CustomerId", "account", display_name="Customer")
    account = client.records.create("account", {"name": "Northwind"})
    row_id = client.records.create(project, {"new_CustomerId@odata.bind": f"/accounts({account})"})
    row = client.records.retrieve(project, row_id)
    assert row is not None
    assert row["_new_customerid_value"] == account
    found = client.tables.get_relationship(made.relationship_schema_name)
    assert found is not None
    assert found.relationship_id == made.relationship_id
    assert (found.referenced_entity, found.referencing_entity) == ("account", "new_project")


def test_a_one_to_many_relationship_is_made_and_deleted(client: DataverseClient, project: str) -> None:
    lookup = LookupAttributeMetadata("new_SponsorId", label("Sponsor"), required_level="ApplicationRequired")
    relationship = OneToManyRelationshipMetadata(
        "new_contact_project", "contact", "new_project", "contactid", CascadeConfiguration(delete="Restrict")
    )
    made = client.tables.create_one_to_many_relationship(lookup, relationship)
    assert made.relationship_id
    listed = client.tables.list_table_relationships(project)
    assert "new_contact_project" in {one["SchemaName"] for one in listed}
    client.tables.delete_relationship(made.relationship_id)
    assert client.tables.get_relationship("new_contact_project") is None
    assert "new_sponsorid" not in {one["LogicalName"] for one in client.tables.list_columns(project)}


def test_a_many_to_many_relationship_is_made_and_deleted(client: DataverseClient, project: str) -> None:
    made = client.tables.create_many_to_many_relationship(
        ManyToManyRelationshipMetadata("new_project_contact", "new_project", "contact")
    )
    found = client.tables.get_relationship("new_project_contact")
    assert found is not None
    assert (found.entity1_logical_name, found.entity2_logical_name) == ("new_project", "contact")
    assert made.relationship_id
    client.tables.delete_relationship(made.relationship_id)
    assert client.tables.get_relationship("new_project_contact") is None


def test_relationships_are_filtered_by_type(client: DataverseClient, project: str) -> None:
    client.tables.create_many_to_many_relationship(
        ManyToManyRelationshipMetadata("new_project_lead", "new_project", "lead")
    )
    kind = "RelationshipType eq Microsoft.Dynamics.CRM.RelationshipType'ManyToManyRelationship'"
    names = {
        one["SchemaName"] for one in client.tables.list_relationships(filter=kind, select=["SchemaName"])
    }
    assert "new_project_lead" in names
    assert not any(name.endswith("createdby") for name in names)


def test_a_many_to_many_relationship_links_rows(
    client: DataverseClient, plain: Organization, project: str
) -> None:
    client.tables.create_many_to_many_relationship(
        ManyToManyRelationshipMetadata("new_project_contact", "new_project", "contact")
    )
    row_id = client.records.create(project, {"new_name": "Bridge"})
    contact = client.records.create("contact", {"lastname": "Okafor"})
    body = {"@odata.id": f"{plain.base}/api/data/v9.2/contacts({contact})"}
    assert plain.post(f"new_projects({row_id})/new_project_contact/$ref", body).status_code == 204
    (row,) = plain.rows("new_projects?$select=new_name&$expand=new_project_contact($select=lastname)")
    assert [one["lastname"] for one in row["new_project_contact"]] == ["Okafor"]


@pytest.mark.parametrize("mode", ["small", "chunk"])
def test_a_file_is_uploaded(
    client: DataverseClient, plain: Organization, project: str, *, mode: str, tmp_path: Path
) -> None:
    content = b"the agreement, " * 300_000
    (tmp_path / "agreement.txt").write_bytes(content)
    row_id = client.records.create(project, {"new_name": "Bridge"})
    path = str(tmp_path / "agreement.txt")
    client.files.upload(project, row_id, "new_Paper", path, mode=mode)
    assert plain.get(f"new_projects({row_id})/new_paper/$value").content == content


def test_a_file_column_is_made_by_the_first_upload(
    client: DataverseClient, plain: Organization, tmp_path: Path
) -> None:
    (tmp_path / "logo.txt").write_bytes(b"logo")
    account = client.records.create("account", {"name": "Northwind"})
    client.files.upload("account", account, "new_Paper", str(tmp_path / "logo.txt"))
    assert plain.get(f"accounts({account})/new_paper/$value").content == b"logo"


def test_tables_and_columns_are_made_in_a_batch(client: DataverseClient) -> None:
    batch = client.batch.new()
    batch.tables.create("new_Batched", {"new_Text": "string"})
    batch.records.create("account", {"name": "Northwind"})
    result = batch.execute()
    assert not result.has_errors
    table = client.tables.get("new_Batched")
    assert table is not None
    assert client.records.create("new_Batched", {"new_text": "yes"})

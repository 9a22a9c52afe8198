"""By which names the records of other tables are bound, as relationships tell it."""

from typing import Any

from shared.dataverse import messages
from shared.dataverse.attributes import columns_of
from shared.domain.fields import Column


def _attribute(name: str, kind: str) -> dict[str, Any]:
    return {
        "LogicalName": name,
        "SchemaName": name,
        "AttributeTypeName": {"Value": f"{kind}Type"},
        "IsValidForCreate": True,
        "IsValidForUpdate": True,
    }


def _relationship(column: str, table: str, name: str) -> dict[str, Any]:
    return {
        "ReferencingAttribute": column,
        "ReferencedEntity": table,
        "ReferencingEntityNavigationPropertyName": name,
    }


def _columns(kind: str, targets: list[str], *relationships: dict[str, Any]) -> Column:
    cast = [{"LogicalName": "c", "Targets": targets}]
    [made] = columns_of([_attribute("c", kind)], [cast], relationships)
    return made


def test_each_target_of_a_customer_has_its_own_name() -> None:
    made = _columns(
        "Customer",
        ["account", "contact"],
        _relationship("c", "contact", "c_contact"),
        _relationship("c", "account", "c_account"),
        _relationship("other", "account", "other"),
    )
    assert made.navigation == (("account", "c_account"), ("contact", "c_contact"))
    assert made.mappable
    assert made.wire_name == "_c_value"


def test_a_custom_lookup_is_bound_by_a_name_with_capitals() -> None:
    made = _columns("Lookup", ["new_thing"], _relationship("c", "new_thing", "New_Thing"))
    assert made.navigation == (("new_thing", "New_Thing"),)


def test_users_and_teams_are_bound_by_the_owners_one_name() -> None:
    made = _columns("Owner", ["systemuser", "team"], _relationship("c", "owner", "ownerid"))
    assert made.navigation == (("systemuser", "ownerid"), ("team", "ownerid"))


def test_a_lookup_without_a_relationship_cannot_be_mapped() -> None:
    assert not _columns("Lookup", ["account"]).mappable


def test_names_in_a_request_for_a_target_are_literals() -> None:
    table, columns = messages.retrieve_target("a'b", ["x' or 1 eq 1"])
    assert "EntityDefinitions(LogicalName='a''b')" in table.path
    assert "x%27%27" in columns.path or "x''" in columns.path
    assert "\r" not in table.path + columns.path

"""Our metadata answers against real ones: the same keys, the same forms, the same values."""

from collections.abc import Callable
from typing import Any

import pytest

from local.emulators.dataverse.metadata import answer
from local.emulators.dataverse.schema import load_tables

ORGANIZATION = "https://contoso.crm4.dynamics.com"
ATTRIBUTES = "EntityDefinitions(LogicalName='account')/Attributes"

# Properties whose values the emulator does not know or does not keep, and why.
NOT_KEPT = {
    "MetadataId": "made from the names",
    "ColumnNumber": "the place in our file",
    "Description": "no sentences of Microsoft's in the repository",
    "CreatedOn": "history",
    "ModifiedOn": "history",
    "IntroducedVersion": "history",
    "IsManaged": "which solution brought it",
    "ImeMode": "keyboards of East Asia",
    "DatabaseLength": "the database's own",
    "FormulaDefinition": "null or empty",
    "AutoNumberFormat": "null or empty",
    "ChildPicklistLogicalNames": "the file's null is the Web API's empty collection",
    "IsValidForAdvancedFind": "settings of views and forms, guessed from IsValidForForm",
    "IsValidForGrid": "as above",
    "IsRequiredForForm": "as above",
    "IsRetrievable": "as above",
    "IsFilterable": "as above",
    "IsSearchable": "as above",
    "IsGlobalFilterEnabled": "as above",
    "IsSortableEnabled": "as above",
    "IsAuditEnabled": "settings of auditing and field security, guessed",
    "CanBeSecuredForCreate": "as above",
    "CanBeSecuredForRead": "as above",
    "CanBeSecuredForUpdate": "as above",
    "IsCustomizable": "what a customizer may do, guessed",
    "IsRenameable": "as above",
    "CanModifyAdditionalSettings": "as above",
    "IsPrimaryId": "the real one says true of the two address ids as well",
}
REQUIRED_LEVEL_MAY_NOT_BE_CHANGED = {
    "owningbusinessunit",
    "owningbusinessunitname",
    "msa_managingpartneridname",
    "msa_managingpartneridyominame",
}
FORMS_THAT_DIFFER = {"Description", "ChildPicklistLogicalNames", "FormulaDefinition", "AutoNumberFormat"}


def _get(path: str, **query: str) -> dict[str, Any]:
    options = {f"${name}": value for name, value in query.items()}
    return answer(path, options, load_tables(), ORGANIZATION)


def _form(value: object) -> object:
    """The value with its content taken away: names and classes only."""
    if isinstance(value, dict):
        return {name: _form(inner) for name, inner in value.items() if name != "MetadataId"}
    if isinstance(value, list):
        return [_form(value[0])] if value else []
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return type(value).__name__


def _without_ids(value: Any) -> Any:
    """The value as far as two organizations can agree on it: no ids, nothing of a label but its text."""
    if isinstance(value, dict):
        if "LocalizedLabels" in value:
            chosen = value["UserLocalizedLabel"]
            return chosen and chosen["Label"]
        return {name: _without_ids(inner) for name, inner in value.items() if name != "MetadataId"}
    return [_without_ids(inner) for inner in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def real_columns(real_json: Callable[[str], Any]) -> dict[str, Any]:
    return {row["LogicalName"]: row for row in real_json("account.json")["Attributes"]}


def _differing(real: dict[str, Any], view: Callable[[Any], object]) -> set[tuple[str, str]]:
    return {
        (row["LogicalName"], name)
        for row in _get(ATTRIBUTES)["value"]
        for name, value in row.items()
        if view(value) != view(real[row["LogicalName"]][name])
    }


def test_every_column_answers_with_properties_of_the_real_one(real_columns: dict[str, Any]) -> None:
    rows = {row["LogicalName"]: row for row in _get(ATTRIBUTES)["value"]}
    assert rows.keys() == real_columns.keys()
    assert {key for name, row in rows.items() for key in row.keys() - real_columns[name].keys()} == set()


def test_every_property_has_the_form_of_the_real_one(real_columns: dict[str, Any]) -> None:
    assert {name for _, name in _differing(real_columns, _form)} == FORMS_THAT_DIFFER


def test_every_property_we_keep_has_the_value_of_the_real_one(real_columns: dict[str, Any]) -> None:
    differing = {pair for pair in _differing(real_columns, _without_ids) if pair[1] not in NOT_KEPT}
    assert differing == {(name, "RequiredLevel") for name in REQUIRED_LEVEL_MAY_NOT_BE_CHANGED}


@pytest.mark.parametrize("cast", ["Picklist", "Boolean", "State", "Status"])
def test_choices_are_those_of_the_real_organization(cast: str, real_columns: dict[str, Any]) -> None:
    path = f"{ATTRIBUTES}/Microsoft.Dynamics.CRM.{cast}AttributeMetadata"
    rows = _get(path, select="LogicalName", expand="OptionSet")["value"]
    kept = {"Name", "OptionSetType", "IsGlobal", "Options", "TrueOption", "FalseOption"}

    def cut(option_set: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in _without_ids(option_set).items() if name in kept}

    ours = {row["LogicalName"]: cut(row["OptionSet"]) for row in rows}
    real = {name: cut(row["OptionSet"]) for name, row in real_columns.items() if name in ours}
    for option_set in [*ours.values(), *real.values()]:
        for option in option_set.get("Options", []):
            option.pop("DefaultStatus", None)  # which reason a state starts with is not kept
    assert ours == real
    assert len(ours) == sum(
        row.get("@odata.type", "").endswith(f".{cast}AttributeMetadata") for row in real_columns.values()
    )


def test_navigation_names_are_those_of_the_real_organization(real_json: Callable[[str], Any]) -> None:
    names = (
        "ReferencingEntityNavigationPropertyName",
        "ReferencingAttribute",
        "ReferencedEntity",
        "ReferencedAttribute",
        "ReferencingEntity",
        "RelationshipType",
    )
    path = "EntityDefinitions(LogicalName='account')/ManyToOneRelationships"
    ours = [tuple(row[name] for name in names) for row in _get(path)["value"]]
    real = [tuple(row[name] for name in names) for row in real_json("account.json")["ManyToOneRelationships"]]
    assert sorted(ours) == sorted(real)


def test_a_relationship_has_the_form_of_a_real_one(real_json: Callable[[str], Any]) -> None:
    [ours, *_] = _get("EntityDefinitions(LogicalName='account')/ManyToOneRelationships")["value"]
    [real, *_] = real_json("account.json")["ManyToOneRelationships"]
    assert _form(ours) == _form(real)


def test_a_table_has_the_properties_and_names_of_the_real_answer(real_json: Callable[[str], Any]) -> None:
    real = real_json("answers/get_entitydefinition_businessunit.json")
    ours = _get("EntityDefinitions(LogicalName='businessunit')")
    assert real.keys() - ours.keys() == {"Privileges", "Settings"}
    assert ours.keys() - real.keys() == set()
    names = {name for name in ours if name.endswith(("Name", "Attribute", "Code")) or name == "DisplayName"}
    assert {name: _without_ids(ours[name]) for name in names} == {
        name: _without_ids(real[name]) for name in names
    }


def test_a_list_of_names_is_the_real_answer_but_for_ids(real_json: Callable[[str], Any]) -> None:
    real = real_json("answers/get_entitydefinition_businessunit_attributes.json")
    ours = _get("EntityDefinitions(LogicalName='businessunit')/Attributes", select="LogicalName")
    assert ours["@odata.context"].partition("/api/")[2] == real["@odata.context"].partition("/api/")[2]
    assert [_without_ids(row) for row in ours["value"]] == [_without_ids(row) for row in real["value"]]
    assert all(row["MetadataId"] for row in ours["value"])


def test_a_cast_with_nested_selection_has_the_context_of_the_real_answer(
    real_path: Callable[[str], Any],
) -> None:
    real = real_path("answers/test_picklist_choices.txt").read_text(encoding="utf-8")
    tail = real.partition("$metadata#EntityDefinitions('test')")[2].partition('"')[0]
    path = f"{ATTRIBUTES}(LogicalName='industrycode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"
    expand = "OptionSet($select=Options),GlobalOptionSet($select=Options)"
    ours = _get(path, select="LogicalName", expand=expand)
    assert ours["@odata.context"] == (
        f"{ORGANIZATION}/api/data/v9.2/$metadata#EntityDefinitions('account'){tail}"
    )
    assert list(ours["OptionSet"]) == ["MetadataId", "Options"]

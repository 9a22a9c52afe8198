"""Bodies of definitions as the documentation writes them, and the answers to them read."""

from typing import Any

import requests

from tests.contract.dataverse.running_dataverse import Organization

TYPE = "Microsoft.Dynamics.CRM."
BANK = "EntityDefinitions(LogicalName='new_bankaccount')"


def label(text: str, **others: str) -> dict[str, Any]:
    """A Label in English; others by language code, as _1031="Bank"."""
    texts = {1033: text} | {int(code[1:]): one for code, one in others.items()}
    return {
        "@odata.type": f"{TYPE}Label",
        "LocalizedLabels": [
            {"@odata.type": f"{TYPE}LocalizedLabel", "Label": one, "LanguageCode": code}
            for code, one in texts.items()
        ],
    }


def column(kind: str, schema_name: str, **more: Any) -> dict[str, Any]:
    """The body of a new column."""
    usual = {
        "@odata.type": f"{TYPE}{kind}AttributeMetadata",
        "AttributeTypeName": {"Value": f"{kind}Type"},
        "SchemaName": schema_name,
        "DisplayName": label(schema_name.partition("_")[2]),
        "Description": label(f"The {schema_name}"),
        "RequiredLevel": {
            "Value": "None",
            "CanBeChanged": True,
            "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings",
        },
    }
    return usual | more


def options(*texts: str, first: int = 727_000_000) -> list[dict[str, Any]]:
    return [{"Value": first + index, "Label": label(text)} for index, text in enumerate(texts)]


def table(schema_name: str = "new_BankAccount", **more: Any) -> dict[str, Any]:
    """The body of a new table, as in "Create and update table definitions using the Web API"."""
    name = column(
        "String", "new_AccountName", MaxLength=100, FormatName={"Value": "Text"}, IsPrimaryName=True
    )
    usual = {
        "@odata.type": f"{TYPE}EntityMetadata",
        "Attributes": [name],
        "Description": label("An entity to store information about customer bank accounts"),
        "DisplayCollectionName": label("Bank Accounts"),
        "DisplayName": label("Bank Account"),
        "HasActivities": False,
        "HasNotes": False,
        "IsActivity": False,
        "OwnershipType": "UserOwned",
        "SchemaName": schema_name,
    }
    return usual | more


def made(answer: requests.Response) -> str:
    """The MetadataId in the answer to a creation."""
    assert answer.status_code == 204, answer.text
    assert answer.content == b""
    return answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")


def add_table(organization: Organization, schema_name: str = "new_BankAccount", **more: Any) -> str:
    return made(organization.post("EntityDefinitions", table(schema_name, **more)))


def add_column(organization: Organization, kind: str, schema_name: str, **more: Any) -> str:
    return made(organization.post(f"{BANK}/Attributes", column(kind, schema_name, **more)))


def definition(organization: Organization, path: str) -> dict[str, Any]:
    answer = organization.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def text_of(content: dict[str, Any], name: str = "DisplayName") -> str:
    found: str = content[name]["UserLocalizedLabel"]["Label"]
    return found

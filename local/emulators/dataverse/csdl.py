"""$metadata: the organization's tables, relationships, actions and functions as a CSDL document."""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from local.emulators.dataverse.conditions.operators import FUNCTIONS as QUERY_FUNCTIONS
from local.emulators.dataverse.conditions.operators import OPERATORS
from local.emulators.dataverse.conditions.values import MANY
from local.emulators.dataverse.exchange import Reply
from local.emulators.dataverse.model import Kind, Property
from local.emulators.dataverse.organization import Organization, TableKit
from local.emulators.dataverse.relations import Pointing
from local.emulators.dataverse.schema import LOOKUPS
from local.emulators.dataverse.scope import Scope

EDMX: Final = "http://docs.oasis-open.org/odata/ns/edmx"
EDM: Final = "http://docs.oasis-open.org/odata/ns/edm"
NAMESPACE: Final = "Microsoft.Dynamics.CRM"
ALIAS: Final = "mscrm"
PRINCIPALS: Final = frozenset({"systemuser", "team"})  # types whose key is the principal's ownerid
BULK: Final = {"CreateMultiple": "CreateMultipleResponse", "UpdateMultiple": "", "UpsertMultiple": ""}
RESPONSES: Final = {
    "WhoAmIResponse": {"BusinessUnitId": "Edm.Guid", "UserId": "Edm.Guid", "OrganizationId": "Edm.Guid"},
    "RetrieveVersionResponse": {"Version": "Edm.String"},
    "CreateMultipleResponse": {"Ids": "Collection(Edm.Guid)"},
    "BulkDeleteResponse": {"JobId": "Edm.Guid"},
}
FUNCTIONS: Final = {"WhoAmI": "WhoAmIResponse", "RetrieveVersion": "RetrieveVersionResponse"}


def metadata_document(scope: Scope, _: str) -> Reply:
    """The answer to a GET of $metadata."""
    root = Element("edmx:Edmx", {"Version": "4.0", "xmlns:edmx": EDMX})
    schema = SubElement(
        SubElement(root, "edmx:DataServices"),
        "Schema",
        {"Namespace": NAMESPACE, "Alias": ALIAS, "xmlns": EDM},
    )
    _bases(schema)
    organization = scope.organization
    kits = sorted(organization.by_set.values(), key=lambda kit: kit.model.name)
    for kit in kits:
        _entity_type(schema, organization, kit)
    for name, properties in RESPONSES.items():
        complex_type = SubElement(schema, "ComplexType", {"Name": name})
        for own, kind in properties.items():
            SubElement(complex_type, "Property", {"Name": own, "Type": kind})
    _operations(schema, kits)
    _container(schema, organization, kits)
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return Reply(200, {"Content-Type": "application/xml"}, body)


def _bases(schema: Element) -> None:
    SubElement(schema, "EntityType", {"Name": "crmbaseentity", "Abstract": "true"})
    principal = SubElement(schema, "EntityType", {"Name": "principal", "BaseType": f"{ALIAS}.crmbaseentity"})
    SubElement(SubElement(principal, "Key"), "PropertyRef", {"Name": "ownerid"})
    SubElement(principal, "Property", {"Name": "ownerid", "Type": "Edm.Guid", "Nullable": "false"})


def _entity_type(schema: Element, organization: Organization, kit: TableKit) -> None:
    table = kit.table
    base = "principal" if kit.model.name in PRINCIPALS else "crmbaseentity"
    entity = SubElement(schema, "EntityType", {"Name": kit.model.name, "BaseType": f"{ALIAS}.{base}"})
    if kit.model.name not in PRINCIPALS:
        SubElement(SubElement(entity, "Key"), "PropertyRef", {"Name": table.primary_id})
    for prop in kit.model.properties.values():
        _property(entity, prop, is_key=prop.wire == table.primary_id)
    used = set(kit.model.properties)
    collections = organization.collections
    for name, (column, target) in table.navigation.items():
        if name in used or column not in table.columns or not _known(organization, target):
            continue
        used.add(name)
        kind = "principal" if target == "owner" else target
        attributes = {"Name": name, "Type": f"{ALIAS}.{kind}"}
        for back, found in collections(target).items():
            if isinstance(found, Pointing) and (found.table, found.bind) == (kit.model.name, name):
                attributes["Partner"] = back
        _constrained(SubElement(entity, "NavigationProperty", attributes), organization, column, target)
    for name, found in collections(kit.model.name).items():
        if name not in used:
            used.add(name)
            kind = f"Collection({ALIAS}.{found.table})"
            attributes = {"Name": name, "Type": kind}
            if isinstance(found, Pointing):
                attributes["Partner"] = found.bind
            SubElement(entity, "NavigationProperty", attributes)


def _known(organization: Organization, target: str) -> bool:
    return target == "owner" or organization.kit(target) is not None


def _constrained(navigation: Element, organization: Organization, column: str, target: str) -> None:
    other = organization.kit(target)
    principal = target == "owner" or target in PRINCIPALS
    key = "ownerid" if principal or other is None else other.table.primary_id
    SubElement(
        navigation, "ReferentialConstraint", {"Property": f"_{column}_value", "ReferencedProperty": key}
    )


def _property(entity: Element, prop: Property, *, is_key: bool) -> None:
    kind = "Edm.Binary" if prop.kind is Kind.BINARY else prop.edm
    attributes = {"Name": prop.wire, "Type": kind}
    if is_key:
        attributes["Nullable"] = "false"
    if kind == "Edm.Decimal":
        attributes["Scale"] = "variable"
    if kind == "Edm.String":
        attributes["Unicode"] = "false"
    shown = SubElement(entity, "Property", attributes)
    column = prop.column
    if column.type in LOOKUPS or not (column.creatable or column.updatable):
        term = {"Term": "Org.OData.Core.V1.Permissions"}
        SubElement(
            SubElement(shown, "Annotation", term), "EnumMember"
        ).text = "Org.OData.Core.V1.PermissionType/Read"


def _operations(schema: Element, kits: list[TableKit]) -> None:
    for kit in kits:
        for name, answer in BULK.items():
            action = SubElement(schema, "Action", {"Name": name, "IsBound": "true"})
            kind = f"Collection({ALIAS}.{kit.model.name})"
            SubElement(action, "Parameter", {"Name": "entityset", "Type": kind, "Nullable": "false"})
            SubElement(action, "Parameter", {"Name": "Targets", "Type": kind, "Nullable": "false"})
            if answer:
                SubElement(action, "ReturnType", {"Type": f"{ALIAS}.{answer}", "Nullable": "false"})
    for name, answer in FUNCTIONS.items():
        function = SubElement(schema, "Function", {"Name": name})
        SubElement(function, "ReturnType", {"Type": f"{ALIAS}.{answer}", "Nullable": "false"})
    for name in sorted(QUERY_FUNCTIONS):
        function = SubElement(schema, "Function", {"Name": name})
        for parameter, kind in _parameters(name).items():
            SubElement(function, "Parameter", {"Name": parameter, "Type": kind, "Nullable": "false"})
        SubElement(function, "ReturnType", {"Type": "Edm.Boolean", "Nullable": "false"})


def _parameters(name: str) -> dict[str, str]:
    wanted = OPERATORS[name][1]
    found = {"PropertyName": "Edm.String"}
    if wanted == MANY or name in {"Between", "NotBetween"}:
        return found | {"PropertyValues": "Collection(Edm.String)"}
    if wanted == 1:
        return found | {"PropertyValue": "Edm.String"}
    return found | {f"PropertyValue{number}": "Edm.String" for number in range(1, wanted + 1)}


def _container(schema: Element, organization: Organization, kits: list[TableKit]) -> None:
    container = SubElement(schema, "EntityContainer", {"Name": "System"})
    for kit in kits:
        kind = f"{ALIAS}.{kit.model.name}"
        entity_set = SubElement(container, "EntitySet", {"Name": kit.table.entity_set, "EntityType": kind})
        bound = {name: target for name, (_, target) in kit.table.navigation.items()}
        bound |= {name: one.table for name, one in organization.collections(kit.model.name).items()}
        for name, target in bound.items():
            other = organization.kit(target)
            if other:
                attributes = {"Path": name, "Target": other.table.entity_set}
                SubElement(entity_set, "NavigationPropertyBinding", attributes)
    for name in FUNCTIONS:
        SubElement(container, "FunctionImport", {"Name": name, "Function": f"{ALIAS}.{name}"})

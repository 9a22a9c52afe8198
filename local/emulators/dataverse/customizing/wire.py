"""The JSON types of properties in the bodies of customizers, checked before anything is read from them."""

from collections.abc import Mapping
from typing import Any, Final

from local.emulators.dataverse.errors import wrong_type

NUMBER: Final = (int, float)
OBJECT: Final = (dict,)
TEXT: Final = (str,)
WHOLE: Final = (int,)
TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    **dict.fromkeys(
        (
            "AssociatedMenuConfiguration",
            "AttributeQuery",
            "AttributeTypeName",
            "CascadeConfiguration",
            "Criteria",
            "DateTimeBehavior",
            "Description",
            "DisplayCollectionName",
            "DisplayName",
            "Entity1AssociatedMenuConfiguration",
            "Entity2AssociatedMenuConfiguration",
            "FalseOption",
            "FormatName",
            "KeyQuery",
            "Lookup",
            "OptionSet",
            "Properties",
            "RelationshipQuery",
            "RequiredLevel",
            "TrueOption",
        ),
        OBJECT,
    ),
    **dict.fromkeys(
        (
            "@odata.type",
            "AttributeLogicalName",
            "AttributeName",
            "AttributeType",
            "AutoNumberFormat",
            "ConditionOperator",
            "Entity1LogicalName",
            "Entity1NavigationPropertyName",
            "Entity2LogicalName",
            "Entity2NavigationPropertyName",
            "EntityLogicalName",
            "EntityName",
            "EntitySetName",
            "FilterOperator",
            "Format",
            "GlobalOptionSet@odata.bind",
            "IntersectEntityName",
            "Name",
            "OptionSetName",
            "OptionSetType",
            "OwnershipType",
            "PropertyName",
            "ReferencedEntity",
            "ReferencedEntityNavigationPropertyName",
            "ReferencingEntity",
            "ReferencingEntityNavigationPropertyName",
            "SchemaName",
            "TableType",
        ),
        TEXT,
    ),
    **dict.fromkeys(
        ("DefaultFormValue", "LanguageCode", "MaxLength", "MaxSizeInKB", "Precision", "PrecisionSource"),
        WHOLE,
    ),
    **dict.fromkeys(("SourceType", "StateCode"), WHOLE),
    **dict.fromkeys(("MaxValue", "MinValue"), NUMBER),
    "Label": (dict, str),  # of an option, and of a LocalizedLabel
}
LISTS: Final[Mapping[str, tuple[type, ...]]] = {
    **dict.fromkeys(
        (
            "Attributes",
            "Conditions",
            "Entities",
            "Filters",
            "LocalizedLabels",
            "OneToManyRelationships",
            "Options",
        ),
        OBJECT,
    ),
    **dict.fromkeys(("BlockList", "KeyAttributes", "PropertyNames"), TEXT),
    "Values": WHOLE,
}
EDM: Final = {TEXT: "Edm.String", WHOLE: "Edm.Int32", NUMBER: "Edm.Double"}


def refuse_wrong_types(body: Mapping[str, Any], what: str) -> None:
    """Refuses a body with a property of another JSON type; null fits everywhere."""
    for name, value in body.items():
        if value is None:
            continue
        if name in LISTS:
            _refuse_other(value, (list,), what)
            for one in value:
                _refuse_other(one, LISTS[name], what)
        elif name in TYPES:
            _refuse_other(value, TYPES[name], what)
        elif name == "Value" and what != "Query":
            _refuse_other(value, (str, int, float), what)  # also of managed properties
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                _refuse_inner(name, inner, what)


def _refuse_inner(name: str, value: Mapping[str, Any], what: str) -> None:
    if name == "CascadeConfiguration":
        for one in (given for given in value.values() if given is not None):
            _refuse_other(one, TEXT, what)
    refuse_wrong_types(value, what)


def _refuse_other(value: object, fitting: tuple[type, ...], what: str) -> None:
    if not isinstance(value, fitting) or (isinstance(value, bool) and fitting in {WHOLE, NUMBER}):
        raise wrong_type(what, str(value), EDM.get(fitting, "an object of the documented form"))

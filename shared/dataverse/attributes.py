"""Makes columns of the attribute metadata that the Web API answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.domain.fields import Column, ColumnType, Option, RequiredLevel

Attribute = Mapping[str, Any]

# The table that the relationship of every owner names: users and teams.
_ANY_OWNER = "owner"
# No data of their own: names beside lookups and choices, parts of other columns, internals.
_WITHOUT_DATA = frozenset({"Virtual", "EntityName", "CalendarRules", "ManagedProperty"})


def columns_of(
    attributes: Iterable[Attribute],
    casts: Iterable[Sequence[Attribute]],
    relationships: Iterable[Attribute] = (),
) -> Iterator[Column]:
    """The columns that hold data. `casts` add to an attribute what only its own type has.

    `relationships` are those from this table to others: they name what a lookup is bound by.
    """
    details: dict[str, dict[str, Any]] = {}
    for cast in casts:
        for attribute in cast:
            details.setdefault(attribute["LogicalName"], {}).update(attribute)
    navigation: dict[str, list[tuple[str, str]]] = {}
    for each in relationships:
        bound = (each["ReferencedEntity"], each["ReferencingEntityNavigationPropertyName"])
        navigation.setdefault(each["ReferencingAttribute"], []).append(bound)
    for attribute in attributes:
        if _holds_data(attribute):
            name = attribute["LogicalName"]
            yield _column(attribute, details.get(name, {}), navigation.get(name, []))


def label_of(label: Attribute | None) -> str:
    """The text of a Label in the caller's language, else in the first one; empty where it has none."""
    if not label:
        return ""
    texts = (label.get("UserLocalizedLabel"), *(label.get("LocalizedLabels") or ()))
    return next((str(text["Label"]).strip() for text in texts if text and text.get("Label")), "")


def _holds_data(attribute: Attribute) -> bool:
    if attribute.get("AttributeOf") is not None or _type_name(attribute) in _WITHOUT_DATA:
        return False
    writable = attribute.get("IsValidForCreate") or attribute.get("IsValidForUpdate")
    return bool(writable) or not str(attribute["LogicalName"]).endswith("_composite")


def _column(attribute: Attribute, detail: Attribute, navigation: Sequence[tuple[str, str]]) -> Column:
    kind = _type(attribute)
    targets = tuple(detail.get("Targets") or ())
    return Column(
        name=attribute["LogicalName"],
        label=label_of(attribute.get("DisplayName"))
        or attribute.get("SchemaName")
        or attribute["LogicalName"],
        type=kind,
        required_level=_required(attribute),
        max_length=detail.get("MaxLength"),
        minimum=_number(detail.get("MinValue")),
        maximum=_number(detail.get("MaxValue")),
        precision=detail.get("Precision"),
        format=_value_of(detail.get("FormatName")) or detail.get("Format"),
        behavior=_value_of(detail.get("DateTimeBehavior")),
        options=tuple(_options(kind, detail)),
        targets=targets,
        navigation=tuple(_navigation(navigation, targets)),
        creatable=bool(attribute.get("IsValidForCreate")),
        updatable=bool(attribute.get("IsValidForUpdate")),
        custom=bool(attribute.get("IsCustomAttribute")),
    )


def _type_name(attribute: Attribute) -> str:
    """AttributeTypeName without `Type`. AttributeType calls several choices Virtual, so it is second best."""
    name = _value_of(attribute.get("AttributeTypeName"))
    return name.removesuffix("Type") if name else str(attribute.get("AttributeType") or "")


def _type(attribute: Attribute) -> ColumnType:
    try:
        return ColumnType(_type_name(attribute))
    except ValueError:
        return ColumnType.OTHER


def _required(attribute: Attribute) -> RequiredLevel:
    try:
        return RequiredLevel(_value_of(attribute.get("RequiredLevel")) or "None")
    except ValueError:
        return RequiredLevel.NONE


def _options(kind: ColumnType, detail: Attribute) -> Iterator[Option]:
    own = detail.get("OptionSet") or {}
    if kind is ColumnType.BOOLEAN:
        listed = [own.get("FalseOption"), own.get("TrueOption")]
    else:
        listed = own.get("Options") or (detail.get("GlobalOptionSet") or {}).get("Options") or []
    for option in listed:
        if option and option.get("Value") is not None:
            yield Option(option["Value"], label_of(option.get("Label")), option.get("State"))


def _navigation(bound: Iterable[tuple[str, str]], targets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each target table with its name. An owner's one relationship stands for users and teams."""
    for table, name in sorted(bound):
        if table == _ANY_OWNER:
            yield from ((target, name) for target in targets)
        else:
            yield table, name


def _value_of(wrapped: Any) -> str | None:
    """Managed properties and enumerations come as `{"Value": …}`."""
    return wrapped.get("Value") if isinstance(wrapped, dict) else None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)

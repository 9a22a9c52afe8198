"""What a table of the organization looks like, read from our compact files or the Web API's JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

TABLES_FOLDER = Path(__file__).parent / "tables"

TYPES_SHOWN_AS = {"PartyList": "Lookup", "CalendarRules": "Virtual"}

Translations = tuple[tuple[int, str], ...]  # labels in other languages than English, by language code


class SchemaFileError(ValueError):
    """A metadata file that cannot be read; the message names the file, the place and what to do."""


class ColumnType(StrEnum):
    """The types of columns, by the name AttributeTypeName gives them (without its ending "Type")."""

    STRING = "String"
    MEMO = "Memo"
    INTEGER = "Integer"
    BIG_INT = "BigInt"
    DECIMAL = "Decimal"
    DOUBLE = "Double"
    MONEY = "Money"
    BOOLEAN = "Boolean"
    DATE_TIME = "DateTime"
    PICKLIST = "Picklist"
    STATE = "State"
    STATUS = "Status"
    MULTI_SELECT = "MultiSelectPicklist"
    LOOKUP = "Lookup"
    CUSTOMER = "Customer"
    OWNER = "Owner"
    UNIQUEIDENTIFIER = "Uniqueidentifier"
    ENTITY_NAME = "EntityName"
    VIRTUAL = "Virtual"
    IMAGE = "Image"
    FILE = "File"


class RequiredLevel(StrEnum):
    """How strongly a column asks for a value; the service itself enforces SystemRequired only."""

    NONE = "None"
    RECOMMENDED = "Recommended"
    APPLICATION = "ApplicationRequired"
    SYSTEM = "SystemRequired"


ZONELESS = "TimeZoneIndependent"  # the behavior of times that are the same wherever they are read

LOOKUPS = frozenset({ColumnType.LOOKUP, ColumnType.CUSTOMER, ColumnType.OWNER})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a column; `state` is the statecode that a status reason belongs to."""

    value: int
    label: str
    state: int | None = None
    translations: Translations = ()


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a customizer chose for a one-to-many relationship, beyond its lookup and its target."""

    schema_name: str
    collection: str  # the navigation property on the referenced table
    cascades: Mapping[str, str] = field(default_factory=dict)
    menu: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intersect:
    """A many-to-many relationship, described by the table that keeps its pairs.

    `attributes` are that table's columns, `collections` the navigation properties on each of the tables.
    """

    schema_name: str
    tables: tuple[str, str]
    attributes: tuple[str, str]
    collections: tuple[str, str]
    menus: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; limits are None where the type has none, `options` is empty where they are unknown."""

    name: str
    schema_name: str
    type: ColumnType
    label: str = ""
    required: RequiredLevel = RequiredLevel.NONE
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    precision: int | None = None
    precision_source: int | None = None
    format: str | None = None
    behavior: str | None = None
    options: tuple[Option, ...] = ()
    targets: tuple[str, ...] = ()
    creatable: bool = True
    updatable: bool = True
    readable: bool = True
    on_forms: bool = True
    attribute_of: str | None = None
    logical: bool = False
    custom: bool = False
    default: int | bool | None = None
    description: str = ""
    translations: Translations = ()
    auto_number: str | None = None
    max_size: int | None = None  # of a file or an image, in KB
    full_image: bool = False
    primary_image: bool = True
    global_set: str | None = None  # the name of the global choice that `options` are a copy of
    settings: Mapping[str, Any] = field(default_factory=dict)  # metadata properties that only metadata shows

    @property
    def wire_name(self) -> str:
        """The name under which a row shows the value: `_name_value` for lookups, else the column's own."""
        return f"_{self.name}_value" if self.type in LOOKUPS else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table; `navigation` maps a bind name to (column, target), target "owner" is user or team."""

    logical_name: str
    schema_name: str
    entity_set: str
    primary_id: str
    primary_name: str | None
    object_type_code: int
    label: str
    collection_label: str = ""
    ownership: str = "UserOwned"
    columns: dict[str, Column]
    navigation: dict[str, tuple[str, str]] = field(default_factory=dict)
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    description: str = ""
    translations: Translations = ()
    collection_translations: Translations = ()
    key_labels: dict[str, str] = field(default_factory=dict)
    relationships: dict[str, Relationship] = field(default_factory=dict)  # by bind name
    intersect: Intersect | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)  # metadata properties that only metadata shows


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalChoice:
    """A choice that columns share (a global option set)."""

    name: str
    label: str
    options: tuple[Option, ...] = ()
    description: str = ""
    translations: Translations = ()


def load_tables() -> dict[str, Table]:
    """The standard tables by logical name, from the files in `tables/`."""
    tables = (_compact_table(_json(path), path) for path in sorted(TABLES_FOLDER.glob("*.json")))
    return {table.logical_name: table for table in tables}


def load_metadata_file(path: Path | str) -> Table:
    """The table in a file that holds one EntityDefinition with its Attributes, as the Web API answers it."""
    path = Path(path)
    content = _json(path)
    if not isinstance(content, dict) or not isinstance(content.get("Attributes"), list):
        raise SchemaFileError(
            f"{path} is no table's metadata: it needs LogicalName and Attributes. Save the answer of "
            "EntityDefinitions(LogicalName='...')?$expand=Attributes,ManyToOneRelationships,Keys."
        )
    try:
        return _wire_table(content)
    except (KeyError, TypeError, ValueError) as error:
        raise SchemaFileError(
            f"{path}: a part of the metadata is missing or has the wrong form ({error!r}). "
            "Save it again without $select."
        ) from error


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SchemaFileError(f"{path} cannot be read: {error.strerror}. Check the path.") from error
    except ValueError as error:
        raise SchemaFileError(f"{path} is not JSON: {error}. Save the Web API's answer unchanged.") from error


# The compact form: [SchemaName, type, label, flags, {everything else}]; flags are letters of
# Create, Update, Read, Form, Logical, X (custom).


def _compact_table(content: Mapping[str, Any], path: Path) -> Table:
    try:
        columns = [_compact_column(row) for row in content["columns"]]
    except (KeyError, ValueError, TypeError) as error:
        raise SchemaFileError(f"{path}: a column cannot be read ({error}). Correct its line.") from error
    read = {"columns", "navigation", "keys", "intersect"}
    given = {name: content[name] for name in content if name not in read}
    pair = content.get("intersect")
    return Table(
        intersect=Intersect(**{name: _pair(value) for name, value in pair.items()}) if pair else None,
        columns={column.name: column for column in columns},
        navigation={name: (to[0], to[1]) for name, to in content.get("navigation", {}).items()},
        keys=tuple((name, tuple(parts)) for name, parts in content.get("keys", {}).items()),
        **given,
    )


def _pair(value: str | list[str]) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _compact_column(row: list[Any]) -> Column:
    schema_name, kind, label, flags, *rest = row
    extras = dict(rest[0]) if rest else {}
    options = tuple(_compact_option(value, text) for value, text in extras.pop("options", {}).items())
    return Column(
        name=schema_name.lower(),
        schema_name=schema_name,
        type=ColumnType(kind),
        label=label,
        required=RequiredLevel(extras.pop("required", "None")),
        options=options,
        targets=tuple(extras.pop("targets", ())),
        creatable="C" in flags,
        updatable="U" in flags,
        readable="R" in flags,
        on_forms="F" in flags,
        logical="L" in flags,
        custom="X" in flags,
        **extras,
    )


def _compact_option(value: str, text: str | list[Any]) -> Option:
    return Option(int(value), text) if isinstance(text, str) else Option(int(value), text[0], text[1])


# The Web API's form.


def _wire_table(content: Mapping[str, Any]) -> Table:
    columns = [_wire_column(attribute) for attribute in content["Attributes"]]
    return Table(
        logical_name=content["LogicalName"],
        schema_name=content["SchemaName"],
        entity_set=content["EntitySetName"],
        primary_id=content["PrimaryIdAttribute"],
        primary_name=content.get("PrimaryNameAttribute"),
        object_type_code=content.get("ObjectTypeCode") or 0,
        label=_text(content.get("DisplayName")),
        collection_label=_text(content.get("DisplayCollectionName")),
        ownership=content.get("OwnershipType") or "None",
        columns={column.name: column for column in columns},
        navigation={
            one["ReferencingEntityNavigationPropertyName"]: (
                one["ReferencingAttribute"],
                one["ReferencedEntity"],
            )
            for one in content.get("ManyToOneRelationships") or ()
        },
        keys=tuple((key["LogicalName"], tuple(key["KeyAttributes"])) for key in content.get("Keys") or ()),
        description=_text(content.get("Description")),
        relationships={
            one["ReferencingEntityNavigationPropertyName"]: Relationship(
                one["SchemaName"],
                one["ReferencedEntityNavigationPropertyName"],
                one.get("CascadeConfiguration") or {},
                one.get("AssociatedMenuConfiguration") or {},
            )
            for one in content.get("ManyToOneRelationships") or ()
            if one.get("SchemaName") and one.get("ReferencedEntityNavigationPropertyName")
        },
    )


def _wire_column(attribute: Mapping[str, Any]) -> Column:
    return Column(
        name=attribute["LogicalName"],
        schema_name=attribute["SchemaName"],
        type=_wire_type(attribute),
        label=_text(attribute.get("DisplayName")),
        required=RequiredLevel(attribute["RequiredLevel"]["Value"]),
        max_length=attribute.get("MaxLength"),
        minimum=attribute.get("MinValue"),
        maximum=attribute.get("MaxValue"),
        precision=attribute.get("Precision"),
        precision_source=attribute.get("PrecisionSource"),
        format=_wire_format(attribute),
        behavior=(attribute.get("DateTimeBehavior") or {}).get("Value"),
        options=_wire_options(attribute.get("OptionSet") or attribute.get("GlobalOptionSet") or {}),
        targets=tuple(attribute.get("Targets") or ()),
        creatable=attribute["IsValidForCreate"],
        updatable=attribute["IsValidForUpdate"],
        readable=attribute["IsValidForRead"],
        on_forms=attribute.get("IsValidForForm", True),
        attribute_of=attribute.get("AttributeOf"),
        logical=attribute.get("IsLogical", False),
        custom=attribute.get("IsCustomAttribute", False),
        default=_wire_default(attribute),
        description=_text(attribute.get("Description")),
        auto_number=attribute.get("AutoNumberFormat") or None,
        max_size=attribute.get("MaxSizeInKB"),
        full_image=bool(attribute.get("CanStoreFullImage")),
        primary_image=attribute.get("IsPrimaryImage") is not False,
    )


def _wire_type(attribute: Mapping[str, Any]) -> ColumnType:
    named = (attribute.get("AttributeTypeName") or {}).get("Value") or attribute["AttributeType"]
    name = named.removesuffix("Type")
    return ColumnType(TYPES_SHOWN_AS.get(name, name))


def _wire_format(attribute: Mapping[str, Any]) -> str | None:
    named: str | None = (attribute.get("FormatName") or {}).get("Value") or attribute.get("Format")
    return None if named == "None" else named


def _wire_default(attribute: Mapping[str, Any]) -> int | bool | None:
    value: int | bool | None = attribute.get("DefaultValue", attribute.get("DefaultFormValue"))
    return None if value == -1 else value


def _wire_options(option_set: Mapping[str, Any]) -> tuple[Option, ...]:
    pair = [option_set[name] for name in ("FalseOption", "TrueOption") if option_set.get(name)]
    rows = option_set.get("Options") or pair
    return tuple(Option(row["Value"], _text(row.get("Label")), row.get("State")) for row in rows)


def _text(label: Mapping[str, Any] | None) -> str:
    chosen = (label or {}).get("UserLocalizedLabel") or {}
    return chosen.get("Label") or ""

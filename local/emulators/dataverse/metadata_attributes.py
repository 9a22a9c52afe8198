"""One column as AttributeMetadata, with the properties of its derived type."""

from collections.abc import Mapping

from local.emulators.dataverse.metadata_options import global_option_set, option_set
from local.emulators.dataverse.metadata_parts import CRM, NEVER, Json, label, managed_property, metadata_id
from local.emulators.dataverse.schema import Column, ColumnType, GlobalChoice, RequiredLevel, Table

# Types whose rows carry no @odata.type in real answers are of the plain type.
PLAIN = "AttributeMetadata"
DERIVED = {
    kind: f"{kind}AttributeMetadata"
    for kind in ColumnType
    if kind not in {ColumnType.UNIQUEIDENTIFIER, ColumnType.VIRTUAL, ColumnType.CUSTOMER, ColumnType.OWNER}
} | {ColumnType.CUSTOMER: "LookupAttributeMetadata", ColumnType.OWNER: "LookupAttributeMetadata"}

# "Entity attribute metadata": AttributeType shows these as Virtual, AttributeTypeName tells them apart.
SHOWN_AS_VIRTUAL = frozenset({ColumnType.IMAGE, ColumnType.FILE, ColumnType.MULTI_SELECT})
CALCULABLE = frozenset(
    {
        ColumnType.STRING,
        ColumnType.INTEGER,
        ColumnType.DECIMAL,
        ColumnType.DOUBLE,
        ColumnType.MONEY,
        ColumnType.BOOLEAN,
        ColumnType.DATE_TIME,
        ColumnType.PICKLIST,
        ColumnType.MULTI_SELECT,
    }
)
CHOICES = frozenset({ColumnType.PICKLIST, ColumnType.STATE, ColumnType.STATUS, ColumnType.MULTI_SELECT})


def derived_type(column: Column) -> str:
    """The name of the column's metadata type, without its namespace."""
    return DERIVED.get(column.type, PLAIN)


def attribute(table: Table, column: Column) -> Json:
    """All primitive and complex properties of the column; its choices come with `option_sets`."""
    return base_properties(table, column) | _derived_properties(table, column) | _settings(column, "ImeMode")


def type_annotation(column: Column) -> Json:
    """The @odata.type of a derived row in an answer about all types; nothing for a plain one."""
    kind = derived_type(column)
    return {} if kind == PLAIN else {"@odata.type": f"#{CRM}{kind}"}


def option_sets(table: Table, column: Column, choices: Mapping[str, GlobalChoice]) -> Json:
    """The navigation properties of a choice; one that columns share is shown by both of them."""
    if column.type not in CHOICES and column.type != ColumnType.BOOLEAN:
        return {}
    shared = choices.get(column.global_set or "")
    if shared:
        return {"OptionSet": global_option_set(shared), "GlobalOptionSet": global_option_set(shared)}
    return {"OptionSet": option_set(table, column), "GlobalOptionSet": None}


def base_properties(table: Table, column: Column) -> Json:
    """What every column has."""
    return _names(table, column) | _validity(table, column) | _constants(column) | _settings(column)


def _settings(column: Column, *derived: str) -> Json:
    """What customizers set and only metadata shows; properties of derived types apart."""
    names = derived or column.settings.keys() - {"ImeMode"}
    return {name: column.settings[name] for name in names if name in column.settings}


def _names(table: Table, column: Column) -> Json:
    names = (table.logical_name, column.name)
    shown = ColumnType.VIRTUAL if column.type in SHOWN_AS_VIRTUAL else column.type
    return {
        "MetadataId": metadata_id(*names),
        "HasChanged": None,
        "AttributeOf": column.attribute_of,
        "AttributeType": shown.value,
        "AttributeTypeName": {"Value": f"{column.type}Type"},
        "ColumnNumber": list(table.columns).index(column.name) + 1,
        "Description": label(column.description, *names, "description", managed=not column.custom),
        "DisplayName": label(
            column.label, *names, managed=not column.custom, translations=column.translations
        ),
        "EntityLogicalName": table.logical_name,
        "LogicalName": column.name,
        "SchemaName": column.schema_name,
        "IsPrimaryId": column.name == table.primary_id,
        "IsPrimaryName": column.name == table.primary_name,
    }


def _validity(table: Table, column: Column) -> Json:
    own = column.attribute_of is None
    system = column.required == RequiredLevel.SYSTEM
    writable = column.creatable or column.updatable
    set_once = column.creatable and not column.updatable
    searched = column.on_forms and own
    return {
        "IsValidForCreate": column.creatable,
        "IsValidForUpdate": column.updatable,
        "IsValidForRead": column.readable,
        "IsValidForForm": column.on_forms,
        "IsValidForGrid": column.on_forms,
        "IsValidODataAttribute": _visible_in_rows(column),
        "IsLogical": column.logical,
        "IsCustomAttribute": column.custom,
        "IsRequiredForForm": column.required == RequiredLevel.APPLICATION,
        "IsRetrievable": column.name == table.primary_name,
        "IsSearchable": column.name == table.primary_name,
        "IsFilterable": False,
        "IsSecured": False,
        "IsDataSourceSecret": False,
        "IsManaged": not column.custom,
        "CanBeSecuredForCreate": column.creatable and column.on_forms and not column.logical,
        "CanBeSecuredForRead": writable and column.on_forms and not column.logical,
        "CanBeSecuredForUpdate": column.updatable and column.on_forms and not column.logical,
        "RequiredLevel": managed_property(
            "canmodifyrequirementlevelsettings",
            column.required.value,
            changeable=own and not system and (column.on_forms or set_once),
        ),
        "IsValidForAdvancedFind": managed_property(
            "canmodifysearchsettings", value=searched, changeable=searched
        ),
        "IsAuditEnabled": managed_property("canmodifyauditsettings", value=writable, changeable=writable),
        "IsCustomizable": managed_property("iscustomizable", value=searched, changeable=column.custom),
        "IsRenameable": managed_property("isrenameable", value=searched, changeable=column.custom),
        "CanModifyAdditionalSettings": managed_property(
            "canmodifyadditionalsettings", value=searched, changeable=column.custom
        ),
        "IsGlobalFilterEnabled": managed_property(
            "canmodifyglobalfiltersettings", value=False, changeable=True
        ),
        "IsSortableEnabled": managed_property("canmodifyissortablesettings", value=False, changeable=True),
    }


def _visible_in_rows(column: Column) -> bool:
    names_another = column.attribute_of is not None and (
        column.type in {ColumnType.VIRTUAL, ColumnType.ENTITY_NAME}
        or (column.type == ColumnType.STRING and column.format != "Url")
    )
    return column.readable and not names_another


def _constants(column: Column) -> Json:
    return {
        "AutoNumberFormat": column.auto_number or "",
        "CreatedOn": NEVER,
        "ModifiedOn": NEVER,
        "DeprecatedVersion": None,
        "ExternalName": None,
        "InheritsFrom": None,
        "IntroducedVersion": "1.0.0.0" if column.custom else "5.0.0.0",
        "LinkedAttributeId": None,
        "Settings": None,
        "SourceType": 0 if column.type in CALCULABLE else None,
    }


def _derived_properties(table: Table, column: Column) -> Json:
    found = _limits(column) | _texts(table, column) | _choice(column) | _pointers(column) | _moments(column)
    if column.type in CALCULABLE:
        found |= {"FormulaDefinition": None, "SourceTypeMask": 0}
    return found


def _limits(column: Column) -> Json:
    match column.type:
        case ColumnType.INTEGER:
            return _range(column) | {"Format": column.format or "None"}
        case ColumnType.BIG_INT:
            return _range(column)
        case ColumnType.DECIMAL | ColumnType.DOUBLE:
            return _range(column) | {"Precision": column.precision, "ImeMode": "Disabled"}
        case ColumnType.MONEY:
            is_base = column.name.endswith("_base")
            return _range(column) | {
                "Precision": column.precision,
                "PrecisionSource": column.precision_source,
                "ImeMode": "Disabled",
                "CalculationOf": column.name.removesuffix("_base") if is_base else None,
                "IsBaseCurrency": is_base,
            }
        case _:
            return {}


def _range(column: Column) -> Json:
    return {"MinValue": column.minimum, "MaxValue": column.maximum}


def _texts(table: Table, column: Column) -> Json:
    if column.type not in {ColumnType.STRING, ColumnType.MEMO}:
        return {}
    text: Json = {
        "Format": "Text" if column.format == "Phone" else column.format or "Text",
        "FormatName": {"Value": column.format or "Text"},
        "ImeMode": "Auto",
        "MaxLength": column.max_length,
        "IsLocalizable": False,
    }
    if column.type == ColumnType.STRING:
        text |= {"YomiOf": _yomi_of(table, column), "DatabaseLength": 2 * (column.max_length or 0)}
    return text


def _yomi_of(table: Table, column: Column) -> str | None:
    spoken_for = column.name.replace("yomi", "", 1)
    return spoken_for if spoken_for != column.name and spoken_for in table.columns else None


def _choice(column: Column) -> Json:
    if column.type == ColumnType.BOOLEAN:
        return {"DefaultValue": bool(column.default)}
    if column.type == ColumnType.ENTITY_NAME:
        return {"DefaultFormValue": None, "IsEntityReferenceStored": True}
    if column.type not in CHOICES:
        return {}
    linked: Json = {"ParentEnumAttributeLogicalName": None}
    if column.type in {ColumnType.PICKLIST, ColumnType.MULTI_SELECT}:
        linked |= {"ParentPicklistLogicalName": None, "ChildPicklistLogicalNames": []}
    return {"DefaultFormValue": -1 if column.default is None else column.default} | linked


def _pointers(column: Column) -> Json:
    if column.type == ColumnType.FILE:
        return {"MaxSizeInKB": column.max_size}
    if column.type == ColumnType.IMAGE:
        size = {"MaxHeight": 144, "MaxWidth": 144, "MaxSizeInKB": column.max_size or 10240}
        return size | {"CanStoreFullImage": column.full_image, "IsPrimaryImage": column.primary_image}
    if derived_type(column) == "LookupAttributeMetadata":
        return {"Format": "None", "Targets": list(column.targets)}
    return {}


def _moments(column: Column) -> Json:
    if column.type != ColumnType.DATE_TIME:
        return {}
    return {
        "Format": column.format or "DateAndTime",
        "ImeMode": "Inactive",
        "DateTimeBehavior": {"Value": column.behavior or "UserLocal"},
        "CanChangeDateTimeBehavior": managed_property("canmodifybehavior", value=False, changeable=False),
    }

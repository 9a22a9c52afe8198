"""The columns that every new table has without being asked for."""

from typing import Any, Final

from local.emulators.dataverse.schema import Column, ColumnType, Option, RequiredLevel, Table

USER: Final = ("systemuser",)
NAVIGATION: Final = {
    name: (name, "systemuser")
    for name in ("createdby", "createdonbehalfby", "modifiedby", "modifiedonbehalfby")
}
OWNED: Final = {
    "ownerid": ("ownerid", "owner"),
    "owningbusinessunit": ("owningbusinessunit", "businessunit"),
    "owningteam": ("owningteam", "team"),
    "owninguser": ("owninguser", "systemuser"),
}
INT32: Final = {"minimum": -(2**31), "maximum": 2**31 - 1}
STATES: Final = (Option(0, "Active"), Option(1, "Inactive"))
REASONS: Final = (Option(1, "Active", 0), Option(2, "Inactive", 1))


def system_columns(table: Table) -> tuple[Column, ...]:
    """The system columns of a new table, the primary key first."""
    key = _column(
        table.schema_name + "Id",
        ColumnType.UNIQUEIDENTIFIER,
        table.label,
        creatable=True,
        required=RequiredLevel.SYSTEM,
    )
    owner = (
        _owner()
        if table.ownership == "UserOwned"
        else (_lookup("OrganizationId", "Organization Id", "organization"),)
    )
    return (key, *_times(), *owner, *_state())


def _times() -> tuple[Column, ...]:
    moment: dict[str, Any] = {"format": "DateAndTime", "behavior": "UserLocal", "on_forms": True}
    return (
        _column("CreatedOn", ColumnType.DATE_TIME, "Created On", **moment),
        *_user("CreatedBy", "Created By"),
        *_user("CreatedOnBehalfBy", "Created By (Delegate)"),
        _column("ModifiedOn", ColumnType.DATE_TIME, "Modified On", **moment),
        *_user("ModifiedBy", "Modified By"),
        *_user("ModifiedOnBehalfBy", "Modified By (Delegate)"),
        _column(
            "ImportSequenceNumber", ColumnType.INTEGER, "Import Sequence Number", creatable=True, **INT32
        ),
        _column(
            "OverriddenCreatedOn",
            ColumnType.DATE_TIME,
            "Record Created On",
            creatable=True,
            format="DateOnly",
            behavior="UserLocal",
        ),
        _column(
            "TimeZoneRuleVersionNumber", ColumnType.INTEGER, "Time Zone Rule Version Number", **_written()
        ),
        _column(
            "UTCConversionTimeZoneCode", ColumnType.INTEGER, "UTC Conversion Time Zone Code", **_written()
        ),
        _column(
            "VersionNumber",
            ColumnType.BIG_INT,
            "Version Number",
            minimum=-(2**63),
            maximum=2**63 - 1,
        ),
    )


def _written() -> dict[str, Any]:
    return {"creatable": True, "updatable": True, "minimum": -1, "maximum": 2**31 - 1}


def _owner() -> tuple[Column, ...]:
    owner = _column(
        "OwnerId",
        ColumnType.OWNER,
        "Owner",
        creatable=True,
        updatable=True,
        on_forms=True,
        required=RequiredLevel.SYSTEM,
        targets=("systemuser", "team"),
    )
    return (
        owner,
        _name_of("OwnerId"),
        _column("OwnerIdType", ColumnType.ENTITY_NAME, "", attribute_of="ownerid", logical=True),
        _lookup("OwningBusinessUnit", "Owning Business Unit", "businessunit"),
        _lookup("OwningTeam", "Owning Team", "team"),
        _lookup("OwningUser", "Owning User", "systemuser"),
    )


def _state() -> tuple[Column, ...]:
    return (
        _column(
            "statecode",
            ColumnType.STATE,
            "Status",
            updatable=True,
            creatable=True,
            on_forms=True,
            required=RequiredLevel.SYSTEM,
            options=STATES,
        ),
        _column("statecodeName", ColumnType.VIRTUAL, "", attribute_of="statecode", logical=True),
        _column(
            "statuscode",
            ColumnType.STATUS,
            "Status Reason",
            updatable=True,
            creatable=True,
            on_forms=True,
            options=REASONS,
        ),
        _column("statuscodeName", ColumnType.VIRTUAL, "", attribute_of="statuscode", logical=True),
    )


def _user(schema_name: str, label: str) -> tuple[Column, ...]:
    return (_lookup(schema_name, label, "systemuser"), _name_of(schema_name))


def _lookup(schema_name: str, label: str, target: str) -> Column:
    return _column(schema_name, ColumnType.LOOKUP, label, targets=(target,), on_forms=True)


def _name_of(schema_name: str) -> Column:
    more: dict[str, Any] = {"max_length": 100, "format": "Text", "logical": True}
    return _column(schema_name + "Name", ColumnType.STRING, "", attribute_of=schema_name.lower(), **more)


def _column(schema_name: str, kind: ColumnType, label: str, **more: Any) -> Column:
    usual: dict[str, Any] = {"creatable": False, "updatable": False, "on_forms": False}
    return Column(name=schema_name.lower(), schema_name=schema_name, type=kind, label=label, **(usual | more))

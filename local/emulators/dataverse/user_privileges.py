"""RetrieveUserSetOfPrivilegesByNames: which of the named privileges a user holds."""

from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

import orjson

from local.emulators.dataverse import errors
from local.emulators.dataverse.addresses import Segment
from local.emulators.dataverse.exchange import Reply, json_reply
from local.emulators.dataverse.odata.options import split_query
from local.emulators.dataverse.privileges import PRIVILEGE_NAMES, Right, allows
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.world import Member

NAME: Final = "RetrieveUserSetOfPrivilegesByNames"
_PARAMETER: Final = "PrivilegeNames="
_NO_FILTER: Final = "00000000-0000-0000-0000-000000000000"


def held_by_name(scope: Scope, row_id: str, step: Segment, query: str) -> Reply:
    """The named privileges that the user holds through roles; a name that does not exist is not held."""
    member = next((one for one in scope.organization.members.values() if one.id == row_id), None)
    if member is None:
        raise errors.row_missing("systemuser", row_id)
    held = _held(scope, member)
    described = f"{scope.root}/$metadata#Microsoft.Dynamics.CRM.{NAME}Response"
    found = [_privilege(scope, name) for name in _asked(step, query) if name in held]
    return json_reply({"@odata.context": described, "RolePrivileges": found})


def _asked(step: Segment, query: str) -> list[str]:
    """The names, which come as a JSON array under an alias or in the parentheses."""
    text = (step.key or "").strip().removeprefix(_PARAMETER)
    text = split_query(query).get(text, "") if text.startswith("@") else text
    try:
        names = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise errors.argument_missing("PrivilegeNames") from error
    if not isinstance(names, list):
        raise errors.argument_missing("PrivilegeNames")
    return [str(name) for name in names]


def _held(scope: Scope, member: Member) -> set[str]:
    tables = scope.organization.tables.values()
    return {
        f"prv{right}{PRIVILEGE_NAMES.get(table.logical_name, table.schema_name)}"
        for table in tables
        for right in Right
        if any(allows(role, right, table.logical_name) for role in member.roles)
    }


def _privilege(scope: Scope, name: str) -> dict[str, Any]:
    return {
        "Depth": "Global",
        "PrivilegeId": str(uuid5(NAMESPACE_OID, name)),
        "BusinessUnitId": scope.organization.business_unit,
        "PrivilegeName": name,
        "RecordFilterId": _NO_FILTER,
        "RecordFilterUniqueName": "",
    }

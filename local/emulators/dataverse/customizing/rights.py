"""Who may customize: System Administrator and System Customizer."""

from typing import Final
from uuid import NAMESPACE_OID, uuid5

from local.emulators.dataverse.denials import missing_privilege
from local.emulators.dataverse.privileges import ADMINISTRATOR, CUSTOMIZER
from local.emulators.dataverse.scope import Scope

MAKERS: Final = frozenset({ADMINISTRATOR, CUSTOMIZER})
TYPE_CODES: Final = {
    "Entity": 9800,
    "Attribute": 9808,
    "Relationship": 9806,
    "OptionSet": 9809,
    "EntityKey": 9810,
}


def require_customizer(scope: Scope, right: str, kind: str) -> None:
    """Refuses callers without the privilege, such as prvCreateEntity."""
    for member in filter(None, (scope.caller, scope.real_caller)):
        if MAKERS.isdisjoint(member.roles):
            name = f"prv{right}{kind}"
            user = {
                "id": member.id,
                "roles": str(len(member.roles)),
                "privileges": str(100 * len(member.roles)),
                "object_id": member.object_id,
                "unit": scope.organization.business_unit,
            }
            privilege = {"name": name, "id": str(uuid5(NAMESPACE_OID, name))}
            raise missing_privilege(user, privilege, TYPE_CODES.get(kind, 0), kind)

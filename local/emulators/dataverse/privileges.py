"""Which security role may do what to which table."""

from enum import StrEnum
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from local.emulators.dataverse import denials
from local.emulators.dataverse.schema import Table
from local.emulators.dataverse.world import Member, OrganizationSeed


class Right(StrEnum):
    """What an operation needs; the value is the word in the privilege's name."""

    CREATE = "Create"
    READ = "Read"
    WRITE = "Write"
    DELETE = "Delete"
    APPEND = "Append"
    APPEND_TO = "AppendTo"


SALES_TABLES: Final = frozenset({"account", "lead", "contact", "opportunity", "accountleads", "contactleads"})
EVERYBODY_READS: Final = frozenset(
    {"systemuser", "team", "businessunit", "organization", "transactioncurrency"}
)
SALES_RIGHTS: Final = frozenset({Right.CREATE, Right.READ, Right.WRITE, Right.APPEND, Right.APPEND_TO})

ADMINISTRATOR: Final = "System Administrator"
SALESPERSON: Final = "Salesperson"
READ_ONLY: Final = "Read only"
CUSTOMIZER: Final = "System Customizer"

# Names in privileges that differ from the table's schema name.
PRIVILEGE_NAMES: Final = {"systemuser": "User", "transactioncurrency": "TransactionCurrency"}


def allows(role: str, right: Right, table: str) -> bool:
    """Whether a role holds a right; an unknown role holds none."""
    if role == ADMINISTRATOR:
        return True
    if role == CUSTOMIZER and "_" in table:
        return True
    if role == SALESPERSON and table in SALES_TABLES:
        return right in SALES_RIGHTS
    return (
        role in {SALESPERSON, READ_ONLY, CUSTOMIZER}
        and right is Right.READ
        and (role == READ_ONLY or table in EVERYBODY_READS)
    )


def require(member: Member, right: Right, table: Table, seed: OrganizationSeed) -> None:
    """Refuses an operation that none of the caller's roles allows."""
    if any(allows(role, right, table.logical_name) for role in member.roles):
        return
    name = f"prv{right}{PRIVILEGE_NAMES.get(table.logical_name, table.schema_name)}"
    user = {
        "id": member.id,
        "roles": str(len(member.roles)),
        "privileges": str(100 * len(member.roles)),
        "object_id": member.object_id,
        "unit": seed.derived_id("businessunit"),
    }
    privilege = {"name": name, "id": str(uuid5(NAMESPACE_OID, name))}
    raise denials.missing_privilege(user, privilege, table.object_type_code, table.logical_name)


def require_access(member: Member) -> None:
    """Refuses a caller who is switched off or has no role at all."""
    if not member.enabled:
        raise denials.user_disabled()
    if not member.roles:
        raise denials.no_roles()

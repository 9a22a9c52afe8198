"""Whom new records belong to in Dynamics, where one account writes for everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared import log
from shared.dataverse.client import DataverseClient
from shared.dataverse.messages import held_privileges, query
from shared.dataverse.odata import literal
from shared.dataverse.queries import read_rows
from shared.dataverse.refusals import ACCESS_DENIED, PRIVILEGE_MISSING
from shared.domain.errors import NeedsUser, RecordRejected
from shared.domain.ids import ObjectType, TenantId

_REMEMBERED = timedelta(minutes=10)
_MOST = 10_000
_MAY_NOT_LOOK = frozenset({PRIVILEGE_MISSING.code, ACCESS_DENIED.code})


@dataclass(frozen=True, slots=True)
class Owner:
    """The Dynamics user to whom new records go; `id` None: the account that writes them."""

    id: str | None


_Place = tuple[TenantId, str, ObjectType, str]


class Owners:
    """Dynamics users by e-mail address, remembered for ten minutes. Safe to share between threads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known: dict[_Place, tuple[datetime, Owner]] = {}

    def of(
        self, tenant: TenantId, client: DataverseClient, object_type: ObjectType, email: str | None
    ) -> Owner:
        """The enabled user with this address who may own such records; else the one who writes them."""
        if not email:
            return Owner(None)
        place = (tenant, client.organization.host, object_type, email.casefold())
        known = self._known.get(place)
        if known is not None and self._clock() - known[0] < _REMEMBERED:
            return known[1]
        owner = Owner(_find(client, object_type, email))
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[place] = (self._clock(), owner)
        log.info("owner looked up", found=owner.id is not None)
        return owner


def _find(client: DataverseClient, object_type: ObjectType, email: str) -> str | None:
    try:
        user = _chosen(_users(client, email), email)
        return user if user is not None and _may_own(client, user, object_type) else None
    except RecordRejected:
        return None
    except NeedsUser as error:
        if error.code not in _MAY_NOT_LOOK:
            raise
        return None


def _users(client: DataverseClient, email: str) -> list[dict[str, Any]]:
    address = literal(email)
    named = f"(domainname eq {address} or internalemailaddress eq {address})"
    request = query(
        "systemusers",
        select=("systemuserid", "domainname", "internalemailaddress"),
        where=f"isdisabled eq false and {named}",
    )
    return read_rows(client, [request])[0]


def _chosen(users: list[dict[str, Any]], email: str) -> str | None:
    """The one who signs in with the address, else the one who gets mail there; of several, nobody."""
    for column in ("domainname", "internalemailaddress"):
        named = [user for user in users if str(user.get(column) or "").casefold() == email.casefold()]
        if named:
            return str(named[0]["systemuserid"]) if len(named) == 1 else None
    return None


def _may_own(client: DataverseClient, user: str, object_type: ObjectType) -> bool:
    """Dataverse refuses an owner who may not read the record, and with it the whole request."""
    wanted = f"prvRead{object_type.title()}"
    held = client.send(held_privileges(user, [wanted])).json()["RolePrivileges"]
    return any(privilege.get("PrivilegeName") == wanted for privilege in held)

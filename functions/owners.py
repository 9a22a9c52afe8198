"""Whom new records belong to in Dynamics, where one account writes for everybody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shared import log
from shared.dataverse.client import DataverseClient, DataverseResponse
from shared.dataverse.messages import DataverseRequest, held_privileges, query
from shared.dataverse.odata import literal
from shared.dataverse.queries import Along, Rows, read_rows
from shared.dataverse.refusals import ACCESS_DENIED, PRIVILEGE_MISSING
from shared.domain.errors import NeedsUser, RecordRejected, ServiceError, Transient
from shared.domain.ids import ObjectType, TenantId
from shared.storage.once import Once

_REMEMBERED = timedelta(minutes=10)
_MOST = 10_000
_MAY_NOT_LOOK = frozenset({PRIVILEGE_MISSING.code, ACCESS_DENIED.code})


class Owner:
    """The Dynamics user to whom new records go, asked for when the first new record does.

    What is asked first may go along with another request: that is the `question`, None once it is answered.
    """

    def __init__(
        self, search: "_Search | None", found: Callable[[str | None], None] = lambda _: None
    ) -> None:
        self._search = search
        self._found = found
        self._id = Once(self._ask)

    @property
    def question(self) -> Along | None:
        """The request, and whoever takes its answer."""
        search = self._search
        return None if search is None or search.answered else Along(search.request, search.take)

    @property
    def id(self) -> str | None:
        """The user; None: new records stay with the account that writes them."""
        return self._id()

    def _ask(self) -> str | None:
        if self._search is None:
            return None
        user = self._search.user()
        self._found(user)
        log.info("owner looked up", found=user is not None)
        return user


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
        owner = Owner(_Search(client, object_type, email), lambda _: self._remember(place, owner))
        return owner

    def _remember(self, place: _Place, owner: Owner) -> None:
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[place] = (self._clock(), owner)


class _Search:
    """Who has the address, then whether that user may own such records."""

    def __init__(self, client: DataverseClient, object_type: ObjectType, email: str) -> None:
        self._client = client
        self._object_type = object_type
        self._email = email
        self._answer: DataverseResponse | ServiceError | None = None
        self.request = _users(email)

    @property
    def answered(self) -> bool:
        return self._answer is not None

    def take(self, answer: DataverseResponse | ServiceError) -> None:
        """The answer to `request`. One that may be another next time is forgotten."""
        self._answer = None if isinstance(answer, Transient) else answer

    def user(self) -> str | None:
        try:
            user = _chosen(self._rows(), self._email)
            return user if user is not None and _may_own(self._client, user, self._object_type) else None
        except RecordRejected:
            return None
        except NeedsUser as error:
            if error.code not in _MAY_NOT_LOOK:
                raise
            return None

    def _rows(self) -> Rows:
        if self._answer is None:
            return read_rows(self._client, [self.request])[0]
        if isinstance(self._answer, ServiceError):
            raise self._answer
        rows: Rows = self._answer.json()["value"]
        return rows


def _users(email: str) -> DataverseRequest:
    address = literal(email)
    named = f"(domainname eq {address} or internalemailaddress eq {address})"
    return query(
        "systemusers",
        select=("systemuserid", "domainname", "internalemailaddress"),
        where=f"isdisabled eq false and {named}",
    )


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

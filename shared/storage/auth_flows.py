"""Sign-ins under way: each can be answered once, within its time."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import datetime
from typing import Any

from shared.domain.connection import AuthFlow, FlowPurpose
from shared.domain.errors import InvalidRequest
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import parse_organization_url
from shared.storage import secret_box
from shared.storage.filters import Filter
from shared.storage.keys import key
from shared.storage.long_text import join_text, split_text
from shared.storage.table import Changed, TableStore
from shared.storage.times import from_text, to_text

_LONGEST_STATE = 400


def new_state(tenant: TenantId, entropy: bytes) -> str:
    """A state, or a code that confirms, from 32 bytes of entropy. It tells in which partition to look."""
    return f"{_encode(tenant.encode())}.{_encode(entropy)}"


class AuthFlowStore:
    """Sign-ins by state, of which only a hash is kept, with MSAL's part sealed under the state.

    So whoever reads the table can neither answer a sign-in nor learn its PKCE verifier.
    """

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def issue(self, flow: AuthFlow, now: datetime) -> None:
        """Keeps a new sign-in until it is answered, and forgets those of the tenant whose time is over."""
        for row in self._rows(flow.tenant):
            if not _is_live(row, now):
                self._table.delete(key(flow.tenant), row["RowKey"])
        self._table.insert(key(flow.tenant), _row(flow.state), _properties(flow))

    def consume(self, state: str, now: datetime) -> AuthFlow:
        """The sign-in that the state belongs to, which nobody can consume again.

        InvalidRequest when there is none, when somebody else was quicker, or when its time is over.
        """
        tenant = tenant_of(state)
        found = self._table.get(key(tenant), _row(state))
        if found is None:
            raise _unknown()
        try:
            self._table.delete(key(tenant), _row(state), found.etag)
        except Changed as error:
            raise _unknown() from error
        if not _is_live(found.value, now):
            raise InvalidRequest("signInExpired", "The sign-in took longer than ten minutes. Start it again.")
        return _flow(state, tenant, found.value)

    def is_under_way(self, tenant: TenantId, purpose: FlowPurpose, now: datetime) -> bool:
        """Whether somebody of the tenant may still answer a sign-in of that purpose."""
        return any(row["purpose"] == purpose and _is_live(row, now) for row in self._rows(tenant))

    def delete_all(self, tenant: TenantId) -> None:
        """Ends every sign-in of the tenant: whoever answers one comes too late."""
        self._table.delete_all(key(tenant))

    def forget_expired(self, now: datetime) -> int:
        """Deletes all of this table whose time is over, in every tenant; gives how many there were."""
        over = self._table.everywhere(Filter("expiresAt le @now", {"now": str(to_text(now))}))
        places = [(row.value["PartitionKey"], row.value["RowKey"], row.etag) for row in over]
        for place in places:
            with suppress(Changed):  # it was begun anew, or taken, in this very moment
                self._table.delete(*place)
        return len(places)

    def _rows(self, tenant: TenantId) -> list[dict[str, Any]]:
        found = self._table.rows(key(tenant), select=("purpose", "expiresAt"))
        return [row.value for row in found]


def _is_live(row: dict[str, Any], now: datetime) -> bool:
    expires_at = from_text(row["expiresAt"])
    return expires_at is not None and now < expires_at


def _row(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _place(tenant: TenantId, state: str) -> str:
    return key(tenant, _row(state))


def _encode(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def tenant_of(state: str) -> TenantId:
    """In which tenant a state, or a confirmation code, was made; InvalidRequest where it is neither."""
    encoded, _, secret = state.partition(".")
    if not encoded or not secret or len(state) > _LONGEST_STATE or not state.isascii():
        raise _unknown()
    try:
        tenant = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except ValueError as error:
        raise _unknown() from error
    if not tenant:
        raise _unknown()
    return TenantId(tenant)


def _unknown() -> InvalidRequest:
    return InvalidRequest(
        "signInUnknown",
        "This sign-in is not known, or it was answered already. Start it again from the application.",
    )


def _properties(flow: AuthFlow) -> dict[str, Any]:
    sealed = secret_box.seal(flow.msal_flow, flow.state, _place(flow.tenant, flow.state))
    return {
        "purpose": flow.purpose.value,
        "user": flow.user,
        "organization": flow.organization.url,
        "directory": flow.directory,
        "returnUrl": flow.return_url,
        "expiresAt": to_text(flow.expires_at),
        **split_text("sealedFlow", sealed),
    }


def _flow(state: str, tenant: TenantId, row: dict[str, Any]) -> AuthFlow:
    expires_at = from_text(row["expiresAt"])
    if expires_at is None:
        raise ValueError("the row of a sign-in has no expiresAt")
    return AuthFlow(
        state=state,
        purpose=FlowPurpose(row["purpose"]),
        tenant=tenant,
        user=UserId(row["user"]),
        organization=parse_organization_url(row["organization"]),
        directory=DirectoryId(row["directory"]),
        return_url=row.get("returnUrl"),
        msal_flow=secret_box.unseal(join_text("sealedFlow", row), state, _place(tenant, state)),
        expires_at=expires_at,
    )

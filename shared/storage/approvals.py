"""Sign-ins that wait for an administrator's approval: each with a link for the administrator to open."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import datetime
from typing import Any

from shared.domain.connection import Approval, FlowPurpose
from shared.domain.errors import InvalidRequest
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import parse_organization_url
from shared.storage.crypto import Envelope, EnvelopeCipher
from shared.storage.keys import key
from shared.storage.long_text import join_text, split_text
from shared.storage.table import Changed, Stored, TableStore
from shared.storage.times import from_text, to_text

_PREFIX = "approval"
_LONGEST = 600


def new_link(tenant: TenantId, user: UserId, entropy: bytes) -> str:
    """A link's secret, from 32 bytes of entropy. It tells in which row to look."""
    return f"{_encode(json.dumps([tenant, user]).encode())}.{_encode(entropy)}"


class ApprovalStore:
    """One row a person, in the table of sign-ins, which forgets what is over.

    The link is sealed, for its person sees it again; the ticket of the waiting page is kept as a hash.
    """

    def __init__(self, table: TableStore, cipher: EnvelopeCipher) -> None:
        self._table = table
        self._cipher = cipher

    def put(self, approval: Approval, ticket: str) -> None:
        """Keeps it in place of what the person waited for before."""
        tenant, row = key(approval.tenant), _row(approval.user)
        self._table.put(tenant, row, self._properties(approval, ticket))

    def of(self, tenant: TenantId, user: UserId, now: datetime) -> Approval | None:
        """What this person waits for; None when it is nothing, or over."""
        found = self._table.get(key(tenant), _row(user))
        if found is None or not _is_live(found.value, now):
            return None
        sealed = Envelope(
            key_id=found.value["keyId"],
            wrapped_key=b64decode(found.value["wrappedKey"]),
            sealed=b64decode(join_text("sealedLink", found.value)),
        )
        link = self._cipher.open(sealed, _owner(tenant, user)).decode()
        return _approval(tenant, user, found.value, link)

    def open(self, link: str, now: datetime) -> Approval:
        """What an administrator is asked to approve; InvalidRequest for a link that is no longer good."""
        tenant, user, found = self._found(link, "linkHash", now)
        return _approval(tenant, user, found.value, link)

    def awaited(self, ticket: str, now: datetime) -> Approval:
        """What the holder of a waiting page waits for. Its link is not told."""
        tenant, user, found = self._found(ticket, "ticketHash", now)
        return _approval(tenant, user, found.value, "")

    def spend(self, ticket: str, now: datetime) -> Approval:
        """The same, and the ticket is worth nothing afterwards; InvalidRequest for whoever comes second."""
        tenant, user, found = self._found(ticket, "ticketHash", now)
        try:
            self._table.replace(key(tenant), _row(user), {**found.value, "ticketHash": ""}, found.etag)
        except Changed as error:
            raise _unknown() from error
        return _approval(tenant, user, found.value, "")

    def grant(self, tenant: TenantId, directory: DirectoryId) -> int:
        """Marks all that waited for this directory's administrators; gives how many there were."""
        granted = 0
        for found in self._table.rows(key(tenant), prefix=f"{key(_PREFIX)}|"):
            row = {name: value for name, value in found.value.items() if name != "RowKey"}
            if row["directory"] == directory and not row["granted"]:
                with suppress(
                    Changed
                ):  # the person started anew, and will be told whether it is still missing
                    self._table.replace(
                        key(tenant), found.value["RowKey"], {**row, "granted": True}, found.etag
                    )
                    granted += 1
        return granted

    def delete(self, tenant: TenantId, user: UserId) -> None:
        """Ends the waiting of one person; fine when there is none."""
        self._table.delete(key(tenant), _row(user))

    def _found(
        self, secret: str, name: str, now: datetime
    ) -> tuple[TenantId, UserId, Stored[dict[str, Any]]]:
        tenant, user = _addressed(secret)
        found = self._table.get(key(tenant), _row(user))
        if found is None or not hmac.compare_digest(str(found.value[name]), _hash(secret)):
            raise _unknown()
        if not _is_live(found.value, now):
            raise InvalidRequest(
                "approvalExpired", "This link was good for seven days. Ask for a new one where it came from."
            )
        return tenant, user, found

    def _properties(self, approval: Approval, ticket: str) -> dict[str, Any]:
        sealed = self._cipher.seal(approval.link.encode(), _owner(approval.tenant, approval.user))
        return {
            "purpose": FlowPurpose.APPROVAL.value,
            "startedFor": approval.purpose.value,
            "organization": approval.organization.url,
            "directory": approval.directory,
            "granted": approval.granted,
            "expiresAt": to_text(approval.expires_at),
            "linkHash": _hash(approval.link),
            "ticketHash": _hash(ticket),
            "keyId": sealed.key_id,
            "wrappedKey": b64encode(sealed.wrapped_key).decode(),
            **split_text("sealedLink", b64encode(sealed.sealed).decode()),
        }


def _approval(tenant: TenantId, user: UserId, row: dict[str, Any], link: str) -> Approval:
    expires_at = from_text(row["expiresAt"])
    if expires_at is None:
        raise ValueError("the row of an approval has no expiresAt")
    return Approval(
        tenant=tenant,
        user=user,
        purpose=FlowPurpose(row["startedFor"]),
        organization=parse_organization_url(row["organization"]),
        directory=DirectoryId(row["directory"]),
        link=link,
        expires_at=expires_at,
        granted=row["granted"],
    )


def _is_live(row: dict[str, Any], now: datetime) -> bool:
    expires_at = from_text(row["expiresAt"])
    return expires_at is not None and now < expires_at


def _row(user: UserId) -> str:
    return key(_PREFIX, user)


def _owner(tenant: TenantId, user: UserId) -> str:
    return key(_PREFIX, tenant, user)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _encode(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _addressed(secret: str) -> tuple[TenantId, UserId]:
    encoded, _, rest = secret.partition(".")
    if not rest or len(secret) > _LONGEST or not secret.isascii():
        raise _unknown()
    try:
        tenant, user = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (ValueError, TypeError) as error:
        raise _unknown() from error
    if not (isinstance(tenant, str) and isinstance(user, str) and tenant and user):
        raise _unknown()
    return TenantId(tenant), UserId(user)


def _unknown() -> InvalidRequest:
    return InvalidRequest(
        "approvalUnknown",
        "This link is not known, or what it was for is done. Ask for a new one where it came from.",
    )

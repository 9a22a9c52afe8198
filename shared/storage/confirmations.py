"""Sign-ins that wait for whoever started them to confirm: each can be taken once, by its code."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared import log
from shared.domain.connection import FlowPurpose, ProvenSignIn
from shared.domain.errors import InvalidRequest
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import parse_organization_url
from shared.storage import secret_box
from shared.storage.auth_flows import tenant_of
from shared.storage.connection_rows import from_row, to_row
from shared.storage.crypto import Envelope, EnvelopeCipher, Unreadable
from shared.storage.keys import key
from shared.storage.long_text import join_text, split_text
from shared.storage.table import Changed, TableStore
from shared.storage.times import required, to_text

_PREFIX = "confirmation"


class ConfirmationStore:
    """One row a sign-in, in the table of sign-ins, which forgets what is over.

    All of it is sealed twice: as tokens are, and under the code, of which only a hash is kept. So neither
    the table with our own key, nor the code without the table, is worth anything.
    """

    def __init__(self, table: TableStore, cipher: EnvelopeCipher) -> None:
        self._table = table
        self._cipher = cipher

    def hold(self, sign_in: ProvenSignIn, code: str, expires_at: datetime) -> None:
        """Keeps it until it is taken, or its time is over."""
        place = _place(sign_in.tenant, code)
        bound = secret_box.seal(json.dumps(_content(sign_in)), code, place)
        sealed = self._cipher.seal(bound.encode(), place)
        properties = {
            "purpose": sign_in.purpose.value,
            "expiresAt": to_text(expires_at),
            "keyId": sealed.key_id,
            "wrappedKey": b64encode(sealed.wrapped_key).decode(),
            **split_text("sealed", b64encode(sealed.sealed).decode()),
        }
        self._table.insert(key(sign_in.tenant), _row(code), properties)

    def take(self, code: str, now: datetime) -> ProvenSignIn | None:
        """What the code belongs to, which nobody can take again. None: nothing, or nothing any more."""
        try:
            tenant = tenant_of(code)
            found = self._table.get(key(tenant), _row(code))
            if found is None:
                return None
            self._table.delete(key(tenant), _row(code), found.etag)
            if now >= required(found.value["expiresAt"]):
                return None
            return self._opened(tenant, code, found.value)
        except (InvalidRequest, Changed, Unreadable) as error:
            log.info("confirmation not taken", code=error.code, detail=error.detail)
            return None

    def _opened(self, tenant: TenantId, code: str, row: Mapping[str, Any]) -> ProvenSignIn:
        place = _place(tenant, code)
        sealed = Envelope(
            key_id=row["keyId"],
            wrapped_key=b64decode(row["wrappedKey"]),
            sealed=b64decode(join_text("sealed", row)),
        )
        bound = self._cipher.open(sealed, place).decode()
        return _sign_in(tenant, json.loads(secret_box.unseal(bound, code, place)))


def _row(code: str) -> str:
    return key(_PREFIX, hashlib.sha256(code.encode()).hexdigest())


def _place(tenant: TenantId, code: str) -> str:
    return key(tenant, _PREFIX, hashlib.sha256(code.encode()).hexdigest())


def _content(sign_in: ProvenSignIn) -> dict[str, Any]:
    return {
        "purpose": sign_in.purpose.value,
        "user": sign_in.user,
        "organization": sign_in.organization.url,
        "directory": sign_in.directory,
        "connection": None if sign_in.connection is None else to_row(sign_in.connection),
        "tokens": sign_in.tokens,
    }


def _sign_in(tenant: TenantId, content: Mapping[str, Any]) -> ProvenSignIn:
    connection = content["connection"]
    return ProvenSignIn(
        purpose=FlowPurpose(content["purpose"]),
        tenant=tenant,
        user=UserId(content["user"]),
        organization=parse_organization_url(content["organization"]),
        directory=DirectoryId(content["directory"]),
        connection=None if connection is None else from_row(connection),
        tokens=content["tokens"],
    )

"""Token caches of Entra ID, sealed for one tenant and one principal."""

import zlib
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

from shared import log
from shared.domain.errors import Transient
from shared.domain.ids import TenantId
from shared.storage.crypto import Envelope, EnvelopeCipher, Unreadable
from shared.storage.keys import key
from shared.storage.long_text import join_text, split_text
from shared.storage.refresh_claims import RefreshClaims
from shared.storage.table import Changed, Stored, TableStore

_VERSION = "1"


class TokenStore:
    """One row a principal, in the tenant's partition. Whoever reads the table learns nothing from it."""

    def __init__(self, table: TableStore, cipher: EnvelopeCipher) -> None:
        self._table = table
        self._cipher = cipher
        self._claims = RefreshClaims(table)

    def load(self, tenant: TenantId, principal: str) -> Stored[str] | None:
        """The cache; None when there is none, Unreadable when it was tampered with."""
        found = self._table.get(key(tenant), key(principal))
        if found is None:
            return None
        envelope = _envelope(found.value)
        opened = self._cipher.open(envelope, _owner(tenant, principal))
        etag = self._rewrap(tenant, principal, envelope, found.etag)
        return Stored(zlib.decompress(opened).decode(), etag)

    def put(self, tenant: TenantId, principal: str, cache: str) -> str:
        """Keeps the cache of a new sign-in, whatever was there; gives its tag."""
        return self._table.put(key(tenant), key(principal), self._seal(tenant, principal, cache))

    def replace(self, tenant: TenantId, principal: str, cache: str, etag: str) -> str:
        """Keeps a changed cache; Changed when it is no longer as it was read, or gone."""
        sealed = self._seal(tenant, principal, cache)
        return self._table.replace(key(tenant), key(principal), sealed, etag)

    def begin_refresh(self, tenant: TenantId, principal: str, now: datetime) -> str | None:
        """A claim to refresh, which ends after ten seconds; None while another worker's lasts."""
        return self._claims.begin(tenant, principal, now)

    def end_refresh(self, tenant: TenantId, principal: str, claim: str) -> None:
        """Gives the claim back, if it is still this one."""
        self._claims.end(tenant, principal, claim)

    def delete(self, tenant: TenantId, principal: str) -> None:
        """Destroys one principal's tokens; fine when there are none."""
        self._table.delete(key(tenant), key(principal))

    def delete_all(self, tenant: TenantId) -> int:
        """Destroys every token of the tenant; gives how many principals had some."""
        return self._table.delete_all(key(tenant))

    def _seal(self, tenant: TenantId, principal: str, cache: str) -> dict[str, Any]:
        return _row(self._cipher.seal(zlib.compress(cache.encode()), _owner(tenant, principal)))

    def _rewrap(self, tenant: TenantId, principal: str, envelope: Envelope, etag: str) -> str:
        """After a rotation, what is used moves under the newest key. Reading works without it as well."""
        try:
            newer = self._cipher.rewrapped(envelope)
            if newer is not None:
                return self._table.replace(key(tenant), key(principal), _row(newer), etag)
        except (Changed, Transient) as error:
            log.info("tokens not rewrapped", code=error.code)
        return etag


def _row(envelope: Envelope) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "keyId": envelope.key_id,
        "wrappedKey": b64encode(envelope.wrapped_key).decode(),
        **split_text("sealed", b64encode(envelope.sealed).decode()),
    }


def _owner(tenant: TenantId, principal: str) -> str:
    return key(tenant, principal, _VERSION)


def _envelope(row: dict[str, Any]) -> Envelope:
    try:
        return Envelope(
            key_id=row["keyId"],
            wrapped_key=b64decode(row["wrappedKey"], validate=True),
            sealed=b64decode(join_text("sealed", row), validate=True),
        )
    except (KeyError, ValueError) as error:
        raise Unreadable("the row of the tokens is malformed") from error

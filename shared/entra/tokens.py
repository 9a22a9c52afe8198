"""Access tokens to Dynamics, refreshed when they are about to end."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Protocol

from shared import telemetry
from shared.domain.errors import NeedsUser, ServiceError, Stale
from shared.domain.ids import TenantId
from shared.domain.organization import OrganizationUrl
from shared.entra.applications import Applications
from shared.entra.caches import account_in, merge
from shared.entra.errors import entra_faults, is_refused_grant, not_signed_in, refresh_refused, unavailable

SPARE = timedelta(minutes=5)
"""A token is not used in its last minutes; MSAL has the same rule."""

TRUSTED = timedelta(minutes=5)
"""How long a token is used without a look at the vault, where a disconnect or a new sign-in shows."""

_JUST_NOW = timedelta(seconds=5)
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.3
_WAITS = 40
"""Twelve seconds: longer than the claim of a worker that died."""

_MOST_HELD = 10_000


class SavedCache(Protocol):
    """A token cache as it is kept, with its tag."""

    @property
    def value(self) -> str: ...

    @property
    def etag(self) -> str: ...


class TokenVault(Protocol):
    """Where token caches are kept, each change on condition that nobody else made one."""

    def begin_refresh(self, tenant: TenantId, principal: str, now: datetime) -> str | None:
        """A claim to refresh, which ends by itself; None while another worker's lasts."""
        ...

    def end_refresh(self, tenant: TenantId, principal: str, claim: str) -> None:
        """Gives the claim back, if it is still this one."""
        ...

    def load(self, tenant: TenantId, principal: str) -> SavedCache | None: ...

    def replace(self, tenant: TenantId, principal: str, cache: str, etag: str) -> str:
        """Raises Stale when the cache is no longer as it was read, or gone."""
        ...


@dataclass(frozen=True, slots=True)
class _Held:
    token: str = field(repr=False)
    taken_at: datetime
    expires_at: datetime

    def serves(self, now: datetime) -> bool:
        return now < min(self.expires_at - SPARE, self.taken_at + TRUSTED)


class AccessTokens:
    """Tokens by tenant, principal and organization. Safe to share between threads."""

    def __init__(
        self,
        applications: Applications,
        vault: TokenVault,
        *,
        clock: Callable[[], datetime],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._applications = applications
        self._vault = vault
        self._clock = clock
        self._pause = pause
        self._held: dict[tuple[TenantId, str, str], _Held] = {}
        self._locks: defaultdict[tuple[TenantId, str], Lock] = defaultdict(Lock)
        self._guard = Lock()

    def token(
        self, tenant: TenantId, principal: str, organization: OrganizationUrl, *, force: bool = False
    ) -> str:
        """A token that Dynamics should accept. `force` gets a new one, after a 401.

        NeedsUser("reauthorizationRequired") when a person has to sign in again.
        """
        place = (tenant, principal, organization.host)
        with self._lock(tenant, principal):
            held = self._held.get(place)
            if held is not None and self._is_enough(held, force=force):
                return held.token
            fresh = self._acquire(tenant, principal, organization, force=force)
            self._hold(place, fresh)
            return fresh.token

    def forget(self, tenant: TenantId) -> None:
        """Drops the tokens of a tenant from this process's memory."""
        with self._guard:
            for place in [place for place in self._held if place[0] == tenant]:
                del self._held[place]

    def _lock(self, tenant: TenantId, principal: str) -> Lock:
        with self._guard:
            return self._locks[tenant, principal]

    def _is_enough(self, held: _Held, *, force: bool) -> bool:
        """Of many threads that got a 401 at once, the first one refreshes."""
        now = self._clock()
        return held.serves(now) and (not force or now - held.taken_at < _JUST_NOW)

    def _hold(self, place: tuple[TenantId, str, str], fresh: _Held) -> None:
        with self._guard:
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            self._held[place] = fresh

    def _acquire(
        self, tenant: TenantId, principal: str, organization: OrganizationUrl, *, force: bool
    ) -> _Held:
        """What the vault has, as long as it serves; else a refresh, by one worker of all at a time."""
        stale = self._load(tenant, principal).etag if force else None
        for _ in range(_WAITS):
            saved = self._load(tenant, principal)
            silent = _Silent(self._applications, organization, saved.value)
            if saved.etag != stale and silent.serves():
                return self._fresh(silent.acquire(force=False))
            claim = self._vault.begin_refresh(tenant, principal, self._clock())
            if claim is not None:
                try:
                    with _counted():
                        return self._refresh(tenant, principal, organization, stale)
                finally:
                    self._vault.end_refresh(tenant, principal, claim)
            self._pause(_PAUSE_SECONDS)
        raise unavailable("another worker refreshes for too long")

    def _refresh(
        self, tenant: TenantId, principal: str, organization: OrganizationUrl, stale: str | None
    ) -> _Held:
        """A fresh token. `stale`: the tag of a cache whose token was refused; a newer cache will do."""
        seen = None
        for _ in range(_ATTEMPTS):
            saved = self._load(tenant, principal)
            silent = _Silent(self._applications, organization, saved.value)
            result = silent.acquire(force=saved.etag == stale)
            if "error" not in result:
                if not silent.changed or self._save(tenant, principal, silent.cache, saved):
                    return self._fresh(result)
                continue
            if not is_refused_grant(result) or seen == saved.etag:
                raise refresh_refused(result)
            # A worker whose claim ended may have used this refresh token up and be about to save the next.
            seen = saved.etag
            self._pause(_PAUSE_SECONDS)
        raise unavailable("the kept tokens change too fast")

    def _load(self, tenant: TenantId, principal: str) -> SavedCache:
        saved = self._vault.load(tenant, principal)
        if saved is None:
            raise not_signed_in()
        return saved

    def _fresh(self, result: dict[str, Any]) -> _Held:
        now = self._clock()
        return _Held(result["access_token"], now, now + timedelta(seconds=int(result["expires_in"])))

    def _save(self, tenant: TenantId, principal: str, cache: str, saved: SavedCache) -> bool:
        """Keeps the changed cache; merges it with what was saved in the meantime, so that nothing is lost.

        False when somebody else signed in in the meantime: then our tokens are no longer wanted.
        """
        current, merged = saved, cache
        for _ in range(_ATTEMPTS):
            with suppress(Stale):
                self._vault.replace(tenant, principal, merged, current.etag)
                return True
            reloaded = self._load(tenant, principal)
            if account_in(reloaded.value) != account_in(cache):
                return False
            current, merged = reloaded, merge(reloaded.value, cache)
        raise unavailable("the kept tokens change too fast")


@contextmanager
def _counted() -> Iterator[None]:
    result = "refreshed"
    try:
        yield
    except ServiceError as error:
        result = "needsUser" if isinstance(error, NeedsUser) else "failed"
        raise
    finally:
        telemetry.measure(telemetry.Metric.TOKENS, result=result)


class _Silent:
    """MSAL over one kept cache, without anybody at a keyboard."""

    def __init__(self, applications: Applications, organization: OrganizationUrl, cache: str) -> None:
        import msal

        self._organization = organization
        self._cache = msal.SerializableTokenCache()
        self._cache.deserialize(cache)
        account = account_in(cache)
        if account is None:
            raise not_signed_in()
        self._application = applications.of(organization, account.directory, self._cache)

    def serves(self) -> bool:
        """Whether MSAL would give a token of the cache, without asking Entra ID."""
        enough = time.time() + SPARE.total_seconds()
        entries = json.loads(self._cache.serialize()).get("AccessToken", {}).values()
        return any(
            int(entry["expires_on"]) > enough and self._organization.scope in entry["target"].split()
            for entry in entries
        )

    def acquire(self, *, force: bool) -> dict[str, Any]:
        account = self._application.get_accounts()[0]
        with entra_faults():
            result = self._application.acquire_token_silent_with_error(
                [self._organization.scope], account=account, force_refresh=force
            )
        return dict(result or {"error": "invalid_grant"})

    @property
    def changed(self) -> bool:
        return bool(self._cache.has_state_changed)

    @property
    def cache(self) -> str:
        return str(self._cache.serialize())

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Barrier

import jwt
import pytest
from signing_in import ADA, BRUNO, ORGANIZATION, Entra

from shared.domain.errors import NeedsUser, Transient
from shared.domain.ids import TenantId
from shared.entra.principals import TENANT
from shared.entra.tokens import AccessTokens
from shared.storage.table import Stored
from shared.storage.tokens import TokenStore


def worker(entra: Entra, vault: object) -> AccessTokens:
    """One process's access tokens."""
    return AccessTokens(entra.applications(), vault, clock=entra.clock, pause=lambda _: None)  # type: ignore[arg-type] # tests hand over vaults of many kinds


@pytest.fixture
def tokens(consented: Entra, vault: TokenStore, tenant: TenantId) -> AccessTokens:
    """Ada is signed in for the tenant."""
    vault.put(tenant, TENANT, consented.signed_in(ADA).cache)
    consented.control("DELETE", "journal")
    return worker(consented, vault)


def ends_soon(entra: Entra) -> None:
    """From now on every access token is nearly over when it is given."""
    entra.control("PATCH", "settings", accessTokenLifetime=200)


def refresh_token(vault: TokenStore, tenant: TenantId) -> str:
    found = vault.load(tenant, TENANT)
    assert found is not None
    return str(next(iter(json.loads(found.value)["RefreshToken"].values()))["secret"])


def test_a_token_is_for_the_organization_and_comes_without_a_call(
    consented: Entra, tokens: AccessTokens, tenant: TenantId
) -> None:
    token = tokens.token(tenant, TENANT, ORGANIZATION)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["aud"] == "https://contoso.crm4.dynamics.com"
    assert tokens.token(tenant, TENANT, ORGANIZATION) == token
    assert consented.token_calls() == 0


def test_nobody_signed_in_asks_for_a_person(tokens: AccessTokens, tenant: TenantId) -> None:
    for place in ((TenantId("other"), TENANT), (tenant, "user:bruno")):
        with pytest.raises(NeedsUser) as refused:
            tokens.token(*place, ORGANIZATION)
        assert refused.value.code == "reauthorizationRequired"


def test_a_forced_token_is_a_new_one_and_is_kept(
    consented: Entra, tokens: AccessTokens, vault: TokenStore, tenant: TenantId
) -> None:
    first = tokens.token(tenant, TENANT, ORGANIZATION)
    consented.clock.ahead = timedelta(minutes=1)
    second = tokens.token(tenant, TENANT, ORGANIZATION, force=True)
    assert second != first
    assert consented.token_calls() == 1
    assert worker(consented, vault).token(tenant, TENANT, ORGANIZATION) == second


def test_of_many_that_were_refused_at_once_one_refreshes(
    consented: Entra, tokens: AccessTokens, tenant: TenantId
) -> None:
    tokens.token(tenant, TENANT, ORGANIZATION)
    consented.clock.ahead = timedelta(minutes=1)
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: tokens.token(tenant, TENANT, ORGANIZATION, force=True), range(8)))
    assert len(found) == 1
    assert consented.token_calls() == 1


def test_a_token_that_is_about_to_end_is_refreshed(
    consented: Entra, tokens: AccessTokens, vault: TokenStore, tenant: TenantId
) -> None:
    ends_soon(consented)
    tokens.token(tenant, TENANT, ORGANIZATION, force=True)
    before = refresh_token(vault, tenant)
    consented.control("DELETE", "journal")
    tokens.token(tenant, TENANT, ORGANIZATION)
    assert consented.token_calls() == 1
    assert refresh_token(vault, tenant) != before


def test_a_disconnected_tenant_has_no_token_five_minutes_later(
    consented: Entra, tokens: AccessTokens, vault: TokenStore, tenant: TenantId
) -> None:
    tokens.token(tenant, TENANT, ORGANIZATION)
    vault.delete_all(tenant)
    consented.clock.ahead = timedelta(minutes=5)
    with pytest.raises(NeedsUser):
        tokens.token(tenant, TENANT, ORGANIZATION)


def test_a_forgotten_token_is_gone_at_once(tokens: AccessTokens, vault: TokenStore, tenant: TenantId) -> None:
    tokens.token(tenant, TENANT, ORGANIZATION)
    vault.delete_all(tenant)
    tokens.forget(tenant)
    with pytest.raises(NeedsUser):
        tokens.token(tenant, TENANT, ORGANIZATION)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entra: entra.control("PATCH", f"users/{ADA}", passwordChanged=True),
        lambda entra: entra.control("PATCH", f"users/{ADA}", enabled=False),
        lambda entra: entra.control("PATCH", f"users/{ADA}", mfaRequired=True),
        lambda entra: entra.control("POST", "refresh-tokens/revoke", user=ADA),
        lambda entra: entra.control("DELETE", "consent", directory="contoso.onmicrosoft.com"),
    ],
    ids=["password changed", "disabled", "second factor wanted", "sessions revoked", "approval withdrawn"],
)
def test_a_sign_in_that_is_no_longer_accepted_asks_for_a_person(
    consented: Entra, tokens: AccessTokens, tenant: TenantId, spoil: Callable[[Entra], object]
) -> None:
    spoil(consented)
    with pytest.raises(NeedsUser) as refused:
        tokens.token(tenant, TENANT, ORGANIZATION, force=True)
    assert refused.value.code == "reauthorizationRequired"
    assert "AADSTS" in refused.value.detail
    assert ADA not in f"{refused.value} {refused.value.detail}"


@pytest.mark.parametrize("fault", [{"dropped": True}, {"status": 503}, {"status": 429}], ids=str)
def test_an_entra_id_in_trouble_passes_by_itself(
    consented: Entra, tokens: AccessTokens, tenant: TenantId, fault: dict[str, object]
) -> None:
    consented.control("POST", "faults", **fault)
    with pytest.raises(Transient):
        tokens.token(tenant, TENANT, ORGANIZATION, force=True)
    consented.control("DELETE", "faults")
    assert tokens.token(tenant, TENANT, ORGANIZATION, force=True)


def test_signing_in_again_takes_the_place_of_the_one_before(
    consented: Entra, tokens: AccessTokens, vault: TokenStore, tenant: TenantId
) -> None:
    consented.control("PATCH", f"users/{ADA}", passwordChanged=True)
    vault.put(tenant, TENANT, consented.signed_in(BRUNO).cache)
    token = tokens.token(tenant, TENANT, ORGANIZATION, force=True)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["name"] == "Bruno Okafor"


@dataclass
class Wrapped:
    """A vault in which a test puts its hand."""

    vault: TokenStore

    def load(self, tenant: TenantId, principal: str) -> Stored[str] | None:
        return self.vault.load(tenant, principal)

    def replace(self, tenant: TenantId, principal: str, cache: str, etag: str) -> str:
        return self.vault.replace(tenant, principal, cache, etag)

    def begin_refresh(self, tenant: TenantId, principal: str, now: datetime) -> str | None:
        return self.vault.begin_refresh(tenant, principal, now)

    def end_refresh(self, tenant: TenantId, principal: str, claim: str) -> None:
        self.vault.end_refresh(tenant, principal, claim)


@dataclass
class Together(Wrapped):
    """A vault whose workers wait for each other before the first one saves, and whose claims hold nobody."""

    loaded: Barrier
    met: threading.local = field(default_factory=threading.local)

    def load(self, tenant: TenantId, principal: str) -> Stored[str] | None:
        found = self.vault.load(tenant, principal)
        if not getattr(self.met, "done", False):
            self.met.done = True
            self.loaded.wait(180)
        return found

    def begin_refresh(self, *_: object) -> str | None:
        return "everybody's"

    def end_refresh(self, *_: object) -> None: ...


@pytest.mark.parametrize("strict", [False, True], ids=["as Entra ID does", "each refresh token once"])
def test_workers_that_refresh_at_once_lose_no_refresh_token(
    consented: Entra, tokens: AccessTokens, vault: TokenStore, tenant: TenantId, *, strict: bool
) -> None:
    assert tokens.token(tenant, TENANT, ORGANIZATION)
    consented.control("PATCH", "settings", strictRotation=strict)
    together = Together(vault, Barrier(4))
    workers = [AccessTokens(consented.applications(), together, clock=consented.clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(each.token, tenant, TENANT, ORGANIZATION, force=True) for each in workers]
        assert all(call.result(180) for call in calls)
    later = worker(consented, vault)
    consented.control("DELETE", "journal")
    assert later.token(tenant, TENANT, ORGANIZATION, force=True)
    assert consented.token_calls() == 1


def test_a_disconnect_during_a_refresh_is_not_undone(
    consented: Entra, tokens: AccessTokens, vault: TokenStore, tenant: TenantId
) -> None:
    @dataclass
    class Disconnecting(Wrapped):
        def replace(self, tenant: TenantId, principal: str, cache: str, etag: str) -> str:
            self.vault.delete_all(tenant)
            return self.vault.replace(tenant, principal, cache, etag)

    with pytest.raises(NeedsUser):
        worker(consented, Disconnecting(vault)).token(tenant, TENANT, ORGANIZATION, force=True)
    assert vault.load(tenant, TENANT) is None


def test_a_new_sign_in_during_a_refresh_wins(
    consented: Entra, tokens: AccessTokens, vault: TokenStore, tenant: TenantId
) -> None:
    brunos = consented.signed_in(BRUNO).cache

    @dataclass
    class SigningIn(Wrapped):
        done: bool = False

        def replace(self, tenant: TenantId, principal: str, cache: str, etag: str) -> str:
            if not self.done:
                self.done = True
                self.vault.put(tenant, principal, brunos)
            return self.vault.replace(tenant, principal, cache, etag)

    token = worker(consented, SigningIn(vault)).token(tenant, TENANT, ORGANIZATION, force=True)
    assert jwt.decode(token, options={"verify_signature": False})["name"] == "Bruno Okafor"
    found = vault.load(tenant, TENANT)
    assert found is not None
    assert len(json.loads(found.value)["Account"]) == 1

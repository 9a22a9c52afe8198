"""Refreshing while others do, while processes die, and a hundred times in a row."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from signing_in import ADA, CLIENT, ORGANIZATION, ROOT, Entra
from test_entra_tokens import Wrapped, worker

from shared.domain.connection import SignInLost
from shared.domain.errors import ServiceError
from shared.domain.ids import TenantId
from shared.entra.principals import TENANT
from shared.storage.table import Stored
from shared.storage.tokens import TokenStore


class Killed(BaseException):
    """The process dies here."""


class Dying(Wrapped):
    """A vault in front of which the process dies once, at a named point."""

    point = ""

    def load(self, tenant: TenantId, principal: str) -> Stored[str] | None:
        self._die("before the look")
        return super().load(tenant, principal)

    def begin_refresh(self, tenant: TenantId, principal: str, now: datetime) -> str | None:
        claim = super().begin_refresh(tenant, principal, now)
        self._die("claimed")
        return claim

    def replace(self, tenant: TenantId, principal: str, cache: str, etag: str) -> str:
        self._die("answered, not saved")
        tag = super().replace(tenant, principal, cache, etag)
        self._die("saved, not told")
        return tag

    def end_refresh(self, tenant: TenantId, principal: str, claim: str) -> None:
        self._die("told, claim kept")
        if not self.point:
            super().end_refresh(tenant, principal, claim)

    def _die(self, here: str) -> None:
        if self.point == here:
            self.point = "dead"
            raise Killed


POINTS = ["before the look", "claimed", "answered, not saved", "saved, not told", "told, claim kept"]


@pytest.fixture
def signed_in(consented: Entra, vault: TokenStore, tenant: TenantId) -> Entra:
    vault.put(tenant, TENANT, consented.signed_in(ADA).cache)
    consented.control("DELETE", "journal")
    return consented


@pytest.mark.parametrize("point", POINTS)
def test_a_process_that_dies_leaves_the_connection_usable(
    signed_in: Entra, vault: TokenStore, tenant: TenantId, point: str
) -> None:
    dying = Dying(vault)
    dying.point = point
    with pytest.raises(Killed):
        worker(signed_in, dying).token(tenant, TENANT, ORGANIZATION, force=True)
    signed_in.clock.ahead = timedelta(seconds=11)
    assert worker(signed_in, vault).token(tenant, TENANT, ORGANIZATION, force=True)


@pytest.mark.parametrize("point", POINTS)
def test_where_each_refresh_token_is_good_once_a_lost_one_asks_for_a_person_and_never_loops(
    signed_in: Entra, vault: TokenStore, tenant: TenantId, point: str
) -> None:
    signed_in.control("PATCH", "settings", strictRotation=True)
    dying = Dying(vault)
    dying.point = point
    with pytest.raises(Killed):
        worker(signed_in, dying).token(tenant, TENANT, ORGANIZATION, force=True)
    signed_in.clock.ahead = timedelta(seconds=11)
    signed_in.control("DELETE", "journal")
    later = worker(signed_in, vault)
    if point == "answered, not saved":
        with pytest.raises(SignInLost):
            later.token(tenant, TENANT, ORGANIZATION, force=True)
        assert signed_in.token_calls() <= 2
    else:
        assert later.token(tenant, TENANT, ORGANIZATION, force=True)


def test_the_claim_of_a_dead_process_holds_others_for_ten_seconds_at_most(
    signed_in: Entra, vault: TokenStore, tenant: TenantId
) -> None:
    assert vault.begin_refresh(tenant, TENANT, signed_in.clock())
    later = worker(signed_in, vault)
    with pytest.raises(ServiceError) as waited:
        later.token(tenant, TENANT, ORGANIZATION, force=True)
    assert waited.value.code == "signInUnavailable"
    signed_in.clock.ahead = timedelta(seconds=11)
    assert later.token(tenant, TENANT, ORGANIZATION, force=True)
    assert signed_in.token_calls() == 1


def test_a_hundred_refreshes_in_a_row_lose_no_refresh_token(
    signed_in: Entra, vault: TokenStore, tenant: TenantId
) -> None:
    signed_in.control("PATCH", "settings", strictRotation=True)
    seen = set()
    for _ in range(100):
        assert worker(signed_in, vault).token(tenant, TENANT, ORGANIZATION, force=True)
        found = vault.load(tenant, TENANT)
        assert found is not None
        kept = [entry["secret"] for entry in json.loads(found.value)["RefreshToken"].values()]
        assert len(kept) == 1
        seen.update(kept)
    assert len(seen) == 100
    assert signed_in.token_calls() == 100


def test_fifty_that_find_the_token_over_in_four_processes_refresh_it_once(
    consented: Entra, vault: TokenStore, azurite: str, token_keys: Path, tenant: TenantId
) -> None:
    consented.control("PATCH", "settings", accessTokenLifetime=200)
    vault.put(tenant, TENANT, consented.signed_in(ADA).cache)
    consented.control("PATCH", "settings", accessTokenLifetime=3600)
    consented.control("DELETE", "journal")
    program = Path(__file__).with_name("refreshing_process.py")
    command = [sys.executable, str(program), consented.address, azurite, str(token_keys), tenant, CLIENT]
    environment = {"PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for each in processes:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    consented.control("POST", "faults", count=1, delay=1.0)
    for each in processes:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [each.communicate(timeout=180)[0].split() for each in processes]
    assert [len(tokens) for tokens in told] == [13] * 4
    assert len({token for tokens in told for token in tokens}) == 1
    assert consented.token_calls() == 1

"""Each refresh of a token is counted by what came of it; those that memory answers are none."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from signing_in import ADA, ORGANIZATION, Entra

from shared.domain.errors import ServiceError
from shared.domain.ids import TenantId
from shared.entra.principals import TENANT
from shared.entra.tokens import AccessTokens
from shared.storage.tokens import TokenStore
from shared.telemetry import Metric
from tests.recorded import recording


@pytest.mark.parametrize(
    ("trouble", "result"),
    [
        (lambda _: None, "refreshed"),
        (lambda entra: entra.control("POST", "refresh-tokens/revoke", user=ADA), "needsUser"),
        (lambda entra: entra.control("POST", "faults", status=503), "failed"),
    ],
    ids=["fresh", "revoked", "unavailable"],
)
def test_a_refresh_is_counted_by_its_result(
    consented: Entra,
    vault: TokenStore,
    tenant: TenantId,
    trouble: Callable[[Entra], object],
    result: str,
) -> None:
    vault.put(tenant, TENANT, consented.signed_in(ADA).cache)
    tokens = AccessTokens(consented.applications(), vault, clock=consented.clock, pause=lambda _: None)
    with recording() as recorded:
        tokens.token(tenant, TENANT, ORGANIZATION)
        assert recorded.points(Metric.TOKENS) == []
        consented.clock.ahead = timedelta(minutes=1)
        trouble(consented)
        with suppress(ServiceError):
            tokens.token(tenant, TENANT, ORGANIZATION, force=True)
        (point,) = recorded.points(Metric.TOKENS)
    assert (dict(point.attributes), point.value) == ({"result": result}, 1)

"""Limits and what is left of them as JSON."""

from functions.http import Payload
from shared.domain.limits import Allowance


class AllowancePayload(Payload):
    """A limit and what is left of it."""

    limit: int
    left: int

    @classmethod
    def of(cls, allowance: Allowance) -> "AllowancePayload":
        return cls(limit=allowance.limit, left=allowance.left)


class ShareOfPayload(Payload):
    """For all of the tenant, and for the caller."""

    tenant: AllowancePayload
    user: AllowancePayload

    @classmethod
    def of(cls, tenant: Allowance, user: Allowance) -> "ShareOfPayload":
        return cls(tenant=AllowancePayload.of(tenant), user=AllowancePayload.of(user))


class TenantSharePayload(Payload):
    """For all of the tenant."""

    tenant: AllowancePayload


class LimitsPayload(Payload):
    """What is left. A request too many is answered 429 with Retry-After."""

    requests_per_minute: ShareOfPayload
    running_exports: ShareOfPayload
    records_per_day: TenantSharePayload

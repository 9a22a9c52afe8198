"""GET /limits."""

import azure.functions as func

from functions.http import Api, Reply, Request, Who
from functions.limits.payloads import AllowancePayload, LimitsPayload, ShareOfPayload, TenantSharePayload
from functions.quotas import Quotas
from functions.rates import RequestRates


def blueprint(api: Api, rates: RequestRates, quotas: Quotas) -> func.Blueprint:
    """The operation that tells what is left."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="get_limits",
        method="GET",
        path="/limits",
        tag="About",
        who=Who.USER,
        summary="What is left of the limits",
        description="Requests are counted by each process of its own, days in UTC.",
        answer=LimitsPayload,
    )
    def get_limits(request: Request[None]) -> Reply:
        left = quotas.left(request.caller)
        return Reply(
            body=LimitsPayload(
                requests_per_minute=ShareOfPayload.of(*rates.left(request.caller)),
                running_exports=ShareOfPayload.of(left.running, left.running_of_user),
                records_per_day=TenantSharePayload(tenant=AllowancePayload.of(left.records)),
            )
        )

    return routes

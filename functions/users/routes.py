"""GET /users."""

import azure.functions as func

from functions.http import NEXT, Api, Page, Parameter, Reply, Request, Who
from functions.users.payloads import UserPayload
from shared.domain.users import found_by
from shared.storage.users import UserStore

_PAGE = 50
_SEARCH = Parameter("search", "Words that all have to be in the name, the address or the id.")
_LIMIT = Parameter("limit", "How many at most; 50 unless given.", least=1, most=1000)


def blueprint(api: Api, store: UserStore) -> func.Blueprint:
    """The operation that finds people."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="get_users",
        method="GET",
        path="/users",
        tag="Connection",
        who=Who.ADMIN,
        summary="The tenant's people who have called, by name",
        description="The service has no directory: it knows whoever has called within a year, "
        "by their tokens' claims.",
        answer=Page[UserPayload],
        query=(_SEARCH, _LIMIT, NEXT),
    )
    def get_users(request: Request[None]) -> Reply:
        found = found_by(store.every(request.caller.tenant), request.query.get("search", ""))
        last = request.query.get("next", "")
        start = next((at for at, user in enumerate(found, start=1) if user.id == last), 0)
        page = found[start : start + int(request.query.get("limit", _PAGE))]
        more = page[-1].id if page and start + len(page) < len(found) else None
        return Reply(body=Page(items=[UserPayload.of(user) for user in page], next=more))

    return routes

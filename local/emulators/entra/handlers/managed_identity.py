"""`/msi/token`: the endpoint that Functions and App Service give to a managed identity."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.emulators.entra.directory import ManagedIdentity, World
from local.emulators.entra.emulator import emulator_of
from local.emulators.entra.scopes import EXCHANGE_APP, EXCHANGE_AUDIENCE
from local.emulators.entra.tokens import managed_identity_token

_VERSION = "2019-08-01"
_UNKNOWN = (
    "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."
)


async def managed_identity(request: Request) -> Response:
    """A token for a resource: "How to use managed identities for App Service", REST endpoint reference."""
    query = request.query_params
    if not request.headers.get("x-identity-header"):
        return _refuse(401, "The X-IDENTITY-HEADER header is missing: send the value of IDENTITY_HEADER.")
    if query.get("api-version") != _VERSION:
        return _refuse(400, f"api-version has to be {_VERSION}.")
    if not query.get("resource"):
        return _refuse(400, "The parameter resource is missing.")
    emulator = emulator_of(request)
    identity = _identity(emulator.world, request)
    if identity is None:
        return _refuse(400, _UNKNOWN)
    return JSONResponse(_token(request, identity, query["resource"]))


def _token(request: Request, identity: ManagedIdentity, resource: str) -> dict[str, str]:
    emulator = emulator_of(request)
    moment = emulator.moment()
    exchange = resource == EXCHANGE_AUDIENCE
    claims = managed_identity_token(identity, moment, version_2=exchange)
    audience = EXCHANGE_APP if exchange else resource
    return {
        "access_token": emulator.keys.sign(claims | {"aud": audience}),
        "client_id": identity.client_id,
        "expires_on": str(int(moment.now) + moment.lifetime),
        "resource": resource,
        "token_type": "Bearer",
    }


def _identity(world: World, request: Request) -> ManagedIdentity | None:
    """The identity that is asked for by client or object id; without either, the first one."""
    query = request.query_params
    wanted = query.get("client_id") or query.get("object_id") or query.get("principal_id")
    return next(
        (
            identity
            for identity in world.managed_identities
            if wanted in {None, identity.client_id, identity.object_id}
        ),
        None,
    )


def _refuse(status: int, message: str) -> Response:
    return JSONResponse({"statusCode": status, "message": message}, status_code=status)

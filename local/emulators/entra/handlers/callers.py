"""`/callers/...`: the vendor's own issuer, whose tokens call this service's API."""

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.emulators.entra.bodies import CallerBody
from local.emulators.entra.directory import Caller, World
from local.emulators.entra.emulator import emulator_of
from local.emulators.entra.handlers import portal_tokens
from local.emulators.entra.tokens import Moment, caller_token

_LIFETIME = 8 * 3600


async def configuration(request: Request) -> Response:
    """The issuer's discovery document."""
    issuer = _issuer(request)
    return JSONResponse(
        {
            "issuer": issuer,
            "jwks_uri": f"{issuer}/jwks",
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "end_session_endpoint": f"{issuer}/logout",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        },
        headers=portal_tokens.readable_by(request),
    )


async def keys(request: Request) -> Response:
    """The keys that sign callers' tokens; none of them signs a directory's."""
    headers = portal_tokens.readable_by(request)
    return JSONResponse(emulator_of(request).caller_keys.published(), headers=headers)


async def token(request: Request) -> Response:
    """A token for `{"tenant", "user", "admin"?}`, by default as in world.json; the portal's, for its form."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return await portal_tokens.token(request, _issuer(request))
    emulator = emulator_of(request)
    try:
        wanted = CallerBody.model_validate_json(await request.body())
        caller = _find(emulator.world, wanted)
    except ValidationError:
        return _refuse('The body has to be JSON like {"tenant": "contoso", "user": "ada", "admin": true}.')
    except LookupError as error:
        return _refuse(str(error))
    is_admin = caller.is_admin if wanted.admin is None else wanted.admin
    claims = caller_token(
        caller, _issuer(request), Moment(emulator.clock.now(), _LIFETIME), is_admin=is_admin
    )
    answer = {
        "access_token": emulator.caller_keys.sign(claims),
        "token_type": "Bearer",
        "expires_in": _LIFETIME,
    }
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _issuer(request: Request) -> str:
    return f"{emulator_of(request).address}/callers"


def _refuse(sentence: str) -> Response:
    return JSONResponse({"error": "invalid_request", "error_description": sentence}, status_code=400)


def _find(world: World, wanted: CallerBody) -> Caller:
    """The person, or LookupError with a sentence that says who exists."""
    people: dict[str, dict[str, Caller]] = {}
    for caller in world.callers:
        people.setdefault(caller.tenant, {})[caller.id] = caller
    if wanted.tenant not in people:
        raise LookupError(f"There is no tenant '{wanted.tenant}'; there are {', '.join(people)}.")
    found = people[wanted.tenant].get(wanted.user)
    if found is None:
        known = ", ".join(people[wanted.tenant])
        raise LookupError(f"Tenant '{wanted.tenant}' has no user '{wanted.user}'; it has {known}.")
    return found

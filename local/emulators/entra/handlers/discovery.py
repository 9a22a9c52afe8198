"""The documents that describe the identity platform: OpenID discovery, key sets, cloud instances."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.emulators.entra.emulator import CLOUD_HOSTS, Tenancy, emulator_of, incident_of
from local.emulators.entra.errors import EntraError
from local.emulators.entra.tokens import AUTHORITY


async def openid_configuration(request: Request) -> Response:
    """The discovery document; asked for under a cloud's host name, its endpoints are there too."""
    try:
        tenancy = emulator_of(request).tenancy(request.path_params["tenant"])
    except EntraError as error:
        return JSONResponse(incident_of(request).body(error), status_code=error.refusal.status)
    return JSONResponse(_document(request, tenancy))


async def keys(request: Request) -> Response:
    """The keys that sign every directory's tokens."""
    return JSONResponse(emulator_of(request).keys.published())


async def instances(request: Request) -> Response:
    """Which host names belong to one cloud: MSAL's instance discovery."""
    hosts = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"]
    cloud = {"preferred_network": hosts[0], "preferred_cache": hosts[1], "aliases": hosts}
    tenant = request.query_params.get("authorization_endpoint", "//x/common").split("/")[3]
    return JSONResponse(
        {
            "tenant_discovery_endpoint": f"{AUTHORITY}/{tenant}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [cloud],
        }
    )


def _document(request: Request, tenancy: Tenancy) -> dict[str, Any]:
    address = emulator_of(request).address
    host = request.headers.get("host", "").partition(":")[0].lower()
    base = f"https://{host}" if host in CLOUD_HOSTS else address
    segment = tenancy.segment
    return {
        "issuer": f"{AUTHORITY}/{tenancy.directory.id if tenancy.directory else '{tenantid}'}/v2.0",
        "token_endpoint": f"{base}/{segment}/oauth2/v2.0/token",
        "jwks_uri": f"{base}/{segment}/discovery/v2.0/keys",
        # A browser goes here, and a browser knows nothing of the rerouted host.
        "authorization_endpoint": f"{address}/{segment}/oauth2/v2.0/authorize",
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic",
        ],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "request_uri_parameter_supported": False,
        "claims_supported": [
            "sub",
            "iss",
            "aud",
            "exp",
            "iat",
            "nonce",
            "preferred_username",
            "name",
            "tid",
            "ver",
            "email",
        ],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
    }

"""The token endpoint's good answers: which tokens a grant and a scope give."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.emulators.entra.directory import Application, Directory, User
from local.emulators.entra.emulator import Emulator
from local.emulators.entra.errors import EntraError
from local.emulators.entra.grants import RefreshToken, seal_refresh_token
from local.emulators.entra.ledger import Consent
from local.emulators.entra.scopes import (
    DEFAULT,
    GRAPH,
    Requested,
    expand,
    granted_scope,
    parse_scope,
    registered_api,
)
from local.emulators.entra.tokens import (
    application_access_token,
    client_info,
    id_token,
    profile_claims,
    user_access_token,
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who signed in to what, when, and how strongly."""

    user: User
    application: Application
    mfa: bool
    signed_in: float
    nonce: str = ""
    by_refresh_token: bool = False


def issue_user_tokens(
    emulator: Emulator, sign_in: SignIn, scope: str, form: Mapping[str, str]
) -> dict[str, Any]:
    """Access, refresh and ID token as far as the scope asks for them."""
    requested = parse_scope(scope)
    answer = _access_token(emulator, sign_in, requested)
    if "offline_access" in requested.openid or sign_in.by_refresh_token:
        answer["refresh_token"] = _refresh_token(emulator, sign_in, scope)
    if "openid" in requested.openid:
        answer["id_token"] = _id_token(emulator, sign_in, requested)
    if form.get("client_info") == "1":
        answer["client_info"] = client_info(sign_in.user)
    return answer


def issue_application_token(
    emulator: Emulator, directory: Directory, application: Application, scope: str, *, by_assertion: bool
) -> dict[str, Any]:
    """An access token for the application itself, where it has a service principal in the directory."""
    requested = parse_scope(scope)
    resource = requested.only_resource()
    if resource is None or requested.openid or requested.resources[resource] != (DEFAULT,):
        raise EntraError(1002012, scope=scope)
    if not emulator.ledger.is_installed(directory, application.id):
        raise EntraError(7000229, client_id=application.id, tenant=directory.id)
    registered_api(emulator.world, directory, application, resource)
    moment = emulator.moment()
    claims = application_access_token(directory, application, moment, by_assertion=by_assertion)
    return {
        "token_type": "Bearer",
        "expires_in": moment.lifetime,
        "ext_expires_in": moment.lifetime,
        "access_token": emulator.keys.sign(claims | {"aud": resource}, thumbprint=True),
    }


def _access_token(emulator: Emulator, sign_in: SignIn, requested: Requested) -> dict[str, Any]:
    user, application = sign_in.user, sign_in.application
    resource = requested.only_resource()
    audience, names, scope = GRAPH.id, tuple(GRAPH.permissions), " ".join(sorted(requested.openid))
    api = GRAPH
    if resource:
        api = registered_api(emulator.world, emulator.home_directory(user.id), application, resource)
        names = expand(api, application, requested.resources[resource])
        audience, scope = resource, granted_scope(resource, requested.resources[resource], names)
    if not emulator.ledger.covers(Consent(user.directory, application.id, api.id, user.id, names)):
        raise EntraError(65001, client_id=application.id, name=application.name)
    moment = emulator.moment()
    claims = user_access_token(user, application, moment, mfa=sign_in.mfa)
    signed = emulator.keys.sign(claims | {"aud": audience, "scp": " ".join(names)}, thumbprint=True)
    return {
        "token_type": "Bearer",
        "scope": scope,
        "expires_in": moment.lifetime,
        "ext_expires_in": moment.lifetime,
        "access_token": signed,
    }


def _refresh_token(emulator: Emulator, sign_in: SignIn, scope: str) -> str:
    grant = RefreshToken(
        id=secrets.token_hex(8),
        client_id=sign_in.application.id,
        user=sign_in.user.id,
        scope=scope,
        mfa=sign_in.mfa,
        signed_in=sign_in.signed_in,
        issued=emulator.clock.now(),
    )
    return seal_refresh_token(emulator.seal, grant)


def _id_token(emulator: Emulator, sign_in: SignIn, requested: Requested) -> str:
    claims = id_token(sign_in.user, sign_in.application, emulator.moment(), nonce=sign_in.nonce)
    if "profile" in requested.openid:
        claims |= profile_claims(sign_in.user)
    if "email" in requested.openid:
        claims["email"] = sign_in.user.email
    return emulator.keys.sign(claims)

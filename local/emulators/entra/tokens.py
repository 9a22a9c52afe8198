"""The claims of access tokens, ID tokens and callers' tokens."""

import base64
import hashlib
import json
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from local.emulators.entra.directory import Application, Caller, Directory, ManagedIdentity, User

AUTHORITY = "https://login.microsoftonline.com"
# Entra dates tokens five minutes back, so that a resource with a slow clock accepts them.
_BACKDATED = 300


@dataclass(frozen=True, slots=True)
class Moment:
    """When a token is made and for how many seconds it is good."""

    now: float
    lifetime: int

    def claims(self) -> dict[str, int]:
        """`iat`, `nbf` and `exp`."""
        start = int(self.now) - _BACKDATED
        return {"iat": start, "nbf": start, "exp": int(self.now) + self.lifetime}


def user_access_token(user: User, application: Application, moment: Moment, *, mfa: bool) -> dict[str, Any]:
    """A version 1.0 access token of a person, without audience and scope: "Access token claims reference"."""
    return {
        "iss": f"https://sts.windows.net/{user.directory}/",
        **moment.claims(),
        "acr": "1",
        "amr": ["pwd", "mfa"] if mfa else ["pwd"],
        "appid": application.id,
        "appidacr": "1",
        "idtyp": "user",
        "ipaddr": "127.0.0.1",
        "name": user.name,
        "given_name": user.name.partition(" ")[0],
        "family_name": user.name.partition(" ")[2],
        "oid": user.id,
        "sub": pairwise_subject(user.id, "access"),
        "tid": user.directory,
        "unique_name": user.email,
        "upn": user.email,
        "uti": secrets.token_urlsafe(16),
        "ver": "1.0",
    }


def application_access_token(
    directory: Directory, application: Application, moment: Moment, *, by_assertion: bool
) -> dict[str, Any]:
    """A version 1.0 access token of an application itself, without audience."""
    return _application_claims(service_principal(directory, application), directory.id, moment) | {
        "appid": application.id,
        "appidacr": "2" if by_assertion else "1",
    }


def managed_identity_token(identity: ManagedIdentity, moment: Moment, *, version_2: bool) -> dict[str, Any]:
    """An access token of a managed identity; token exchange gives version 2.0, everything else 1.0."""
    claims = _application_claims(identity.object_id, identity.directory, moment)
    if not version_2:
        return claims | {"appid": identity.client_id, "appidacr": "2"}
    issuer = f"{AUTHORITY}/{identity.directory}/v2.0"
    return claims | {"iss": issuer, "ver": "2.0", "azp": identity.client_id, "azpacr": "2"}


def id_token(user: User, application: Application, moment: Moment, *, nonce: str) -> dict[str, Any]:
    """A version 2.0 ID token: "ID token claims reference"."""
    claims = {
        "aud": application.id,
        "iss": f"{AUTHORITY}/{user.directory}/v2.0",
        **moment.claims(),
        "oid": user.id,
        "sub": pairwise_subject(user.id, application.id),
        "tid": user.directory,
        "uti": secrets.token_urlsafe(16),
        "ver": "2.0",
    }
    return claims | ({"nonce": nonce} if nonce else {})


def profile_claims(user: User) -> dict[str, str]:
    """What the `profile` scope adds to an ID token."""
    return {"name": user.name, "preferred_username": user.email}


def caller_token(caller: Caller, issuer: str, moment: Moment, *, is_admin: bool) -> dict[str, Any]:
    """The token with which the vendor's product calls this service's API."""
    return {
        "iss": issuer,
        "aud": "dynamics-export-api",
        "sub": caller.id,
        "org_id": caller.tenant,
        "roles": ["admin"] if is_admin else [],
        "email": caller.email,
        "name": caller.name,
        "iat": int(moment.now),
        "nbf": int(moment.now),
        "exp": int(moment.now) + moment.lifetime,
    }


def client_info(user: User) -> str:
    """MSAL's `client_info`: who signed in, as base64url JSON."""
    text = json.dumps({"uid": user.id, "utid": user.directory})
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def pairwise_subject(user_id: str, audience: str) -> str:
    """A subject that is stable for one person and one audience, and says nothing to another."""
    digest = hashlib.sha256(f"{user_id}:{audience}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def service_principal(directory: Directory, application: Application) -> str:
    """The object id of the application in one directory."""
    return str(uuid.uuid5(uuid.UUID(directory.id), application.id))


def _application_claims(object_id: str, directory: str, moment: Moment) -> dict[str, Any]:
    return {
        "iss": f"https://sts.windows.net/{directory}/",
        **moment.claims(),
        "idp": f"https://sts.windows.net/{directory}/",
        "idtyp": "app",
        "oid": object_id,
        "sub": object_id,
        "tid": directory,
        "uti": secrets.token_urlsafe(16),
        "ver": "1.0",
    }

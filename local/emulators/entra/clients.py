"""How an application proves at the token endpoint that it is itself."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from urllib.parse import unquote_plus

import jwt

from local.emulators.entra.directory import Application
from local.emulators.entra.emulator import Emulator
from local.emulators.entra.errors import EntraError
from local.emulators.entra.scopes import EXCHANGE_APP, EXCHANGE_AUDIENCE
from local.emulators.entra.tokens import AUTHORITY

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def with_basic_credentials(form: dict[str, str], authorization: str) -> dict[str, str]:
    """The form with client id and secret from a Basic header, which OAuth allows in place of fields."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return form
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return form
    return {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(secret)} | form


def authenticate(emulator: Emulator, application: Application, form: Mapping[str, str]) -> bool:
    """Refuse a client that is not itself; True where it proved it by an assertion, not by a secret."""
    if form.get("client_assertion_type") == ASSERTION_TYPE and form.get("client_assertion"):
        _check_assertion(emulator, application, form["client_assertion"])
        return True
    if not form.get("client_secret"):
        raise EntraError(7000218)
    if not hmac.compare_digest(form["client_secret"].encode(), application.secret.encode()):
        raise EntraError(7000215, client_id=application.id)
    return False


def _check_assertion(emulator: Emulator, application: Application, assertion: str) -> None:
    """Refuse an assertion unless it is the token of a managed identity that the application trusts."""
    try:
        claims = emulator.keys.verify(assertion)
    except jwt.InvalidSignatureError as error:
        raise EntraError(700027) from error
    except jwt.InvalidTokenError as error:
        raise EntraError(50027, reason=str(error)) from error
    trusted = [
        identity
        for identity in emulator.world.managed_identities
        if identity.object_id in application.federated_identities
    ]
    issuers = {f"{AUTHORITY}/{identity.directory}/v2.0" for identity in trusted}
    if claims.get("iss") not in issuers:
        raise EntraError(700211, issuer=str(claims.get("iss")))
    if claims.get("aud") not in {EXCHANGE_AUDIENCE, EXCHANGE_APP}:
        raise EntraError(700212, audience=str(claims.get("aud")))
    if claims.get("sub") not in {identity.object_id for identity in trusted}:
        raise EntraError(700213, subject=str(claims.get("sub")))
    if not claims["nbf"] <= emulator.clock.now() < claims["exp"]:
        raise EntraError(700024)

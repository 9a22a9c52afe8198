"""`/_emulator/...`: what tests set and ask, and Entra ID does not have."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from local.emulators.entra.bodies import (
    Body,
    ClockBody,
    ConsentBody,
    DirectoryBody,
    FaultBody,
    RevokeBody,
    RotateBody,
    SettingsBody,
    UserBody,
)
from local.emulators.entra.directory import Directory, User
from local.emulators.entra.emulator import Emulator, emulator_of
from local.emulators.entra.errors import stamp
from local.emulators.entra.faults import Fault
from local.emulators.entra.ledger import EVERYBODY, Consent
from local.emulators.entra.scopes import DYNAMICS, GRAPH

AnyBody = TypeVar("AnyBody", bound=Body)
Action = Callable[[Emulator, AnyBody, str], dict[str, Any]]


class ControlError(Exception):
    """What a control call named that does not exist, and what does."""


def health(emulator: Emulator, _body: Body, _id: str) -> dict[str, Any]:
    """That the emulator answers, and what time it thinks it is."""
    return {"status": "ok", "address": emulator.address, "now": stamp(emulator.clock.now())}


def reset(emulator: Emulator, _body: Body, _id: str) -> dict[str, Any]:
    """Back to world.json; the keys stay, so that tokens stay valid."""
    emulator.ledger.reset()
    emulator.clock.offset = 0.0
    emulator.faults.clear()
    emulator.journal.clear()
    return {"status": "ok"}


def order_faults(emulator: Emulator, body: FaultBody, _id: str) -> dict[str, Any]:
    """Let the next token calls fail."""
    emulator.faults.order(Fault(body.count, body.status, body.delay, body.dropped))
    return {"waiting": emulator.faults.waiting()}


def clear_faults(emulator: Emulator, _body: Body, _id: str) -> dict[str, Any]:
    """Forget the faults that have not happened yet."""
    emulator.faults.clear()
    return {"waiting": 0}


def set_clock(emulator: Emulator, body: ClockBody, _id: str) -> dict[str, Any]:
    """Move the emulator's clock."""
    emulator.clock.offset = body.offset
    return {"offset": body.offset, "now": stamp(emulator.clock.now())}


def change_settings(emulator: Emulator, body: SettingsBody, _id: str) -> dict[str, Any]:
    """Change the lifetime of access tokens, or the rotation of refresh tokens."""
    settings = emulator.ledger.settings
    if body.access_token_lifetime is not None:
        settings.access_token_lifetime = body.access_token_lifetime
    if body.strict_rotation is not None:
        settings.strict_rotation = body.strict_rotation
    emulator.ledger.save()
    return {"accessTokenLifetime": settings.access_token_lifetime, "strictRotation": settings.strict_rotation}


def change_user(emulator: Emulator, body: UserBody, name: str) -> dict[str, Any]:
    """Disable a person, ask for a second factor, or change the password, which ends every session."""
    user = _user(emulator, name)
    person = emulator.ledger.person(user)
    if body.enabled is not None:
        person.enabled = body.enabled
    if body.mfa_required is not None:
        person.mfa_required = body.mfa_required
    if body.blocked_by_policy is not None:
        person.blocked_by_policy = body.blocked_by_policy
    if body.password_changed:
        person.tokens_valid_from = emulator.clock.now()
    emulator.ledger.save()
    return {
        "id": user.id,
        "email": user.email,
        "enabled": emulator.ledger.is_enabled(user),
        "mfaRequired": person.mfa_required,
        "blockedByPolicy": person.blocked_by_policy,
        "tokensValidFrom": stamp(person.tokens_valid_from) if person.tokens_valid_from else None,
    }


def change_directory(emulator: Emulator, body: DirectoryBody, name: str) -> dict[str, Any]:
    """Let the people of a directory consent for themselves, or not; let it know the application, or not."""
    directory = _directory(emulator, name)
    if body.user_consent_allowed is not None:
        emulator.ledger.set_user_consent(directory, allowed=body.user_consent_allowed)
    if body.application_missing is not None:
        emulator.ledger.set_application_missing(directory, missing=body.application_missing)
    return {
        "id": directory.id,
        "userConsentAllowed": emulator.ledger.allows_user_consent(directory),
        "applicationMissing": not emulator.ledger.knows_applications(directory),
    }


def list_consents(emulator: Emulator, _body: Body, _id: str) -> dict[str, Any]:
    """Every grant."""
    return {"items": [asdict(consent) for consent in emulator.ledger.consents()]}


def grant_consent(emulator: Emulator, body: ConsentBody, _id: str) -> dict[str, Any]:
    """Grant an application all it may ask for in a directory, to one person or to everybody."""
    directory = _directory(emulator, body.directory)
    principal = _user(emulator, body.user).id if body.user else EVERYBODY
    for api in (DYNAMICS, GRAPH):
        granted = Consent(directory.id, _client(emulator, body), api.id, principal, tuple(api.permissions))
        emulator.ledger.grant(granted)
    return list_consents(emulator, body, "")


def revoke_consent(emulator: Emulator, body: ConsentBody, _id: str) -> dict[str, Any]:
    """Remove an application's grants in a directory."""
    directory = _directory(emulator, body.directory)
    return {"removed": emulator.ledger.revoke(directory.id, _client(emulator, body))}


def revoke_refresh_tokens(emulator: Emulator, body: RevokeBody, _id: str) -> dict[str, Any]:
    """End the sessions of one person, or of everybody, as an administrator's 'revoke sessions' does."""
    users = [_user(emulator, body.user)] if body.user else list(emulator.world.users())
    for user in users:
        emulator.ledger.person(user).tokens_valid_from = emulator.clock.now()
    emulator.ledger.save()
    return {"revoked": [user.email for user in users]}


def rotate_keys(emulator: Emulator, body: RotateBody, _id: str) -> dict[str, Any]:
    """Sign with a new key from now on."""
    ring = emulator.caller_keys if body.ring == "callers" else emulator.keys
    return {"kid": ring.rotate(forget=body.forget)}


def read_journal(emulator: Emulator, _body: Body, _id: str) -> dict[str, Any]:
    """The requests that were answered."""
    return emulator.journal.report()


def clear_journal(emulator: Emulator, _body: Body, _id: str) -> dict[str, Any]:
    """Forget the requests that were answered."""
    emulator.journal.clear()
    return {"count": 0}


def control_routes() -> list[BaseRoute]:
    """The routes under `/_emulator`."""
    return [
        _route("GET", "/health", Body, health),
        _route("POST", "/reset", Body, reset),
        _route("POST", "/faults", FaultBody, order_faults),
        _route("DELETE", "/faults", Body, clear_faults),
        _route("PUT", "/clock", ClockBody, set_clock),
        _route("PATCH", "/settings", SettingsBody, change_settings),
        _route("PATCH", "/users/{id}", UserBody, change_user),
        _route("PATCH", "/directories/{id}", DirectoryBody, change_directory),
        _route("GET", "/consent", Body, list_consents),
        _route("POST", "/consent", ConsentBody, grant_consent),
        _route("DELETE", "/consent", ConsentBody, revoke_consent),
        _route("POST", "/refresh-tokens/revoke", RevokeBody, revoke_refresh_tokens),
        _route("POST", "/keys/rotate", RotateBody, rotate_keys),
        _route("GET", "/journal", Body, read_journal),
        _route("DELETE", "/journal", Body, clear_journal),
    ]


def _route(method: str, path: str, kind: type[AnyBody], action: Action[AnyBody]) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            body = kind.model_validate_json(await request.body() or b"{}")
            result = action(emulator_of(request), body, request.path_params.get("id", ""))
        except (ValidationError, ControlError) as error:
            return JSONResponse({"error": f"{method} {request.url.path}: {error}"}, status_code=400)
        return JSONResponse(result)

    return Route(f"/_emulator{path}", endpoint, methods=[method])


def _user(emulator: Emulator, name: str) -> User:
    user = emulator.world.user(name)
    if user is None:
        known = ", ".join(user.email for user in emulator.world.users())
        raise ControlError(f"there is no user {name!r}; there are {known}.")
    return user


def _directory(emulator: Emulator, name: str) -> Directory:
    directory = emulator.world.directory(name)
    if directory is None:
        known = ", ".join(found.domain for found in emulator.world.directories)
        raise ControlError(f"there is no directory {name!r}; there are {known}.")
    return directory


def _client(emulator: Emulator, body: ConsentBody) -> str:
    """The named application, or the first one where none is named."""
    wanted = body.client_id or emulator.world.applications[0].id
    application = emulator.world.application(wanted)
    if application is None:
        known = ", ".join(found.id for found in emulator.world.applications)
        raise ControlError(f"there is no application {wanted!r}; there are {known}.")
    return application.id

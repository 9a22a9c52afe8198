"""Which handler answers which address."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from local.emulators.entra.control import control_routes
from local.emulators.entra.emulator import Emulator
from local.emulators.entra.front import Front
from local.emulators.entra.handlers import callers, discovery, portal_sign_in, portal_tokens
from local.emulators.entra.handlers.authorize import admin_consent, authorize
from local.emulators.entra.handlers.index import index, not_emulated
from local.emulators.entra.handlers.managed_identity import managed_identity
from local.emulators.entra.handlers.sign_in import (
    choose_account,
    confirm_second_factor,
    decide_consent,
    leave_approval,
)
from local.emulators.entra.handlers.token import token

_EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def application(emulator: Emulator) -> ASGIApp:
    """The whole server."""
    app = Starlette(routes=_routes())
    app.state.emulator = emulator
    return Front(app, emulator)


def _routes() -> list[BaseRoute]:
    """Fixed addresses first: `{tenant}` would take them for a directory's name."""
    return [
        Route("/", index),
        *control_routes(),
        *_vendor_routes(),
        Route("/msi/token", managed_identity),
        Route("/common/discovery/instance", discovery.instances),
        Route("/sign-in/account", choose_account, methods=["POST"]),
        Route("/sign-in/mfa", confirm_second_factor, methods=["POST"]),
        Route("/sign-in/consent", decide_consent, methods=["POST"]),
        Route("/sign-in/approval", leave_approval, methods=["POST"]),
        *_tenant_routes(),
        Route("/{rest:path}", not_emulated, methods=_EVERY_METHOD),
    ]


def _vendor_routes() -> list[BaseRoute]:
    return [
        Route("/callers/.well-known/openid-configuration", callers.configuration),
        Route("/callers/jwks", callers.keys),
        Route("/callers/token", callers.token, methods=["POST"]),
        Route("/callers/token", portal_tokens.preflight, methods=["OPTIONS"]),
        Route("/callers/authorize", portal_sign_in.authorize),
        Route("/callers/authorize", portal_sign_in.choose, methods=["POST"]),
        Route("/callers/logout", portal_sign_in.sign_out),
    ]


def _tenant_routes() -> list[BaseRoute]:
    return [
        Route("/{tenant}/v2.0/.well-known/openid-configuration", discovery.openid_configuration),
        Route("/{tenant}/discovery/v2.0/keys", discovery.keys),
        Route("/{tenant}/discovery/keys", discovery.keys),
        Route("/{tenant}/oauth2/v2.0/authorize", authorize),
        Route("/{tenant}/v2.0/adminconsent", admin_consent),
        Route("/{tenant}/oauth2/v2.0/token", token, methods=["GET", "POST"]),
    ]

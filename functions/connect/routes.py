"""/connection, /access and /me/connection."""

import azure.functions as func

from functions.connect.checks import ConnectionCheck
from functions.connect.confirming import Confirmations
from functions.connect.payloads import (
    AccessPayload,
    AuthorizationPayload,
    CheckPayload,
    ConfirmationPayload,
    ConnectionPayload,
    StartPayload,
)
from functions.connect.service import ConnectService
from functions.connect.views import Views
from functions.http import Api, Parameter, Reply, Request, Who
from shared.domain.connection import FlowPurpose
from shared.domain.errors import Conflict, Forbidden, InvalidRequest, Transient

_TAG = "Connection"
_HTML = "text/html; charset=utf-8"
_RETURN_URL = Parameter("returnUrl", "Where the browser goes afterwards; an address of the portal.")


def connection_blueprint(
    api: Api, service: ConnectService, views: Views, check: ConnectionCheck
) -> func.Blueprint:
    """The operations on the tenant's connection and on who may use it."""
    routes = func.Blueprint()
    _register_state(api, routes, views, check)
    _register_connection(api, routes, service)
    _register_consent(api, routes, service)
    _register_access(api, routes, service)
    return routes


def _register_state(api: Api, routes: func.Blueprint, views: Views, check: ConnectionCheck) -> None:
    @api.operation(
        routes,
        name="get_connection",
        method="GET",
        path="/connection",
        tag=_TAG,
        who=Who.USER,
        summary="Where the tenant's connection to Dynamics stands",
        answer=ConnectionPayload,
    )
    def get_connection(request: Request[None]) -> Reply:
        return Reply(body=ConnectionPayload.of(views.of_tenant(request.caller)))

    @api.operation(
        routes,
        name="post_connection_test",
        method="POST",
        path="/connection/test",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Check the tenant's connection",
        description="Looks at token, account, version, privileges, clock, limits and bulk messages.",
        answer=CheckPayload,
        errors=(Transient,),
    )
    def post_connection_test(request: Request[None]) -> Reply:
        return Reply(body=CheckPayload.of(check.run(request.caller)))


def _register_connection(api: Api, routes: func.Blueprint, service: ConnectService) -> None:
    @api.operation(
        routes,
        name="post_connection",
        method="POST",
        path="/connection",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Connect the tenant to its organization",
        description="Open the address of the answer in the browser of a Global Admin of the organization.",
        body=StartPayload,
        answer=AuthorizationPayload,
        status=201,
        errors=(Transient,),
    )
    def post_connection(request: Request[StartPayload]) -> Reply:
        url = service.begin(request.caller, request.body.organization_url, request.body.return_url)
        return Reply(body=AuthorizationPayload(authorization_url=url))

    @api.operation(
        routes,
        name="delete_connection",
        method="DELETE",
        path="/connection",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Disconnect the tenant and destroy every stored token",
        status=204,
    )
    def delete_connection(request: Request[None]) -> Reply:
        service.disconnect(request.caller)
        return Reply()


def _register_consent(api: Api, routes: func.Blueprint, service: ConnectService) -> None:
    @api.operation(
        routes,
        name="post_connection_consent",
        method="POST",
        path="/connection/consent",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Grant access for all users of the directory",
        description="Open the address of the answer in the browser of a Global Admin of the directory.",
        query=(_RETURN_URL,),
        answer=AuthorizationPayload,
        status=201,
        errors=(InvalidRequest, Conflict, Transient),
    )
    def post_connection_consent(request: Request[None]) -> Reply:
        url = service.begin_consent(request.caller, request.query.get("returnUrl"))
        return Reply(body=AuthorizationPayload(authorization_url=url))


def confirmation_blueprint(api: Api, confirmations: Confirmations, views: Views) -> func.Blueprint:
    """The operation that completes a sign-in which was held back."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="post_connection_confirm",
        method="POST",
        path="/connection/confirm",
        tag=_TAG,
        who=Who.USER,
        summary="Confirm the caller's own sign-in",
        description="Where sign-ins have to be confirmed, nothing is connected before. The answer is the "
        "connection that was made: the tenant's, or the caller's own.",
        body=ConfirmationPayload,
        answer=ConnectionPayload,
        errors=(Conflict, Forbidden, Transient),
    )
    def post_connection_confirm(request: Request[ConfirmationPayload]) -> Reply:
        purpose = confirmations.confirm(request.caller, request.body.confirmation)
        own = purpose is FlowPurpose.USER_CONNECTION
        view = views.of_caller(request.caller) if own else views.of_tenant(request.caller)
        return Reply(body=ConnectionPayload.of(view))

    return routes


def _register_access(api: Api, routes: func.Blueprint, service: ConnectService) -> None:
    @api.operation(
        routes,
        name="get_access",
        method="GET",
        path="/access",
        tag=_TAG,
        who=Who.ADMIN,
        summary="For whom the integration is switched on",
        answer=AccessPayload,
        etag=True,
    )
    def get_access(request: Request[None]) -> Reply:
        stored = service.access(request.caller)
        return Reply(body=AccessPayload.of(stored.value), etag=stored.etag)

    @api.operation(
        routes,
        name="put_access",
        method="PUT",
        path="/access",
        tag=_TAG,
        who=Who.ADMIN,
        summary="Switch the integration on or off for users",
        body=AccessPayload,
        answer=AccessPayload,
        etag=True,
    )
    def put_access(request: Request[AccessPayload]) -> Reply:
        etag = request.etag_to_replace(service.access(request.caller).etag)
        stored = service.change_access(request.caller, request.body.to_domain(), etag)
        return Reply(body=AccessPayload.of(stored.value), etag=stored.etag)


def own_connection_blueprint(api: Api, service: ConnectService, views: Views) -> func.Blueprint:
    """The operations on the caller's own connection."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="get_own_connection",
        method="GET",
        path="/me/connection",
        tag=_TAG,
        who=Who.USER,
        summary="Where the caller's own connection to Dynamics stands",
        answer=ConnectionPayload,
    )
    def get_own_connection(request: Request[None]) -> Reply:
        return Reply(body=ConnectionPayload.of(views.of_caller(request.caller)))

    @api.operation(
        routes,
        name="post_own_connection",
        method="POST",
        path="/me/connection",
        tag=_TAG,
        who=Who.USER,
        summary="Connect the caller's own account",
        body=StartPayload,
        answer=AuthorizationPayload,
        status=201,
        errors=(Forbidden, Transient),
    )
    def post_own_connection(request: Request[StartPayload]) -> Reply:
        url = service.begin_own(request.caller, request.body.organization_url, request.body.return_url)
        return Reply(body=AuthorizationPayload(authorization_url=url))

    @api.operation(
        routes,
        name="delete_own_connection",
        method="DELETE",
        path="/me/connection",
        tag=_TAG,
        who=Who.USER,
        summary="Disconnect the caller's own account and destroy its tokens",
        status=204,
    )
    def delete_own_connection(request: Request[None]) -> Reply:
        service.disconnect_own(request.caller)
        return Reply()

    return routes

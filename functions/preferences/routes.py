"""GET and PUT /preferences."""

import azure.functions as func

from functions.http import Api, Reply, Request, Who
from functions.preferences.payloads import PreferencesPayload
from functions.preferences.service import PreferencesService


def blueprint(api: Api, service: PreferencesService) -> func.Blueprint:
    """The operations on the preferences."""
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="get_preferences",
        method="GET",
        path="/preferences",
        tag="Preferences",
        who=Who.USER,
        summary="What the administrators decided about every export",
        answer=PreferencesPayload,
        etag=True,
    )
    def get_preferences(request: Request[None]) -> Reply:
        stored = service.read(request.caller)
        return Reply(body=PreferencesPayload.of(stored.value), etag=stored.etag)

    @api.operation(
        routes,
        name="put_preferences",
        method="PUT",
        path="/preferences",
        tag="Preferences",
        who=Who.ADMIN,
        summary="Decide about every export",
        description="Replaces all preferences; what is left out gets its default.",
        body=PreferencesPayload,
        answer=PreferencesPayload,
        etag=True,
    )
    def put_preferences(request: Request[PreferencesPayload]) -> Reply:
        etag = request.etag_to_replace(service.read(request.caller).etag)
        stored = service.replace(request.caller, request.body.to_domain(), etag)
        return Reply(body=PreferencesPayload.of(stored.value), etag=stored.etag)

    return routes

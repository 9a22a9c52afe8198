"""GET /health, /openapi.json and /docs, and the answer to whatever no operation answers."""

import json
import secrets
import time
from collections.abc import Callable
from functools import cache

import azure.functions as func

from functions.about.docs_page import docs_page
from functions.about.health import Health, State, StorageCheck
from functions.about.openapi import VERSION, document
from functions.about.release import release
from functions.http import Api, Reply, Request, Who

_HTML = "text/html; charset=utf-8"
_TAG = "About"


def blueprint(
    api: Api,
    *,
    public_api_url: str,
    storage_answers: Callable[[], object],
    monotonic: Callable[[], float] = time.monotonic,
    new_nonce: Callable[[], str] = secrets.token_urlsafe,
) -> func.Blueprint:
    """The operations that tell about the API. `storage_answers` raises a ServiceError when it does not."""
    routes = func.Blueprint()
    storage = StorageCheck(storage_answers, monotonic)

    @cache
    def described() -> str:
        return json.dumps(document(api.operations, public_api_url), ensure_ascii=False)

    @api.operation(
        routes,
        name="get_health",
        method="GET",
        path="/health",
        tag=_TAG,
        who=Who.ANYBODY,
        summary="Whether the service lives and its storage answers",
        description="503 with the same body while the storage does not answer.",
        answer=Health,
    )
    def get_health(_: Request[None]) -> Reply:
        state = storage.state()
        return Reply(
            body=Health(status=state, storage=state, version=VERSION, release=release()),
            status=200 if state is State.OK else 503,
        )

    @api.operation(
        routes,
        name="get_openapi",
        method="GET",
        path="/openapi.json",
        tag=_TAG,
        who=Who.ANYBODY,
        summary="This description, in OpenAPI 3.1",
        answer_types=("application/json",),
    )
    def get_openapi(_: Request[None]) -> Reply:
        return Reply(body=described(), media_type="application/json")

    @api.operation(
        routes,
        name="get_docs",
        method="GET",
        path="/docs",
        tag=_TAG,
        who=Who.ANYBODY,
        summary="A page to read about the API and to try it",
        answer_types=("text/html",),
    )
    def get_docs(_: Request[None]) -> Reply:
        page = docs_page(new_nonce())
        return Reply(body=page.html, headers={"Content-Security-Policy": page.policy}, media_type=_HTML)

    api.unmatched(routes)
    return routes

"""The emulator put together from its command line: the Web API, the control surface, the pages."""

from argparse import Namespace
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from local.emulators.dataverse.app import WebApi
from local.emulators.dataverse.auth import Gatekeeper
from local.emulators.dataverse.clock import Clock
from local.emulators.dataverse.control import control_routes
from local.emulators.dataverse.page_control import control_page_routes
from local.emulators.dataverse.page_requests import request_routes
from local.emulators.dataverse.page_source import PostSource
from local.emulators.dataverse.page_view import PageView
from local.emulators.dataverse.pages import page_routes
from local.emulators.dataverse.schema import load_metadata_file, load_tables
from local.emulators.dataverse.site import Site
from local.emulators.dataverse.world import load_world

API: Final = "/api/data/"


def build(options: Namespace) -> tuple[ASGIApp, Site]:
    """The application and what has to be closed after it."""
    tables = load_tables()
    for path in options.metadata:
        table = load_metadata_file(path)
        tables[table.logical_name] = table
    gatekeeper = Gatekeeper(options.entra, Clock(), anonymous=options.anonymous)
    site = Site(load_world(options.world), tables, state=options.state, gatekeeper=gatekeeper)
    return application(site), site


def application(site: Site) -> ASGIApp:
    """The ASGI application; whatever is neither a page nor control belongs to the Web API."""
    web_api = WebApi(site)
    routes: list[Route | Mount] = [*control_routes(site)]
    view = PageView([PostSource(post) for post in site.posts.values()])
    routes += [*request_routes(view), *control_page_routes(view), *page_routes(view)]
    others = Starlette(routes=[*routes, Mount("/", app=web_api)])

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        direct = scope["type"] == "http" and scope["path"].startswith(API)
        await (web_api if direct else others)(scope, receive, send)

    return serve

"""The collector's addresses: OTLP comes in below /v1, people and programs read the rest."""

from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from local.traces.otlp import Unreadable, read_metrics, read_spans
from local.traces.store import Received, Trace

_TAKEN = Response(b"", media_type="application/x-protobuf")


def application(received: Received) -> Starlette:
    """Receives into, and shows from, what was received."""
    pages = _Pages(received)
    return Starlette(
        routes=[
            Route("/v1/traces", _Intake(received).traces, methods=["POST"]),
            Route("/v1/metrics", _Intake(received).metrics, methods=["POST"]),
            Route("/v1/logs", _dropped, methods=["POST"]),
            Route("/", pages.traces),
            Route("/traces/{id}", pages.trace),
            Route("/metrics", pages.metrics),
            Route("/traces.json", pages.traces_json),
            Route("/traces/{id}/spans.json", pages.spans_json),
            Route("/metrics.json", pages.metrics_json),
            Route("/health", lambda _: JSONResponse({"status": "ok"})),
        ]
    )


class _Intake:
    def __init__(self, received: Received) -> None:
        self._received = received

    async def traces(self, request: Request) -> Response:
        body = await request.body()
        try:
            self._received.add_spans(list(read_spans(body)))
        except Unreadable as error:
            raise HTTPException(400, str(error)) from error
        return _TAKEN

    async def metrics(self, request: Request) -> Response:
        body = await request.body()
        try:
            read_metrics(body, self._received)
        except Unreadable as error:
            raise HTTPException(400, str(error)) from error
        return _TAKEN


async def _dropped(_: Request) -> Response:
    """The log lies in the state folder already."""
    return _TAKEN


class _Pages:
    def __init__(self, received: Received) -> None:
        self._received = received
        folder = FileSystemLoader(Path(__file__).with_name("templates"))
        self._templates = Environment(
            loader=folder, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
        )

    def traces(self, _: Request) -> Response:
        return self._page("traces.html", traces=self._received.traces())

    def trace(self, request: Request) -> Response:
        return self._page("trace.html", trace=self._found(request))

    def metrics(self, _: Request) -> Response:
        return self._page("metrics.html", figures=self._received.figures())

    def traces_json(self, _: Request) -> Response:
        return JSONResponse(
            [
                {"id": each.id, "name": each.name, "spans": len(each.spans), "failures": each.failures}
                for each in self._received.traces()
            ]
        )

    def spans_json(self, request: Request) -> Response:
        return JSONResponse([asdict(span) for span in self._found(request).spans])

    def metrics_json(self, _: Request) -> Response:
        return JSONResponse([asdict(figure) for figure in self._received.figures()])

    def _found(self, request: Request) -> Trace:
        found = self._received.trace(request.path_params["id"])
        if found is None:
            raise HTTPException(404, "There is no such trace, or it made room for newer ones.")
        return found

    def _page(self, template: str, **values: object) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(**values))

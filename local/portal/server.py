"""Serves the built portal: its files, /config.json, and index.html for every screen's address."""

import json
import mimetypes
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from local.portal.headers import PortalHeaders

_NOT_BUILT = b"""The portal is not built yet. Where it is being built now, load this page again in a minute;
else './dev up' builds it, and says what is in the way.
"""


@dataclass(frozen=True, slots=True)
class Content:
    """What is answered."""

    status: HTTPStatus
    kind: str
    body: bytes


class Site:
    """The files of a build folder, which may come into being or change while the server runs."""

    def __init__(self, built: Path, headers: PortalHeaders, config: dict[str, str]) -> None:
        self.headers = headers
        self._built = built.resolve()
        self._config = json.dumps(config, indent=2).encode()

    def content(self, path: str) -> Content:
        """The answer to a GET of the path."""
        if path == "/config.json":
            return Content(HTTPStatus.OK, "application/json", self._config)
        file = self._file(path)
        if file is not None:
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return Content(HTTPStatus.OK, kind, file.read_bytes())
        if not self.headers.is_screen(path):
            return Content(HTTPStatus.NOT_FOUND, "text/plain", b"There is no such file.\n")
        index = self._built / "index.html"
        if index.exists():
            return Content(HTTPStatus.OK, "text/html", index.read_bytes())
        return Content(HTTPStatus.SERVICE_UNAVAILABLE, "text/plain", _NOT_BUILT)

    def _file(self, path: str) -> Path | None:
        file = (self._built / path.lstrip("/")).resolve()
        return file if file.is_relative_to(self._built) and file.is_file() else None


def portal_server(port: int, site: Site) -> ThreadingHTTPServer:
    """A server on the loopback interface; port 0 chooses a free one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's parameter
            """A page has many files; none is worth a line."""

        def _answer(self, *, with_body: bool) -> None:
            path = unquote(urlsplit(self.path).path)
            content = site.content(path)
            self.send_response(content.status)
            self.send_header("Content-Type", _with_charset(content.kind))
            self.send_header("Content-Length", str(len(content.body)))
            for name, value in site.headers.of(path).items():
                self.send_header(name, value)
            self.end_headers()
            if with_body:
                self.wfile.write(content.body)

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server


def _with_charset(kind: str) -> str:
    is_text = kind.startswith("text/") or kind in {"application/json", "application/javascript"}
    return f"{kind}; charset=utf-8" if is_text else kind

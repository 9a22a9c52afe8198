"""`python -m local.portal serve` serves the built portal; `build` builds it, `check` looks at its sources."""

import argparse
import os
import signal
import sys
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from local.errors import DevError
from local.portal.headers import Origins, PortalHeaders
from local.portal.server import Site, portal_server


def main() -> int:
    """0 when it was done, or ended on request."""
    arguments = _arguments()
    try:
        if arguments.action == "serve":
            _serve(arguments)
        else:
            from local.portal.building import build, check

            {"build": build, "check": check}[arguments.action]()
    except (DevError, OSError) as error:
        print(f"portal: {error}", file=sys.stderr)
        return 1
    return 0


def _serve(arguments: argparse.Namespace) -> None:
    origins = Origins(*(_origin(each) for each in (arguments.api, arguments.issuer, arguments.upload)))
    config = {
        "vendorName": arguments.vendor,
        "apiUrl": arguments.api,
        "issuer": arguments.issuer,
        "clientId": arguments.client,
    }
    folder: Path = arguments.folder
    server = portal_server(arguments.port, Site(folder / "dist", PortalHeaders(folder, origins), config))
    for number in (signal.SIGINT, signal.SIGTERM):
        # shutdown waits for the loop that this handler interrupts, so that another thread has to call it.
        signal.signal(number, lambda *_: Thread(target=server.shutdown).start())
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.portal", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("build", help="build it, where its sources have changed")
    actions.add_parser("check", help="look at the format, lint and types of its sources")
    serve = actions.add_parser("serve", help="serve what was built")
    serve.add_argument("--port", type=int, default=7072, help="0 chooses a free one")
    serve.add_argument("--api", required=True, help="address of the API, with /api")
    serve.add_argument("--issuer", required=True, help="who signs people in")
    serve.add_argument("--upload", required=True, help="where large files are uploaded to")
    serve.add_argument("--client", default="portal", help="the portal's client id at the issuer")
    serve.add_argument("--vendor", default="Fernway Data", help="the vendor's name, as the portal shows it")
    serve.add_argument("--folder", type=Path, default=Path(os.curdir, "portal"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

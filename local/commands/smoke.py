"""./dev smoke: whether a service that runs somewhere does what it is for."""

import argparse
import os
from collections.abc import Mapping, Sequence

import requests

from local.api_client import ApiClient
from local.callers import caller_token
from local.description import running_in
from local.errors import DevError
from local.release.smoke import Waiting, check_export, check_health
from local.state import chosen_state

_GRANT = ("SMOKE_TOKEN_URL", "SMOKE_CLIENT_ID", "SMOKE_CLIENT_SECRET")
_TIMEOUT_SECONDS = 30


def main(arguments: Sequence[str]) -> int:
    """0 when everything works; a DevError names the step that does not."""
    options = _parser().parse_args(arguments)
    api, token = (options.api, _token(os.environ)) if options.api else _local(options)
    client, waiting = ApiClient(api, token), Waiting(seconds=options.patience)
    health = check_health(client, options.release, waiting)
    print(f"health: {health['status']}, release {health['release']}", flush=True)
    for name, export in zip(("export", "the same again"), check_export(client, waiting), strict=True):
        told = ", ".join(f"{number} {outcome}" for outcome, number in export["counts"].items() if number)
        print(f"{name}: {export['state']} ({told})", flush=True)
    return 0


def _local(options: argparse.Namespace) -> tuple[str, str]:
    """The stack that is up, as one of its people."""
    stack = running_in(chosen_state(os.environ))
    return stack.api, caller_token(stack.entra, options.tenant, options.user)


def _token(environment: Mapping[str, str]) -> str:
    """A caller's token of the tenant for tests: as it is given, or by the client credentials grant."""
    if given := environment.get("SMOKE_TOKEN"):
        return given
    if missing := [name for name in _GRANT if not environment.get(name)]:
        raise DevError(
            f"nobody to call as: set SMOKE_TOKEN, or {', '.join(_GRANT)} (missing: {', '.join(missing)})."
        )
    url, client, secret = (environment[name] for name in _GRANT)
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    if audience := environment.get("SMOKE_AUDIENCE"):
        form["audience"] = audience
    answer = requests.post(url, data=form, timeout=_TIMEOUT_SECONDS)
    if not answer.ok:
        raise DevError(f"{url} gave no token: it answered {answer.status_code}; see SMOKE_CLIENT_ID.")
    return str(answer.json()["access_token"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev smoke",
        description="Checks the health and exports two people twice into the caller's organization.",
    )
    parser.add_argument("--api", help="its address, which ends in /api; without it the stack that is up")
    parser.add_argument("--release", help="the release that has to answer; without it any")
    parser.add_argument(
        "--patience", type=float, default=300.0, metavar="SECONDS", help="default: %(default)s"
    )
    parser.add_argument("--tenant", default="contoso", help="of the stack that is up; default: %(default)s")
    parser.add_argument("--user", default="ada", help="of that tenant; default: %(default)s")
    return parser

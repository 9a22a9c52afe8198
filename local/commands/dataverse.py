"""./dev dataverse: the Dataverse emulator alone, until Ctrl-C."""

import argparse
import os
import sys
from collections.abc import Sequence

from local.commands.callers_folder import given_path
from local.emulator_alone import Alone, AloneOptions, running_alone
from local.ending import EndRequested, end_on_request
from local.errors import DevError
from local.ports import chosen_base
from local.state import chosen_state


def main(arguments: Sequence[str]) -> int:
    """0 when it was asked to end; a DevError when it cannot go on."""
    parsed = _parser().parse_args(arguments)
    port = chosen_base(os.environ) + 3 if parsed.port is None else parsed.port
    if port != 0 and not 1024 <= port <= 65_535:
        raise DevError(f"--port has to be 0 or a number from 1024 to 65535, not {port}.")
    wanted = AloneOptions(
        port=port,
        fresh=parsed.fresh,
        anonymous=parsed.anonymous,
        https=parsed.https,
        metadata=[given_path(text) for text in parsed.metadata],
    )
    end_on_request()
    try:
        print("starting the Dataverse emulator; Ctrl-C ends it", file=sys.stderr)
        with running_alone(chosen_state(os.environ), wanted) as alone:
            print(guide(alone))
            print("ready", flush=True)
            alone.watch()
    except EndRequested:
        return 0


def guide(alone: Alone) -> str:
    """Where it answers, and what to type."""
    trusted = f" --cacert {alone.authority}" if alone.authority else ""
    lines = [
        f"  what arrived           {alone.address}/",
        f"  Web API                {alone.address}/api/data/v9.2/",
        f"  limits, faults, users  {alone.address}/view/_control",
    ]
    if alone.authority:
        lines += ["", f"  export REQUESTS_CA_BUNDLE={alone.authority}"]
    if not alone.entra:
        return "\n".join([*lines, "", f"  curl{trusted} {alone.address}/api/data/v9.2/WhoAmI"])
    grant = f"grant_type=client_credentials&client_id={alone.client_id}&client_secret={alone.secret}"
    return "\n".join(
        [
            *lines,
            f"  Entra ID emulator      {alone.entra}",
            "",
            f"  TOKEN=$(curl -s {alone.entra}/{alone.directory}/oauth2/v2.0/token \\",
            f"    -d '{grant}&scope={alone.organization}/.default' \\",
            """    | python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')""",
            f'  curl{trusted} {alone.address}/api/data/v9.2/WhoAmI -H "Authorization: Bearer $TOKEN"',
        ]
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev dataverse",
        description="Starts only the Dataverse emulator, with the Entra ID emulator beside it for tokens. "
        "docs/emulator.md tells how to point programs at it.",
    )
    parser.add_argument("--fresh", action="store_true", help="forget the rows that were kept")
    parser.add_argument("--port", type=int, help="0 takes a free one; 7074 by default")
    parser.add_argument("--anonymous", action="store_true", help="no tokens: everybody is an administrator")
    parser.add_argument(
        "--https", action="store_true", help="with a certificate of its own, as the SDK wants it"
    )
    parser.add_argument(
        "--metadata",
        action="append",
        default=[],
        metavar="FILE",
        help="a table's metadata in the Web API's JSON; may be repeated",
    )
    return parser

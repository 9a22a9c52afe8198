"""./dev up: the local stack, until Ctrl-C."""

import argparse
import os
import sys
from collections.abc import Sequence

from local.commands.callers_folder import given_path
from local.description import address_table
from local.ending import EndRequested, end_on_request
from local.portal.background import portal_build
from local.ports import chosen_base
from local.stack import StackOptions, running_stack
from local.state import chosen_state


def main(arguments: Sequence[str]) -> int:
    """0 when it was asked to end; a DevError when a part of the stack fails."""
    options = _parser().parse_args(arguments)
    metadata = [given_path(text) for text in options.metadata]
    traces = options.traces or os.environ.get("DEV_TRACES", "") not in {"", "0"}
    base, state = chosen_base(os.environ), chosen_state(os.environ)
    wanted = StackOptions(port_base=base, persistent=True, metadata=metadata, traces=traces)
    end_on_request()
    try:
        print("starting the local stack and building the portal; Ctrl-C ends it", file=sys.stderr)
        with portal_build(state) as build, running_stack(state, wanted) as stack:
            if not build.is_over:
                print(
                    "The stack answers; the portal's first build takes a minute or two ...", file=sys.stderr
                )
            print(build.wait(), file=sys.stderr)
            print(address_table(stack.description))
            print("ready", flush=True)
            stack.watch()
    except EndRequested:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev up", description="Starts the local stack, until Ctrl-C.")
    parser.add_argument(
        "--metadata",
        action="append",
        default=[],
        metavar="FILE",
        help="a table's metadata in the Web API's JSON, for the Dataverse emulator; may be repeated",
    )
    parser.add_argument(
        "--traces",
        action="store_true",
        help="show traces and metrics on a page of their own (as DEV_TRACES=1 does)",
    )
    return parser

"""./dev demo: the main job, from nothing to people and companies in Dynamics."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import requests

from local.commands.callers_folder import given_path
from local.demo.inputs import Input, chosen_inputs
from local.demo.narration import Narration
from local.demo.performance import Performance
from local.demo.stage import Stage, stage
from local.ending import EndRequested, end_on_request
from local.errors import DevError
from local.portal.background import PortalBuild, portal_build
from local.ports import chosen_base
from local.state import chosen_state

_INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """0 where every export ended with an outcome for each of its records, 1 otherwise."""
    options = _parser().parse_args(arguments)
    state = chosen_state(os.environ)
    base = chosen_base(os.environ)
    inputs = chosen_inputs(_path(options.companies), _path(options.people), state / "demo")
    narration = Narration(sys.stdout)
    code = _INTERRUPTED
    end_on_request()
    try:
        with ExitStack() as stack:
            # Whom the demo leaves nothing to look at needs no portal either.
            build = None if options.once else stack.enter_context(portal_build(state))
            here = stack.enter_context(stage(state, base, narration))
            code = _perform(here, inputs, narration, state)
            _stay(here, narration, build)
    except EndRequested:
        if code == _INTERRUPTED:
            print("dev: ended before the exports did; call it again to go on.", file=sys.stderr)
    return code


def _perform(here: Stage, inputs: Sequence[Input], narration: Narration, state: Path) -> int:
    try:
        results = Performance(here.description, narration).run(inputs)
    except requests.RequestException as error:
        raise DevError(
            f"the stack answers no more ({type(error).__name__}); its logs in {state / 'logs'} may say why."
        ) from error
    shortcomings = results.shortcomings()
    for sentence in shortcomings:
        print(f"dev: {sentence}", file=sys.stderr)
    return 1 if shortcomings else 0


def _stay(here: Stage, narration: Narration, build: PortalBuild | None) -> None:
    """Leaves a stack alone that was there before, and keeps its own one up until Ctrl-C, unless just once."""
    if build is not None:
        if not build.is_over:
            narration.tell("", "Building the portal: a minute or two, the first time ...")
        narration.tell("", build.wait())
    if here.own is None:
        narration.tell("", "The stack was there before and stays.")
    elif build is None:
        narration.tell("", "The stack ends now and keeps everything; ./dev up brings these addresses back.")
    else:
        narration.tell("", "The stack stays up until Ctrl-C, and keeps everything for the next time.")
        here.own.watch()


def _path(text: str | None) -> Path | None:
    return None if text is None else given_path(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev demo",
        description="Starts the local stack, connects a demo tenant through the real sign-in, and exports "
        "companies as accounts and people as leads. Run again, it creates nothing twice.",
    )
    parser.add_argument("--once", action="store_true", help="end everything when the exports have ended")
    parser.add_argument("--people", metavar="FILE", help="people of your own (.ndjson or .csv)")
    parser.add_argument("--companies", metavar="FILE", help="companies of your own (.ndjson or .csv)")
    return parser

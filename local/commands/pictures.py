"""./dev pictures: every screen of the portal, photographed for the documentation."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from local.browser import prepare
from local.environment.steps import Steps
from local.state import chosen_state


def main(arguments: Sequence[str]) -> NoReturn:
    """Becomes the photographer."""
    argparse.ArgumentParser(
        prog="./dev pictures", description="Photographs every screen of the portal for docs/pictures/portal."
    ).parse_args(arguments)
    prepare(Steps(chosen_state(os.environ) / "logs" / "browser.log"))
    command = [sys.executable, "-m", "tests.browser.portal.pictures"]
    os.execv(sys.executable, command)  # noqa: S606 - it takes the signals and gives the exit code

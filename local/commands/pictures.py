"""./dev pictures: every screen of the portal, photographed for the documentation."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from local.browser import prepare
from local.environment.steps import Steps
from local.state import chosen_state


def main(_: Sequence[str]) -> NoReturn:
    """Becomes the photographer."""
    prepare(Steps(chosen_state(os.environ) / "logs" / "browser.log"))
    command = [sys.executable, "-m", "tests.browser.portal.pictures"]
    os.execv(sys.executable, command)  # noqa: S606 - it takes the signals and gives the exit code

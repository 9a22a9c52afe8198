"""What the browser tests need beyond the packages: Chromium, and the built portal."""

import os
import shutil
import sys
from pathlib import Path

from local.environment.steps import StepFailed, Steps

MISSING = "Chromium is not installed: apt-get install chromium, or name its program in CHROMIUM"

# The first has no windows at all, and takes half the processor time of one that only hides them.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
_APT = ("apt-get", "--quiet", "--yes")


def chromium() -> str | None:
    """The program of a Chromium of this machine; CHROMIUM names one that is in none of the usual places."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    return found if found is not None and Path(found).exists() else None


def prepare(steps: Steps) -> None:
    """Installs and builds what can be; says which tests will be skipped where something cannot."""
    try:
        if chromium() is None:
            _install_chromium(steps)
        steps.run("building the portal", [sys.executable, "-m", "local.portal", "build"])
    except StepFailed as error:
        steps.say(f"browser tests will be skipped: {error}")


def _install_chromium(steps: Steps) -> None:
    """By Debian's packages, where this program may install any."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise StepFailed(MISSING)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps.run("looking for Chromium", [*_APT, "update"], env=environment)
    install = [*_APT, "install", "--no-install-recommends"]
    try:
        steps.run("installing Chromium", [*install, "chromium-headless-shell"], env=environment)
    except StepFailed:  # an older Debian has it with windows only
        steps.run("installing Chromium with windows", [*install, "chromium"], env=environment)

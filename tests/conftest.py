"""What holds for every test, and for the whole run: no log of a stack has a secret or a person's address."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.distribution import ByUnit, longest_first

# A busy machine makes examples slow without anything being wrong; pytest's own timeout still ends a hang.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# Several stacks idle beside each other while tests run; four questions a second each would cost a processor.
os.environ.setdefault("AzureFunctionsJobHost__extensions__queues__maxPollingInterval", "00:00:01")

_TESTS = Path(__file__).parent
# Processes and browsers, which a machine that stands still for seconds can break without a fault in the code.
# What needs its second try is named in the summary. Pure code and chaos get none: there each failure counts.
_AGAINST_THE_CLOCK = {"browser", "contract", "e2e", "security"}

_FORBIDDEN = {
    "a token": re.compile(r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "the client secret": re.compile(r"local-development-only"),
    "a storage key": re.compile(r"AccountKey=|[?&]sig="),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.example\b"),
}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After they were put into an order of chance."""
    items[:] = longest_first(items)
    for item in items:
        if item.path.relative_to(_TESTS).parts[0] in _AGAINST_THE_CLOCK:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByUnit:
    """However many workers there are."""
    config.option.loadscopereorder = False  # which would put what has the most tests first
    return ByUnit(config, log)


@pytest.fixture(scope="session", autouse=True)
def _no_log_tells_secrets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Looks through the functions hosts' logs of every stack of the run, when the run is over."""
    yield
    found = sorted(
        {
            f"{log}: {what}"
            for log in tmp_path_factory.getbasetemp().rglob("host.log")
            for what, pattern in _FORBIDDEN.items()
            if pattern.search(log.read_text(encoding="utf-8", errors="replace"))
        }
    )
    assert found == [], "a log of the functions host has what no log may have"

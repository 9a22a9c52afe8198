"""The pages of traces and metrics as people meet them: narrow or wide, light or dark, without script."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser

from tests.browser.axe import defects_of_a_plain_page
from tests.browser.conftest import BUSY_MACHINE
from tests.contract.traces.running_collector import running_collector, tell


@pytest.fixture(scope="module")
def collector() -> Iterator[str]:
    with running_collector() as address:
        tell(address)
        yield address


@pytest.mark.parametrize("name", ["list", "waterfall", "metrics"])
def test_a_page_is_accessible_and_fits_any_screen(browser: Browser, collector: str, name: str) -> None:
    (trace,) = requests.get(f"{collector}/traces.json", timeout=180).json()
    paths = {"list": "/", "waterfall": f"/traces/{trace['id']}", "metrics": "/metrics"}
    context = browser.new_context()
    context.set_default_timeout(BUSY_MACHINE)
    page = context.new_page()
    page.goto(collector + paths[name])
    assert defects_of_a_plain_page(page) == []
    context.close()

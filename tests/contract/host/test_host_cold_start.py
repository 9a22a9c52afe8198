"""An idle app starts with a list of its functions: no library is loaded before one of them is called."""

import json
import os
import subprocess
import sys

import pytest
from running_host import ROOT

from tests.unit.api.test_settings import LOCAL

HEAVY = {
    "azure.core",
    "azure.data.tables",
    "azure.identity",
    "azure.keyvault.keys",
    "azure.storage.blob",
    "azure.storage.queue",
    "cryptography",
    "jwt",
    "msal",
    "phonenumbers",
    "pydantic",
    "requests",
    "urllib3",
}


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """The modules of a fresh interpreter that has imported the app."""
    program = "import json, sys, function_app; print(json.dumps(sorted(sys.modules)))"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **LOCAL},
        capture_output=True,
        text=True,
        check=True,
    )
    modules: list[str] = json.loads(ended.stdout.splitlines()[-1])
    return set(modules)


def test_the_start_imports_no_heavy_library(imported: set[str]) -> None:
    assert imported & HEAVY == set()


def test_the_start_imports_next_to_nothing_of_the_service(imported: set[str]) -> None:
    assert {name for name in imported if name.startswith(("functions.", "shared."))} == {
        "functions.index",
        "shared.domain",
        "shared.domain.limits",
        "shared.settings",
        "shared.storage",
        "shared.storage.names",
        "shared.storage.once",
    }

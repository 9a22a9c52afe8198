"""One Azurite for a test run: in memory, on ports that it chooses."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local import azurite as storage
from local.ports import from_base

ROOT = Path(__file__).parents[2]
SERVICES = ("blob", "queue", "table")


@pytest.fixture(scope="session")
def azurite() -> Iterator[str]:
    """The connection string of an empty storage account."""
    asked = replace(from_base(0), blob=0, queue=0, table=0)
    part = storage.azurite(asked, None, os.environ)
    if not (ROOT / part.command[1]).exists():
        pytest.skip("Azurite is not installed: run ./dev once")
    with subprocess.Popen(
        part.command, cwd=ROOT, env=dict(part.environment), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield storage.connection_string(replace(asked, **_chosen_ports(process)))
        finally:
            process.terminate()
            process.wait(120)


def _chosen_ports(process: subprocess.Popen[str]) -> dict[str, int]:
    ports: dict[str, int] = {}
    for line in process.stdout or ():
        found = re.search(r"(\w+) service is successfully listening at http://\S+:(\d+)", line)
        if found:
            ports[found[1].lower()] = int(found[2])
        if len(ports) == len(SERVICES):
            return ports
    pytest.fail("Azurite ended before it listened")

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from dataverse_organizations import CHECKOUT, Emulator, Play, served


@pytest.fixture(scope="session")
def dataverse_process() -> Iterator[str]:
    command = [sys.executable, "-m", "local.emulators.dataverse", "--port", "0", "--anonymous"]
    with subprocess.Popen(
        [*command, "--world", "local/world.json"], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        yield line.removeprefix("listening on ").strip()
        process.terminate()
        process.wait(10)


@pytest.fixture
def dataverse(dataverse_process: str) -> Emulator:
    emulator = Emulator(dataverse_process)
    emulator.control("reset")
    return emulator


@pytest.fixture
def organization() -> Iterator[Play]:
    """Starts an organization that gives these answers in turn, the last one for ever."""
    with ExitStack() as running:
        yield lambda *answers: running.enter_context(served(answers))

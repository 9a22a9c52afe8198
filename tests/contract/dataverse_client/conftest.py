import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from dataverse_organizations import CHECKOUT, Answer, Emulator, Play, Signer, served


@pytest.fixture(scope="session")
def dataverse_process() -> Iterator[Emulator]:
    signer = Signer()
    with served((Answer(200, {"Content-Type": "application/json"}, signer.keys()),)) as directory:
        command = [sys.executable, "-m", "local.emulators.dataverse", "--port", "0", "--entra", directory.url]
        with subprocess.Popen(
            [*command, "--world", "local/world.json"], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("listening on "), line
            yield Emulator(line.removeprefix("listening on ").strip(), signer)
            process.terminate()
            process.wait(120)


@pytest.fixture
def dataverse(dataverse_process: Emulator) -> Emulator:
    dataverse_process.control("reset")
    return dataverse_process


@pytest.fixture
def organization() -> Iterator[Play]:
    """Starts an organization that gives these answers in turn, the last one for ever."""
    with ExitStack() as running:
        yield lambda *answers: running.enter_context(served(answers))

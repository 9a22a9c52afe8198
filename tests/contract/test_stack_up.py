import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jwt
import psutil
import pytest

from local.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.stack


class Up:
    """One `./dev up` with its own ports and state, as a shell sees it."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.environment = {**os.environ, "DEV_STATE": str(state), "DEV_PORT_BASE": str(free_ports().host)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.commands", "up"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until_ready(self) -> list[str]:
        lines: list[str] = []
        for line in self.process.stdout or ():
            lines.append(line)
            if line == "ready\n":
                return lines
        pytest.fail("it ended before it was ready: " + "".join(lines))

    def parts_of_a_start(self) -> dict[str, int]:
        """The processes of a stack that is still starting."""
        while not (self.state / "logs" / "dataverse.log").exists():
            time.sleep(0.01)
        children = psutil.Process(self.process.pid).children()
        return {_name(child): child.pid for child in children}

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "local.commands", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )

    def described(self) -> dict[str, object]:
        content: dict[str, object] = json.loads((self.state / "stack.json").read_text())
        return content

    def pids(self) -> dict[str, int]:
        pids = self.described()["pids"]
        assert isinstance(pids, dict)
        return pids


def _name(process: psutil.Process) -> str:
    return "azurite" if "node" in Path(process.exe()).name else str(process.pid)


@contextmanager
def dev_up(state: Path) -> Iterator[Up]:
    up = Up(state)
    with up.process:
        try:
            yield up
        finally:
            up.process.terminate()


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with dev_up(tmp_path_factory.mktemp("up")) as running:
        running.read_until_ready()
        yield running


def alive(pids: dict[str, int]) -> list[str]:
    return [name for name, pid in pids.items() if is_running(pid)]


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def left_after_a_while(pids: dict[str, int]) -> list[str]:
    """Those that do not end, though the system may take its time even with one that was killed."""
    deadline = time.monotonic() + 180
    while (left := alive(pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def test_stack_json_tells_programs_what_the_contract_promises(up: Up) -> None:
    described = up.described()
    assert set(described) == {
        *("api", "portal", "organizationUrl", "dataverse", "entra", "storageConnectionString", "pids", "demo")
    }
    assert set(up.pids()) == {"stack", "azurite", "entra", "dataverse", "portal", "host"}
    assert str(described["api"]).endswith("/api")


@pytest.mark.parametrize("path", ["api/health", "api/docs", "api/openapi.json"])
def test_the_api_answers_at_the_printed_address(up: Up, path: str) -> None:
    address = f"http://127.0.0.1:{up.environment['DEV_PORT_BASE']}/{path}"
    with urllib.request.urlopen(address) as answer:
        assert answer.status == 200


def test_a_token_stands_alone_on_standard_output(up: Up) -> None:
    done = up.call("token", "--tenant", "contoso", "--user", "bruno", "--admin")
    claims = jwt.decode(done.stdout.removesuffix("\n"), options={"verify_signature": False})
    assert (claims["org_id"], claims["sub"], claims["roles"]) == ("contoso", "bruno", ["admin"])


def test_a_second_stack_in_the_same_folder_is_refused(up: Up) -> None:
    done = up.call("up")
    assert done.returncode == 1
    assert f"a stack already runs with its state in {up.state}" in done.stderr


def test_without_a_stack_there_is_no_token_but_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local.commands", "token", "--tenant", "contoso", "--user", "ada"],
        env={**os.environ, "DEV_STATE": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().endswith("start one with './dev up'.")


def test_sigterm_ends_the_stack_in_good_order(tmp_path: Path) -> None:
    with dev_up(tmp_path) as up:
        up.read_until_ready()
        pids = up.pids()
        up.process.terminate()
        assert up.process.wait(timeout=180) == 0
    assert left_after_a_while(pids) == []
    assert not (tmp_path / "stack.json").exists()


def test_ctrl_c_while_it_starts_leaves_nothing_either(tmp_path: Path) -> None:
    with dev_up(tmp_path) as up:
        parts = up.parts_of_a_start()
        up.process.send_signal(signal.SIGINT)
        assert up.process.wait(timeout=180) == 0
    assert left_after_a_while(parts) == []


def test_nothing_outlives_a_killed_stack(tmp_path: Path) -> None:
    with dev_up(tmp_path) as up:
        up.read_until_ready()
        pids = up.pids()
        up.process.kill()
    assert left_after_a_while(pids) == []


def test_a_part_that_dies_ends_the_stack_and_is_named(tmp_path: Path) -> None:
    with dev_up(tmp_path) as up:
        parts = up.parts_of_a_start()
        os.kill(parts["azurite"], signal.SIGKILL)
        output, _ = up.process.communicate(timeout=180)
    assert up.process.returncode == 1
    assert "azurite ended with signal SIGKILL; the last lines of" in output
    assert left_after_a_while(parts) == []

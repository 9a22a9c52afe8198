import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from local.errors import DevError
from local.processes import Part, PartEnded, Processes
from local.readiness import wait_for

ROOT = Path(__file__).resolve().parents[2]

SLEEP = "import time; print('up', flush=True); time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).wait()"

# A stack in small: two parts, and their pids for the test to look for.
KEEPER = f"""
import contextlib, os, pathlib, signal, sys, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may have it ignored, as nohup does
from local.ending import EndRequested, end_on_request
from local.processes import Part, Processes
end_on_request()
parts = Processes(pathlib.Path(sys.argv[1]), pathlib.Path(), grace_seconds=0.5)
with contextlib.suppress(EndRequested), parts as processes:
    for name, program in (("polite", {SLEEP!r}), ("deaf", {DEAF!r})):
        processes.start(Part(name, (sys.executable, "-c", program), os.environ, lambda: True))
    while not all(processes.log_of(name).read_text() for name in processes.pids()):
        time.sleep(0.02)
    print(*processes.pids().values(), flush=True)
    time.sleep(600)
"""


def part(name: str, program: str, answers: Callable[[], bool] = lambda: True) -> Part:
    return Part(name, (sys.executable, "-c", program), os.environ, answers)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def start_up(processes: Processes, *parts: Part) -> dict[str, int]:
    for each in parts:
        processes.start(each)
    for each in parts:
        assert wait_until(lambda: processes.log_of(each.name).read_text() != "", 120)  # noqa: B023 - called at once
    return processes.pids()


def test_leaving_ends_every_part(tmp_path: Path) -> None:
    with Processes(tmp_path, ROOT) as processes:
        pids = start_up(processes, part("one", SLEEP), part("two", SLEEP))
    assert not any(running(pid) for pid in pids.values())


def test_what_a_part_started_ends_with_it(tmp_path: Path) -> None:
    with Processes(tmp_path, ROOT) as processes:
        pids = start_up(processes, part("parent", PARENT))
        [child] = psutil.Process(pids["parent"]).children()
    assert wait_until(lambda: not running(child.pid), 60)


def test_a_part_that_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    with Processes(tmp_path, ROOT, grace_seconds=0.5) as processes:
        pids = start_up(processes, part("deaf", DEAF))
    assert not running(pids["deaf"])


def test_a_part_that_ends_by_itself_is_named_with_its_last_words(tmp_path: Path) -> None:
    with Processes(tmp_path, ROOT) as processes:
        processes.start(part("host", "raise SystemExit('no function_app.py here')"))
        with pytest.raises(PartEnded, match=r"host ended with exit code 1(.|\n)*no function_app.py here"):
            wait_for(part("host", "", lambda: False), processes)


def test_a_part_that_was_ended_on_purpose_is_not_missed(tmp_path: Path) -> None:
    with Processes(tmp_path, ROOT) as processes:
        start_up(processes, part("one", SLEEP), part("two", SLEEP))
        processes.end("one")
        processes.kill("two")
        processes.refuse_ended()
        assert processes.pids() == {}


def test_a_part_without_an_answer_is_given_up_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.readiness.TIMEOUT_SECONDS", 0.2)
    with Processes(tmp_path, ROOT) as processes:
        start_up(processes, part("silent", SLEEP))
        with pytest.raises(DevError, match=r"silent does not answer(.|\n)*up"):
            wait_for(part("silent", SLEEP, lambda: False), processes)


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", KEEPER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def everything_of(keeper: subprocess.Popen[str]) -> list[int]:
    assert keeper.stdout is not None
    assert len(keeper.stdout.readline().split()) == 2
    return [child.pid for child in psutil.Process(keeper.pid).children(recursive=True)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda each: each.name)
def test_a_signal_ends_the_stack_in_good_order(keeper: subprocess.Popen[str], number: signal.Signals) -> None:
    pids = everything_of(keeper)
    keeper.send_signal(number)
    keeper.send_signal(number)  # an impatient person changes nothing
    assert keeper.wait(timeout=180) == 0
    assert not any(running(pid) for pid in pids)


def test_no_part_outlives_a_killed_stack(keeper: subprocess.Popen[str]) -> None:
    pids = everything_of(keeper)
    keeper.kill()
    assert wait_until(lambda: not any(running(pid) for pid in pids), 60)

"""Cold start: importing the app, with and without a first answer, against importing azure.functions alone."""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from local.errors import DevError
from local.parts import Addresses, product_settings
from local.ports import DEFAULT_BASE, from_base
from local.world import read_world

_ROUNDS = 7
_HEAVIEST = 10
_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \| *(\S+)")
_APP, _LEAST = "function_app", "azure.functions"
_TIMED = "import time; started = time.perf_counter(); {}; print(time.perf_counter() - started)"
_IMPORT = "import {}"
# Everything is loaded for it, and nothing is asked outside.
ANSWER = """import function_app, azure.functions as func
from types import SimpleNamespace
functions = {each.get_function_name(): each.get_user_function() for each in function_app.app.get_functions()}
asked = func.HttpRequest(method='GET', url='/api/exports', headers={}, params={}, route_params={}, body=b'')
context = SimpleNamespace(trace_context=SimpleNamespace(trace_parent=''))
assert functions['get_exports'](asked, context).status_code == 401"""
_WORK = {"app": _IMPORT.format(_APP), "least": _IMPORT.format(_LEAST), "answer": ANSWER}


def run(_options: Options) -> Iterator[Report]:
    """The ratio, and the packages in which the time goes."""
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(Path(folder))
        _seconds(ANSWER, environment)  # compiles what is not compiled yet
        rounds = [{name: _seconds(work, environment) for name, work in _WORK.items()} for _ in range(_ROUNDS)]
        app, least = (_self_times(module, environment) for module in (_APP, _LEAST))
    yield _ratio(rounds)
    yield Report(
        f"coldstart: the {_HEAVIEST} heaviest packages",
        [_package(name, spent, least[name]) for name, spent in app.most_common(_HEAVIEST)],
        ["By -X importtime, which makes everything slower: compare the lines with each other only."],
    )


def _ratio(rounds: list[dict[str, float]]) -> Report:
    app, least, answer = (median(each[name] for each in rounds) * 1000 for name in _WORK)
    ratio, answered = (median(each[name] / each["least"] for each in rounds) for name in ("app", "answer"))
    return Report(
        "coldstart: import of the app",
        [
            Figure(f"import {_APP}", app, "ms", f"median of {_ROUNDS} fresh processes"),
            Figure(f"import {_LEAST}", least, "ms", "the least that any Python function app imports"),
            Figure("ratio", ratio, "", "median of the rounds' ratios", "at most 1.6"),
            Figure("to the first answer", answer, "ms", "the import, and loading what the first call needs"),
            Figure("its ratio", answered, "", "to importing azure.functions"),
        ],
    )


def _package(name: str, spent: int, least: int) -> Figure:
    meaning = "imported by azure.functions as well" if least > spent / 2 else "the app's own doing"
    return Figure(name, spent / 1000, "ms", meaning)


def _seconds(work: str, environment: Mapping[str, str]) -> float:
    return float(_python(["-c", _TIMED.format(work)], environment).stdout.split()[-1])


def _self_times(module: str, environment: Mapping[str, str]) -> Counter[str]:
    """Microseconds by package, without what is imported by other packages on its behalf."""
    told = _python(["-X", "importtime", "-c", f"import {module}"], environment).stderr
    times: Counter[str] = Counter()
    for line in told.splitlines():
        if found := _LINE.match(line):
            times[_package_of(found[2])] += int(found[1])
    return times


def _package_of(module: str) -> str:
    first, *rest = module.split(".")
    if first == "azure":
        return ".".join([first, *rest[:2]])
    return "the standard library" if first in sys.stdlib_module_names else first


def _python(arguments: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        raise DevError(f"the import fails:\n{done.stderr}")
    return done


def _environment(folder: Path) -> dict[str, str]:
    """What the app wants to know, and compiled modules where the environment may forbid them."""
    settings = product_settings(Addresses(from_base(DEFAULT_BASE)), read_world(), folder / "token-key.json")
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    return {**os.environ, **settings, **compiled}

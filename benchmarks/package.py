"""The package as Azure gets it: its size, and the cold start from it and nothing else."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from benchmarks.coldstart import ANSWER
from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from local.errors import DevError
from local.parts import Addresses, product_settings
from local.ports import DEFAULT_BASE, from_base
from local.release.package import LIBRARIES, build, lay_out
from local.world import read_world

ROOT = Path(__file__).resolve().parents[1]
_ROUNDS = 7
_HEAVIEST = 6
_TIMED = """import sys, time
sys.path[:0] = [{root!r}, {libraries!r}]
started = time.perf_counter()
{work}
print(time.perf_counter() - started)"""
_WORK = {
    "import azure.functions": "import azure.functions",
    "import function_app": "import function_app",
    "to the first answer": ANSWER,
}
_MEANINGS = {
    "import azure.functions": "the least that any Python function app imports",
    "import function_app": "what Azure waits for before it calls",
    "to the first answer": "the import, and loading what the first call needs",
    "the same, with telemetry": "and OpenTelemetry, for a receiver that nobody has called yet",
}


def run(_options: Options) -> Iterator[Report]:
    """Built twice, because it has to come out the same; then started from its own folder."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        first, second = (build(ROOT, place / name, "bench") for name in ("one.zip", "two.zip"))
        lay_out(ROOT, place / "app", "bench")
        yield Report(
            "package: what is deployed",
            [
                Figure("packed", first.packed_bytes / 1e6, "MB", "the zip file that every region gets"),
                Figure("unpacked", first.unpacked_bytes / 1e6, "MB", "compiled modules included"),
                Figure("files", first.files, ""),
                Figure(
                    "built again",
                    "the same" if first.digest == second.digest else "different",
                    "",
                    "",
                    "the same",
                ),
                *_heaviest(place / "app"),
            ],
        )
        yield _starts(place / "app", place)


def _heaviest(tree: Path) -> Iterator[Figure]:
    sizes: Counter[str] = Counter()
    for path in tree.rglob("*"):
        if path.is_file():
            parts = path.relative_to(tree).parts
            sizes[parts[3] if parts[0] == LIBRARIES.parts[0] else "the app itself"] += path.stat().st_size
    for name, size in sizes.most_common(_HEAVIEST):
        yield Figure(name, size / 1e6, "MB", "unpacked")


def _starts(tree: Path, place: Path) -> Report:
    quiet = product_settings(Addresses(from_base(DEFAULT_BASE)), read_world(), place / "token-key.json")
    telling = {**quiet, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    kinds = [(name, work, quiet) for name, work in _WORK.items()]
    kinds.append(("the same, with telemetry", ANSWER, telling))
    rounds = [
        {name: _seconds(tree, work, settings) for name, work, settings in kinds} for _ in range(_ROUNDS)
    ]
    return Report(
        "package: cold start from it",
        [
            Figure(name, median(each[name] for each in rounds) * 1000, "ms", _MEANINGS[name])
            for name, _, _ in kinds
        ],
        [f"Medians of {_ROUNDS} fresh processes in turns, which see nothing but the package."],
    )


def _seconds(tree: Path, work: str, settings: Mapping[str, str]) -> float:
    program = _TIMED.format(root=str(tree), libraries=str(tree / LIBRARIES), work=work)
    # Not the environment's interpreter: that one would find packages which are not deployed.
    python = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    command = [str(python), "-I", "-S", "-c", program]
    environment = {"PATH": os.environ["PATH"], "OTEL_EXPORTER_OTLP_TIMEOUT": "1", **settings}
    done = subprocess.run(command, env=environment, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DevError(f"the package does not start by itself:\n{done.stderr}")
    return float(done.stdout.split()[-1])

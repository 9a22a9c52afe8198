"""How many misspelt words of the infrastructure the checker finds: each key and each reference in turn."""

import time
from collections.abc import Iterator, Sequence

from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from local.bicep.across.code import ROOT, read_code
from local.bicep.check import Checker
from local.bicep.misspelling import DECLARED, KEYS, REFERENCES, Outcome, tried
from local.bicep.program import load, sources

_TARGETS = {KEYS: "85 %", REFERENCES: "100 %", DECLARED: ""}
_MEANINGS = {
    KEYS: "keys of objects, of parameters, settings, tags and variables as well",
    REFERENCES: "symbols, their properties, outputs, functions and types",
    DECLARED: "a symbol that nobody refers to may be called anything",
}


def run(options: Options) -> Iterator[Report]:
    """The rates, and with --details what was not found."""
    root = ROOT / "infra"
    texts = sources(root)
    started = time.perf_counter()
    false_alarms = len(Checker(read_code()).check(load(root, texts)))
    once = time.perf_counter() - started
    outcomes = list(tried(texts, read_code(), root=root))
    figures = [
        Figure("one check", once, "s", f"of {len(texts)} files, the code's side included", "1 s"),
        Figure("false alarms", str(false_alarms), "", "findings in the files as they are", "0"),
        *(_rate(kind, outcomes) for kind in _TARGETS),
    ]
    yield Report("bicep: words misspelt, each alone", figures, _missed(outcomes) if options.details else ())


def _rate(kind: str, outcomes: Sequence[Outcome]) -> Figure:
    found = [outcome.found for outcome in outcomes if outcome.misspelling.kind == kind]
    value = f"{100 * sum(found) / len(found):.1f} %"
    return Figure(kind, value, "", f"{sum(found)} of {len(found)} found; {_MEANINGS[kind]}", _TARGETS[kind])


def _missed(outcomes: Sequence[Outcome]) -> list[str]:
    missed = [outcome.misspelling for outcome in outcomes if not outcome.found]
    return [f"not found: {each.file.name}:{each.at.line} {each.word} as {each.wrong}" for each in missed]

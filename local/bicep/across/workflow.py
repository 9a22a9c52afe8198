"""What region files read from the environment, the workflow that deploys them hands over."""

import re
from collections.abc import Iterator
from pathlib import Path

from local.bicep.findings import Finding
from local.bicep.judgement import did_you_mean
from local.bicep.program import SourceFile
from local.bicep.syntax.tree import Call, Text, walk

_HANDED_OVER = re.compile(r"^\s+([A-Z][A-Z0-9_]*): ", re.MULTILINE)


def judge_environment(file: SourceFile, handed_over: frozenset[str] | None) -> Iterator[Finding]:
    """Variables without a default that nobody hands over; none where there is no workflow."""
    if handed_over is None:
        return
    for node in walk(file.tree.statements):
        if not isinstance(node, Call) or node.name != "readEnvironmentVariable" or len(node.arguments) > 1:
            continue
        name = node.arguments[0].plain if isinstance(node.arguments[0], Text) else None
        if name is not None and name not in handed_over:
            what = f"The workflow that deploys regions hands no {name!r} over."
            todo = f"{did_you_mean(name, handed_over)} Or give it a default, or add it to the workflow."
            yield Finding(file.path, node.at, what, todo)


def handed_over(workflow: Path) -> frozenset[str] | None:
    """The variables that a workflow sets; None where there is no such workflow."""
    if not workflow.exists():
        return None
    return frozenset(_HANDED_OVER.findall(workflow.read_text(encoding="utf-8")))

"""Every alert looks at something that the service counts, and has a runbook."""

import re
from collections.abc import Iterator
from pathlib import Path

from local.bicep.across.code import Code
from local.bicep.evaluation import Deployed
from local.bicep.findings import Finding, Position
from local.bicep.judgement import did_you_mean

_METRIC = re.compile(r"""(?:name == |in \(|, )["']([a-z]+(?:\.[a-z_]+)+)["']""")
_RULE = "Microsoft.Insights/scheduledQueryRules"


def judge_alerts(resources: list[Deployed], code: Code, workbook: Path) -> Iterator[Finding]:
    """Metrics that nobody counts, and alerts without a runbook."""
    counted = frozenset(re.findall(r'"([a-z]+(?:\.[a-z_]+)+)"', code.text))
    for each in resources:
        if each.type != _RULE:
            continue
        for metric in _METRIC.findall(_query(each)):
            if metric not in counted:
                what = f"The alert {each.name!r} looks at {metric!r}, which the code does not count."
                yield Finding(each.file.path, each.statement.at, what, did_you_mean(metric, counted))
        yield from _runbook(each, code)
    if workbook.exists():
        for number, line in enumerate(workbook.read_text(encoding="utf-8").splitlines(), start=1):
            for metric in _METRIC.findall(line):
                if metric not in counted:
                    what = f"The workbook shows {metric!r}, which the code does not count."
                    yield Finding(workbook, Position(number, 1), what, did_you_mean(metric, counted))


def _query(each: Deployed) -> str:
    properties = each.body.get("properties", {})
    criteria = properties.get("criteria", {}).get("allOf", []) if isinstance(properties, dict) else []
    return " ".join(str(one.get("query")) for one in criteria if isinstance(one, dict))


def _runbook(each: Deployed, code: Code) -> Iterator[Finding]:
    properties = each.body.get("properties", {})
    heading = str(properties.get("displayName")) if isinstance(properties, dict) else ""
    if code.runbooks is not None and heading not in code.runbooks:
        what = f"The alert {heading!r} has no runbook in docs/operations.md."
        yield Finding(each.file.path, each.statement.at, what, did_you_mean(heading, code.runbooks))

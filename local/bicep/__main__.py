"""`python -m local.bicep [FOLDER]`: checks the infrastructure, and says where what is wrong."""

import sys
from collections.abc import Sequence
from pathlib import Path

from local.bicep.across.code import ROOT, read_code
from local.bicep.check import Checker
from local.bicep.findings import Finding
from local.bicep.program import load, sources


def main(arguments: Sequence[str]) -> int:
    """0 where nothing is wrong."""
    folder = Path(arguments[0]) if arguments else ROOT / "infra"
    program = load(folder, sources(folder))
    findings = Checker(read_code()).check(program)
    for finding in findings:
        print(_shown(finding))
    print(f"{len(program.files)} files, {len(findings)} findings")
    return 1 if findings else 0


def _shown(finding: Finding) -> str:
    file = finding.file.relative_to(Path.cwd()) if finding.file.is_relative_to(Path.cwd()) else finding.file
    return f"{file}:{finding.at.line}:{finding.at.column}: {finding.what} {finding.todo}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

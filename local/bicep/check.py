"""The whole check of an infrastructure folder: file by file, then across the files and the code."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.bicep.across.alerts import judge_alerts
from local.bicep.across.azd import judge_services
from local.bicep.across.code import Code
from local.bicep.across.naming import judge_names
from local.bicep.across.regions import judge_regions
from local.bicep.across.roles import judge_roles
from local.bicep.across.settings import judge_settings
from local.bicep.across.stores import judge_stores
from local.bicep.across.workflow import judge_environment
from local.bicep.evaluation import Deployed, Evaluation
from local.bicep.findings import Finding
from local.bicep.judgement import Judgement
from local.bicep.program import Program, SourceFile
from local.bicep.rules.policy import judge_policy
from local.bicep.rules.regions import judge_parameters, template_of
from local.bicep.rules.templates import TemplateRules
from local.bicep.syntax.tree import Keyword, Literal

# Everything that a region may leave out is looked at as well.
_EVERYTHING = {
    "privateNetworking": True,
    "portalLocation": "westeurope",
    "monthlyBudget": 1,
    "deployerSubject": "repo:owner/name:environment:region",
    "operatorsGroupId": "00000000-0000-0000-0000-000000000000",
}


class Checker:
    """Checks programs. A file that is the same as before, with all that it uses, is not judged again."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._judged: dict[tuple[SourceFile, ...], set[Finding]] = {}

    def check(self, program: Program) -> list[Finding]:
        """Every finding, in the order of files and lines."""
        findings = set(program.faults)
        for file in program.files.values():
            findings |= self._judgement(program, file)
        # What cannot be read, or leads nowhere, would make everything else look missing.
        return sorted(findings or set(_across(program, self._code)))

    def _judgement(self, program: Program, file: SourceFile) -> set[Finding]:
        uses = program.uses(file)
        if uses not in self._judged:
            judgement = Judgement(file)
            if file.path.suffix == ".bicepparam":
                judge_parameters(program, judgement)
            else:
                TemplateRules(program, judgement).judge()
                judge_policy(judgement)
            self._judged[uses] = judgement.findings
        return self._judged[uses]


def _across(program: Program, code: Code) -> Iterator[Finding]:
    regions = {file.path: (file, _given(program, file)) for file in program.parameter_files}
    named = {path: each for path, each in regions.items() if path.parent.name == "regions"}
    yield from judge_regions(named)
    yield from judge_settings(program, code)
    for file, _ in named.values():
        yield from judge_environment(file, code.handed_over)
    for path, (file, given) in named.items():
        yield from judge_names(_resources(program, file, given), path.stem)
    first = next(iter(named.values()), None)
    if first is not None:
        longest = _longest(template_of(program, first[0]))
        resources = _resources(program, first[0], {**first[1], **_EVERYTHING, **longest})
        yield from judge_names(resources, "a stamp with everything and the longest words")
        yield from judge_stores(resources, code)
        yield from judge_roles(resources, code)
        yield from judge_services(resources, program.root.parent / "azure.yaml")
        yield from judge_alerts(resources, code, program.root / "workbook.json")


def _longest(template: SourceFile | None) -> Mapping[str, str]:
    """The longest text that each parameter with a limit may be."""
    limited = (
        ((each.name, each.decorated("maxLength")) for each in template.tree.of(Keyword.PARAM))
        if template
        else ()
    )
    lengths = ((name, limit.arguments[0]) for name, limit in limited if limit)
    return {
        name: "x" * length.value for name, length in lengths if isinstance(length, Literal) and length.value
    }


def _given(program: Program, file: SourceFile) -> Mapping[str, Any]:
    evaluation = Evaluation(program, file, {})
    return {each.name: evaluation.value(each.value) for each in file.tree.of(Keyword.PARAM)}


def _resources(program: Program, file: SourceFile, given: Mapping[str, Any]) -> list[Deployed]:
    template = template_of(program, file)
    return list(Evaluation(program, template, given).resources()) if template else []

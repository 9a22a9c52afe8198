"""Every queue, table and container that the code uses is declared, and no other."""

from collections.abc import Iterator

from local.bicep.across.code import Code
from local.bicep.evaluation import Deployed
from local.bicep.findings import Finding
from local.bicep.judgement import did_you_mean

_ACCOUNT = "Microsoft.Storage/storageAccounts"
_DEPLOYMENT = frozenset({"app-package"})
"""Containers that the platform uses, not our code."""


def judge_stores(resources: list[Deployed], code: Code) -> Iterator[Finding]:
    """Stores that are missing, surplus or misspelt."""
    queues = code.queues | {f"{name}-poison" for name in code.queues}
    yield from _compared(resources, f"{_ACCOUNT}/queueServices/queues", "queue", queues)
    yield from _compared(resources, f"{_ACCOUNT}/tableServices/tables", "table", code.tables)
    yield from _compared(
        resources, f"{_ACCOUNT}/blobServices/containers", "container", code.containers | _DEPLOYMENT
    )


def _compared(
    resources: list[Deployed], kind: str, word: str, wanted: frozenset[str] | set[str]
) -> Iterator[Finding]:
    declared = [each for each in resources if each.type == kind]
    names = {each.name for each in declared}
    missing = wanted - {name for name in names if name}
    for each in declared:
        if each.name not in wanted:
            what = f"No code uses the {word} {each.name!r}."
            todo = did_you_mean(each.name or "", missing)
            yield Finding(each.file.path, each.statement.at, what, todo)
    for name in sorted(missing):
        place = declared[0] if declared else resources[0]
        what = f"The {word} {name!r} of shared/storage/names.py is not declared."
        yield Finding(place.file.path, place.statement.at, what, "Add it to the list of names.")

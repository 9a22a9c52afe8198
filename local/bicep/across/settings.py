"""Every setting that the code reads is set, and every setting that is set is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from local.bicep.across.code import Code
from local.bicep.findings import Finding, Position
from local.bicep.judgement import did_you_mean
from local.bicep.program import Program, SourceFile
from local.bicep.rules.policy import type_of
from local.bicep.syntax.tree import Keyword, Name, Node, Object, Property, Statement, body_of, walk

LOCAL_ONLY = frozenset(
    {
        "AzureWebJobsStorage",  # a connection string has a key in it
        "ENTRA_CLIENT_SECRET",
        "TOKEN_KEY_FILE",
        "LOCAL_REROUTE",
        "OTEL_EXPORTER_OTLP_ENDPOINT",  # a collector of one's own
    }
)
# Set by Azure itself; the code looks whether they are there.
OF_AZURE = frozenset({"WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME"})
# Read by the functions host or by Python's worker, not by our code.
OF_THE_HOST = frozenset(
    {
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__queueServiceUri",
        "AzureWebJobsStorage__tableServiceUri",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "PYTHON_THREADPOOL_THREAD_COUNT",
        "PYTHON_ENABLE_OPENTELEMETRY",
    }
)
OF_ELASTIC_PREMIUM = frozenset(
    {
        "FUNCTIONS_EXTENSION_VERSION",
        "FUNCTIONS_WORKER_RUNTIME",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID",
    }
)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting in a file."""

    name: str
    at: Position
    file: SourceFile


def judge_settings(program: Program, code: Code) -> Iterator[Finding]:
    """Settings that are missing, surplus or misspelt."""
    found = {each.name: each for each in _set(program)}
    wanted = (code.settings - LOCAL_ONLY - OF_AZURE) | OF_THE_HOST
    known = wanted | OF_ELASTIC_PREMIUM
    for each in found.values():
        if each.name in LOCAL_ONLY:
            what = f"The setting {each.name} is for one machine."
            yield Finding(
                each.file.path, each.at, what, "Remove it: in Azure the managed identity takes its place."
            )
        elif each.name not in known:
            what = f"No code reads the setting {each.name!r}."
            yield Finding(each.file.path, each.at, what, did_you_mean(each.name, known - set(found)))
    for file, statement in _resources(program):
        for name in sorted((wanted | OF_ELASTIC_PREMIUM) - set(found)):
            what = f"The setting {name}, which is read by the code or the host, is not set."
            yield Finding(file.path, statement.at, what, "Set it here, or say in across/settings.py why not.")


def _resources(program: Program) -> Iterator[tuple[SourceFile, Statement]]:
    for file in program.templates:
        for statement in file.tree.of(Keyword.RESOURCE):
            if type_of(statement) == "Microsoft.Web/sites/config":
                yield file, statement


def _set(program: Program) -> Iterator[Setting]:
    for file, statement in _resources(program):
        body = body_of(statement.value)
        variables = {each.name: each.value for each in file.tree.of(Keyword.VAR)}
        for node in _objects(body.get("properties") if body else None, variables):
            for item in node.items:
                if isinstance(item, Property) and isinstance(item.key, str):
                    yield Setting(item.key, item.at, file)


def _objects(node: Node | None, variables: Mapping[str, Node | None]) -> Iterator[Object]:
    """The objects of which settings are put together: written there, or in variables that are named there."""
    if isinstance(node, Object):
        yield node
        return
    for each in walk(node):
        if isinstance(each, Object):
            yield each
        elif isinstance(each, Name) and isinstance(variables.get(each.name), Object):
            yield from _objects(variables[each.name], {})

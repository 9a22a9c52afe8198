"""Processor time of each step that an export takes with its records, storage and HTTP left out."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Any, TypeVar

import orjson

from benchmarks.figures import Figure, Report
from benchmarks.lead_columns import columns
from benchmarks.options import Options
from benchmarks.people import Person, person, with_fax
from benchmarks.scripted_dataverse import ScriptedDataverse
from functions.compiling import compile_for
from functions.export.reading import NDJSON, read_records
from functions.export.writing import write
from functions.planning import plan_records
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata
from shared.domain.compiled import CompiledMapping
from shared.domain.default_mapping import default_rows
from shared.domain.exports import count
from shared.domain.ids import ExportId, ObjectType, TenantId, record_id
from shared.domain.organization import parse_organization_url
from shared.domain.outcomes import outcomes_of
from shared.domain.person_marks import mark_of
from shared.domain.plan import PlanRules
from shared.domain.preferences import RULES_OF, ObjectPreferences
from shared.domain.vendor_catalog import vendor_fields
from shared.storage.files import ExportFiles
from tests.fakes import MemoryContainer

_CHUNK = 500
_ROUNDS = 25
_TENANT, _LEAD, _EXPORT = TenantId("contoso"), ObjectType.LEAD, ExportId("998299999999999-00000000c4a5")
_PLACE = (_TENANT, _EXPORT, 1)
_KEY = "leadid"
_MICRO = 1_000_000

T = TypeVar("T")


def run(_options: Options) -> Iterator[Report]:
    """The steps for new leads, for leads that are there unchanged, and for half of each kind."""
    new = [person(number) for number in range(_CHUNK)]
    yield _report("new leads", new, [])
    yield _report("leads that are there already, unchanged", new, new)
    yield _report("leads of which half exist and lack a value", list(map(with_fax, range(_CHUNK))), new[::2])


def _report(title: str, people: Sequence[Person], there: Sequence[Person]) -> Report:
    chunk = _Chunk(people, there)
    gc.collect()
    gc.disable()
    try:
        rounds = [chunk.run() for _ in range(_ROUNDS)]
    finally:
        gc.enable()
    steps = {name: median(each[name] for each in rounds) / _CHUNK * _MICRO for name in rounds[0]}
    figures = [
        *(Figure(name, micro, "µs") for name, micro in steps.items()),
        Figure("together", sum(steps.values()), "µs", "of processor time a record, or ms per 1,000 records"),
    ]
    return Report(f"records: {title}", figures)


class _Chunk:
    """One chunk of people, of whom some are in Dynamics, and what an export does with it."""

    def __init__(self, people: Sequence[Person], there: Sequence[Person]) -> None:
        self._lines = b"\n".join(map(orjson.dumps, people))
        self._table = _table()
        rows = default_rows(_LEAD, self._table.columns)
        mapping = compile_for(_TENANT, _LEAD, rows, self._table.columns, targets={})
        self._rules = PlanRules(_LEAD, mapping, ObjectPreferences(match_rules=RULES_OF[_LEAD]))
        self._dataverse = ScriptedDataverse(_KEY, [_row(mapping, each) for each in there])
        self._client = DataverseClient(
            self._dataverse,
            parse_organization_url("https://contoso.crm4.dynamics.com"),
            lambda _fresh: "token",
            clock=_now,
        )
        self._files = ExportFiles(MemoryContainer())

    def run(self) -> dict[str, float]:
        """Seconds of each step, in their order."""
        took: dict[str, float] = {}
        step = partial(self._timed, took)
        tenant, rules, client, table, files = _TENANT, self._rules, self._client, self._table, self._files
        fields = vendor_fields(_LEAD)
        records = step("read the input", lambda: list(read_records(NDJSON, [self._lines], fields)))
        step("keep the chunk", lambda: files.write_records(*_PLACE, records))
        records = step("read the chunk", lambda: files.read_records(*_PLACE) or [])
        step("mark people", lambda: [mark_of(each, tenant, _LEAD, rules.preferences) for each in records])
        planned = step("find and plan", lambda: plan_records(client, table, rules, records, tenant=tenant))
        plans = planned.records
        step("keep the plan", lambda: files.write_plan(*_PLACE, plans))
        refused = step("write", lambda: write(client, table, plans, None))
        outcomes = step("account", lambda: outcomes_of(plans, refused))
        step("keep the outcomes", lambda: files.write_outcomes(*_PLACE, outcomes))
        step("count", lambda: count(outcomes))
        return took

    def _timed(self, took: dict[str, float], name: str, work: Callable[[], T]) -> T:
        self._dataverse.away = 0.0
        started = time.thread_time()
        result = work()
        took[name] = time.thread_time() - started - self._dataverse.away
        return result


def _row(mapping: CompiledMapping, someone: Person) -> dict[str, Any]:
    """As Dynamics has them who was exported before."""
    blank: dict[str, Any] = dict.fromkeys(mapping.catalog)
    return {
        **blank,
        "@odata.etag": 'W/"1"',
        "statecode": 0,
        "createdon": "2026-01-31T08:00:00Z",
        **mapping.creation(mapping.map(someone)),
        _KEY: record_id(_TENANT, _LEAD, str(someone["id"])),
    }


def _table() -> TableMetadata:
    return TableMetadata(
        table="lead",
        entity_set="leads",
        primary_id=_KEY,
        bulk_create=True,
        bulk_update=True,
        columns=columns(),
        read_at=_now(),
    )


def _now() -> datetime:
    return datetime(2026, 1, 31, tzinfo=UTC)

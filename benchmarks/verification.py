"""Verification of the longest mapping, against the one metadata read that it stands on."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

from benchmarks.emulator import running
from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata, read_table
from shared.domain.default_mapping import default_rows
from shared.domain.drift import drift
from shared.domain.fields import ColumnType
from shared.domain.ids import ObjectType
from shared.domain.mapping import MappingRow, RowOptions, TooLong, VendorSource
from shared.domain.organization import parse_organization_url
from shared.domain.suggest import suggest
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import COMPATIBLE, MOST_ROWS, verify, warnings
from shared.transport import session

_ROUNDS = 9
_ORGANIZATION = parse_organization_url("https://contoso.crm4.dynamics.com")
_PEOPLE = vendor_fields(ObjectType.LEAD)


def run(_options: Options) -> Iterator[Report]:
    """The times of verification, warnings, drift and suggestions, each over that of reading the table."""
    with running() as address:
        client = DataverseClient(
            session({".dynamics.com": address}, pool_size=1),
            _ORGANIZATION,
            lambda _fresh: "anonymous",
            clock=lambda: datetime.now(UTC),
        )
        table = read_table(client, ObjectType.LEAD)
        reading = _seconds(lambda: read_table(client, ObjectType.LEAD))
    yield _report(table, reading)


def _report(table: TableMetadata, reading: float) -> Report:
    rows, columns = _rows(table), table.columns
    works: dict[str, Callable[[], object]] = {
        "verifying": lambda: verify(rows, _PEOPLE, columns),
        "warnings": lambda: warnings(rows, _PEOPLE, columns),
        "drift": lambda: drift(rows, columns, _PEOPLE),
        "suggestions": lambda: suggest(ObjectType.LEAD, _PEOPLE, columns),
    }
    figures = [
        Figure(name, _seconds(work) / reading, "", f"time over that of reading {len(columns)} columns")
        for name, work in works.items()
    ]
    read = Figure(
        "one read", reading * 1000, "ms", "of the table's metadata, from the emulator on this machine"
    )
    return Report(f"verification: {len(rows)} rows", [read, *figures])


def _rows(table: TableMetadata) -> list[MappingRow]:
    """The default mapping, and as many other rows as a mapping may have."""
    rows = list(default_rows(ObjectType.LEAD, table.columns))
    for column in table.columns.values():
        for field in _PEOPLE.values():
            if len(rows) == MOST_ROWS:
                return rows
            if column.mappable and column.type in COMPATIBLE[field.type]:
                made = MappingRow(source=VendorSource(field.name), column=column.name)
                text = column.type in {ColumnType.STRING, ColumnType.MEMO}
                rows.append(replace(made, options=RowOptions(too_long=TooLong.CUT)) if text else made)
                if len(rows) % 5 == 0:
                    break
    return rows


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)

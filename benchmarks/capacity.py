"""How many instances the busiest hour needs for 10, 1,000 and 100,000 tenants, by a model of the queue."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import quantiles

from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from benchmarks.queueing import Load, Result, Service, simulate

TENANTS = (10, 1_000, 100_000)
_DAYS = 30
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Month:
    """What a month of one load uses, in the units by which Azure charges."""

    chunks: int
    instance_hours: float
    storage_operations: float
    gib_stored: float
    gib_logged: float


def run(_options: Options) -> Iterator[Report]:
    """A table for each number of tenants, and one with a million records in the middle of the others."""
    service = Service()
    for tenants in TENANTS:
        load = Load(tenants)
        instances, result = _enough(load, service)
        yield _report(load, service, instances, result)
    yield _with_a_million(service)


def _enough(load: Load, service: Service) -> tuple[int, Result]:
    """The fewest instances, by tenths more, with which a small export in twenty waits a second at most."""
    instances = max(1, math.ceil(load.busy_slots(service) / service.slots))
    for _ in range(_STEPS):
        result = simulate(load, service, instances)
        if _percentile(result.small_waits, 95) <= 1.0:
            return instances, result
        instances += max(1, instances // 10)
    return instances, result


def _report(load: Load, service: Service, instances: int, result: Result) -> Report:
    month = _month(load, service, result)
    return Report(
        f"capacity: {load.tenants:,} tenants, the busiest hour",
        [
            Figure(
                "exports",
                result.exports,
                "",
                f"{load.exports_per_day:g} a tenant and day, {load.peak:.0%} of them now",
            ),
            Figure(
                "records",
                result.records,
                "",
                f"{load.mean_records:,.0f} an export: most are small, few are large",
            ),
            Figure("instances", instances, "", f"of {service.slots} chunks at once each"),
            Figure("slots busy", result.utilization * 100, "%", "of all, on average"),
            *_small(result),
            Figure("longest queue", result.longest_queue, "lanes", "waiting for a slot"),
            Figure("chunks", month.chunks, "a month"),
            Figure(
                "instance hours", month.instance_hours, "a month", "times the memory of an instance: GB-hours"
            ),
            Figure("storage operations", month.storage_operations, "a month"),
            Figure("stored", month.gib_stored, "GiB", "inputs, plans and outcomes of 30 days"),
            Figure("logged", month.gib_logged, "GiB a month", "events, spans and metrics"),
        ],
    )


def _small(result: Result) -> Iterator[Figure]:
    for percent in (50, 95, 99):
        waited = _percentile(result.small_waits, percent)
        yield Figure(f"small export waits, {percent} %", waited, "s", "before a worker begins with it")


def _with_a_million(service: Service) -> Report:
    load = Load(1_000)
    instances, calm = _enough(load, service)
    shaken = simulate(load, service, instances, extra=1_000_000)
    return Report(
        f"capacity: a million records at once, among {load.tenants:,} tenants with {instances} instances",
        [
            Figure("small waits, 95 %, without", _percentile(calm.small_waits, 95), "s"),
            Figure(
                "small waits, 95 %, with",
                _percentile(shaken.small_waits, 95),
                "s",
                "a lane gives way to whoever waits",
            ),
            Figure("longest queue, with", shaken.longest_queue, "lanes"),
        ],
    )


def _month(load: Load, service: Service, result: Result) -> Month:
    per_hour = result.chunks / (load.peak * 24)  # of an average hour
    chunks = round(per_hour * 24 * _DAYS)
    records = load.tenants * load.exports_per_day * load.mean_records * _DAYS
    exports = load.tenants * load.exports_per_day * _DAYS
    # An instance of which few slots are busy is paid like a full one: the share of the busiest hour is kept.
    busy = result.busy_seconds / (load.peak * 24) * 24 * _DAYS
    return Month(
        chunks=chunks,
        instance_hours=busy / service.slots / max(result.utilization, 0.01) / 3600,
        storage_operations=records / 1000 * service.operations_per_1000
        + exports * service.operations_per_export,
        gib_stored=records * service.bytes_per_record / 2**30,
        gib_logged=(chunks * service.logged_per_chunk + exports * service.logged_per_export) / 2**30,
    )


def _percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1] if len(values) > 1 else sum(values)

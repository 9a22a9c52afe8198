"""A model of the queue of chunks: lanes of exports take slots of instances, and give way to others."""

import random
from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush

HOUR = 3600.0
_SMALL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What one chunk takes and one instance has: the figures of docs/performance.md, and host.json."""

    chunk: int = 500
    lanes: int = 8
    slots: int = 24  # batchSize and newBatchThreshold of host.json
    latency: float = 0.04
    seconds_per_record: float = 0.011  # of execution time in Dataverse
    own_per_record: float = 0.0002
    at_once: float = 4.0  # 20 minutes of execution time in 5 minutes ("Service protection API limits")
    operations_per_1000: float = 23.6
    operations_per_export: float = 30.0
    bytes_per_record: float = 1_500.0
    logged_per_chunk: float = 6_000.0
    logged_per_export: float = 4_000.0

    def seconds(self, records: int) -> float:
        """How long a slot is taken by a chunk: one search, one bulk write, and what happens here."""
        return 2 * self.latency + records * (self.seconds_per_record + self.own_per_record)

    def width(self, chunks: int) -> int:
        """How many lanes an export has at once without being throttled."""
        return max(1, min(self.lanes, chunks, int(self.at_once)))


@dataclass(frozen=True, slots=True)
class Load:
    """What the tenants do. Sizes are (share, records): a button is pressed often, a list exported rarely."""

    tenants: int
    exports_per_day: float = 10.0
    peak: float = 0.15  # of a day's exports in its busiest hour
    sizes: tuple[tuple[float, int], ...] = ((0.8, 25), (0.18, 1_000), (0.02, 16_000))

    @property
    def mean_records(self) -> float:
        """Records of an export, on average."""
        return sum(share * records for share, records in self.sizes)

    def busy_slots(self, service: Service) -> float:
        """How many slots the busiest hour keeps busy, by Little's law."""
        per_second = self.tenants * self.exports_per_day * self.peak / HOUR
        return per_second * sum(share * _seconds(records, service) for share, records in self.sizes)


@dataclass(slots=True)
class Result:
    """What came of one hour."""

    exports: int = 0
    records: int = 0
    chunks: int = 0
    busy_seconds: float = 0.0
    utilization: float = 0.0
    longest_queue: int = 0
    small_waits: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Lane:
    chunks: list[int]
    since: float
    small: bool


def simulate(load: Load, service: Service, instances: int, *, extra: int = 0) -> Result:
    """The busiest hour, event by event, always the same. `extra`: records of one more export at its start."""
    result, chance = Result(), random.Random(1)  # noqa: S311 - a model, repeatable
    arrivals = _arrivals(load, chance, extra)
    free, waiting, ends = instances * service.slots, deque[_Lane](), list[tuple[float, int, _Lane]]()
    sequence = 0
    while arrivals or ends:
        if arrivals and (not ends or arrivals[0][0] <= ends[0][0]):
            now, records = arrivals.popleft()
            result.exports += 1
            result.records += records
            waiting.extend(_lanes(records, now, service))
        else:
            now, _, lane = heappop(ends)
            free += 1
            if lane.chunks:
                waiting.append(lane)  # behind whoever waits already
        result.longest_queue = max(result.longest_queue, len(waiting) - free)
        while waiting and free:
            lane = waiting.popleft()
            free -= 1
            if lane.small:
                result.small_waits.append(now - lane.since)
            seconds = service.seconds(lane.chunks.pop())
            result.chunks += 1
            result.busy_seconds += seconds
            sequence += 1
            heappush(ends, (now + seconds, sequence, lane))
    result.utilization = result.busy_seconds / (instances * service.slots * max(now, HOUR))
    return result


def _arrivals(load: Load, chance: random.Random, extra: int) -> deque[tuple[float, int]]:
    shares, sizes = zip(*load.sizes, strict=True)
    number = round(load.tenants * load.exports_per_day * load.peak)
    moments = sorted(chance.uniform(0, HOUR) for _ in range(number))
    first = [(0.0, extra)] if extra else []
    return deque(first + list(zip(moments, chance.choices(sizes, shares, k=number), strict=True)))


def _lanes(records: int, now: float, service: Service) -> list[_Lane]:
    whole, rest = divmod(records, service.chunk)
    chunks = [service.chunk] * whole + ([rest] if rest else [])
    width = service.width(len(chunks))
    return [_Lane(chunks[lane::width], now, records <= _SMALL) for lane in range(width)]


def _seconds(records: int, service: Service) -> float:
    whole, rest = divmod(records, service.chunk)
    return whole * service.seconds(service.chunk) + (service.seconds(rest) if rest else 0.0)

"""The steps of an export wired together over one set of stores."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from functions.export.crew import CrewOf, Threads
from functions.export.delivery import ChunkDelivery
from functions.export.lanes import Lanes
from functions.export.messages import SplitMessage, WriteMessage, parse_write_wire
from functions.export.pacing import Pacing
from functions.export.prepared import PreparedExports
from functions.export.running import runner_of
from functions.export.splitting import Splitter
from functions.export.stores import ExportStores, Queue

_NOW = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """From the input of an export to its outcomes."""

    lanes: Lanes
    splitter: Splitter
    delivery: ChunkDelivery


@dataclass(frozen=True, slots=True)
class Sizes:
    """Records of a chunk, and lanes of an export."""

    chunk: int
    window: int


def build_pipeline(
    stores: ExportStores,
    prepared: PreparedExports,
    sizes: Sizes,
    *,
    crew_of: CrewOf = Threads,
) -> Pipeline:
    """The steps over these stores. `crew_of`: how lanes begin where the input is cut."""
    lanes = Lanes(stores)
    pacing = Pacing(stores, lambda export: prepared.of(export).client.allowance)
    runner = runner_of(stores, prepared.of, pacing.heed)
    delivery = ChunkDelivery(stores, lanes, runner, prepared.tell, pacing=pacing)
    muster = partial(crew_of, delivery.go_on, delivery.has_room)
    splitter = Splitter(stores, lanes, chunk_size=sizes.chunk, window=sizes.window, muster=muster)
    return Pipeline(lanes=lanes, splitter=splitter, delivery=delivery)


class InlineQueue:
    """Keeps messages for the caller who waits; what has to wait longer goes into the real queue."""

    def __init__(self, real: Queue) -> None:
        self._real = real
        self.waiting: deque[WriteMessage] = deque()

    def send(self, message: Mapping[str, Any], delay: timedelta = _NOW) -> None:
        """Takes a message of the write queue."""
        if delay > _NOW:
            self._real.send(message, delay)
        else:
            self.waiting.append(parse_write_wire(message))

    def hand_over(self) -> None:
        """Gives what is left to the real queue."""
        while self.waiting:
            self._real.send(self.waiting.popleft().to_wire())


class InlineRun:
    """Runs a small export at once, through the same steps as the queues do."""

    def __init__(
        self,
        stores: ExportStores,
        prepared: PreparedExports,
        sizes: Sizes,
    ) -> None:
        self._stores = stores
        self._prepared = prepared
        self._sizes = sizes

    def run(self, message: SplitMessage, deadline: datetime) -> None:
        """Splits and writes until everything is done or the deadline has passed; the queues do the rest."""
        queue = InlineQueue(self._stores.write_queue)
        pipeline = build_pipeline(replace(self._stores, write_queue=queue), self._prepared, self._sizes)
        try:
            pipeline.splitter.split(message, deadline)
            while queue.waiting and self._stores.clock() < deadline:
                pipeline.delivery.deliver(queue.waiting.popleft(), deadline)
        finally:
            queue.hand_over()

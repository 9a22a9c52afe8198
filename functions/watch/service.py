"""Looks at what no request shows, so that somebody is told before a customer notices."""

from collections.abc import Callable, Sequence
from datetime import datetime

from shared import log, telemetry
from shared.storage.backlog import QueueBacklog
from shared.telemetry import Metric


class Watch:
    """Measures the queues and counts what waits for a person."""

    def __init__(
        self,
        queues: Sequence[QueueBacklog],
        count_in_need: Callable[[], int],
        clock: Callable[[], datetime],
    ) -> None:
        """`count_in_need`: of the connections of all tenants, those that a person has to renew."""
        self._queues = queues
        self._count_in_need = count_in_need
        self._clock = clock

    def look(self) -> None:
        """Each figure as a metric, and as an event of the log for alerts that read it."""
        for queue in self._queues:
            backlog = queue.read(self._clock())
            seconds = round(backlog.age.total_seconds(), 1)
            telemetry.measure(Metric.QUEUE_MESSAGES, backlog.messages, queue=queue.name)
            telemetry.measure(Metric.QUEUE_AGE, seconds, queue=queue.name)
            log.info("queue measured", queue=queue.name, messages=backlog.messages, ageSeconds=seconds)
        connections = self._count_in_need()
        telemetry.measure(Metric.NEED_ATTENTION, connections)
        log.info("connections counted", needAttention=connections)

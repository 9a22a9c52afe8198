"""The metrics of the service; the alerts and the workbook of a deployment go by these names."""

from enum import Enum, StrEnum


class Metric(StrEnum):
    """Each with the attribute that divides it, where one does."""

    RECORDS = "exports.records"  # outcome
    STALLED = "exports.stalled"
    CHUNK_SECONDS = "chunk.duration_seconds"
    THROTTLED = "dataverse.throttled"
    QUEUE_MESSAGES = "queue.messages"  # queue
    QUEUE_AGE = "queue.age_seconds"  # queue
    NEED_ATTENTION = "connections.need_attention"
    TOKENS = "tokens.refreshed"  # result


class Shape(Enum):
    """How measurements of one metric go together."""

    SUM = "sum"
    LATEST = "latest"
    DISTRIBUTION = "distribution"


SHAPES = {
    Metric.RECORDS: Shape.SUM,
    Metric.STALLED: Shape.LATEST,
    Metric.CHUNK_SECONDS: Shape.DISTRIBUTION,
    Metric.THROTTLED: Shape.SUM,
    Metric.QUEUE_MESSAGES: Shape.LATEST,
    Metric.QUEUE_AGE: Shape.LATEST,
    Metric.NEED_ATTENTION: Shape.LATEST,
    Metric.TOKENS: Shape.SUM,
}
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
"""The bounds of a distribution of seconds."""

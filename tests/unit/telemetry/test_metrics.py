from typing import Any

from shared import telemetry
from shared.telemetry import Metric
from shared.telemetry.metrics import SHAPES


def test_every_metric_has_its_shape() -> None:
    assert set(SHAPES) == set(Metric)


def test_a_sum_adds_up_by_its_attribute(recorded: Any) -> None:
    for outcome, records in (("created", 3), ("failed", 1), ("created", 4)):
        telemetry.measure(Metric.RECORDS, records, outcome=outcome)
    points = {point.attributes["outcome"]: point.value for point in recorded.points(Metric.RECORDS)}
    assert points == {"created": 7, "failed": 1}


def test_of_what_is_true_now_the_latest_counts(recorded: Any) -> None:
    for messages in (5, 2):
        telemetry.measure(Metric.QUEUE_MESSAGES, messages, queue="exports-write")
    assert [point.value for point in recorded.points(Metric.QUEUE_MESSAGES)] == [2]


def test_durations_are_kept_as_a_distribution_of_seconds(recorded: Any) -> None:
    for seconds in (0.2, 1.5):
        telemetry.measure(Metric.CHUNK_SECONDS, seconds)
    (point,) = recorded.points(Metric.CHUNK_SECONDS)
    assert (point.count, point.sum) == (2, 1.7)

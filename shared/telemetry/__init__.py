"""Traces and metrics: what happened, how long it took and how often, with nothing personal in them.

Nothing is recorded, and nothing of OpenTelemetry is imported, where the settings name no receiver.
"""

import logging

from shared import log
from shared.settings import TelemetrySettings
from shared.telemetry.metrics import Metric
from shared.telemetry.recording import (
    Kind,
    Recorder,
    arrived,
    carried,
    fail,
    measure,
    note,
    record_with,
    span,
    traceparent,
)

__all__ = [
    "Kind",
    "Metric",
    "Recorder",
    "arrived",
    "carried",
    "fail",
    "measure",
    "note",
    "record_with",
    "span",
    "start",
    "traceparent",
]


def start(settings: TelemetrySettings) -> None:
    """Records from now on for whom the settings name, who get the events of the log as well."""
    if not settings.wanted:
        record_with(None)
        return
    from shared.telemetry.receivers import recorder_to

    record_with(recorder_to(settings, logging.getLogger(log.LOGGER)))

"""Sends what is recorded to Application Insights, or to any receiver of OTLP, as the settings say.

The exporters are imported when there is something to send, on the threads that send: nobody waits for them.
"""

import logging
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    MetricExporter,
    MetricExportResult,
    MetricsData,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from shared.settings import TelemetrySettings
from shared.telemetry.recording import Recorder

if TYPE_CHECKING:
    from opentelemetry.sdk._logs import ReadableLogRecord

_SERVICE = "dynamics-export"
# What is counted is sent as what was added since the last time: an instance that ends takes no total with it.
_DELTA: dict[type, AggregationTemporality] = {
    Counter: AggregationTemporality.DELTA,
    Histogram: AggregationTemporality.DELTA,
}
_SEVERITIES = {
    logging.DEBUG: SeverityNumber.DEBUG,
    logging.INFO: SeverityNumber.INFO,
    logging.WARNING: SeverityNumber.WARN,
    logging.ERROR: SeverityNumber.ERROR,
}

Made = dict[str, Any]


def recorder_to(settings: TelemetrySettings, events: logging.Logger) -> Recorder:
    """Records for the receivers of the settings, and sends them what the logger writes as well."""
    resource = Resource.create({SERVICE_NAME: _SERVICE})
    tracers, logs = TracerProvider(resource=resource), LoggerProvider(resource=resource)
    readers = []
    for make in _receivers(settings):
        later = _Later(make)
        tracers.add_span_processor(BatchSpanProcessor(_Spans(later)))
        logs.add_log_record_processor(BatchLogRecordProcessor(_Logs(later)))
        readers.append(PeriodicExportingMetricReader(_Metrics(later)))
    for handler in [each for each in events.handlers if isinstance(each, Forwarder)]:
        events.removeHandler(handler)
    events.addHandler(Forwarder(logs))
    return Recorder(tracers, MeterProvider(readers, resource))


class Forwarder(logging.Handler):
    """Hands each event on with the trace that it belongs to."""

    def __init__(self, logs: LoggerProvider) -> None:
        super().__init__()
        self._logger = logs.get_logger(_SERVICE)

    def emit(self, record: logging.LogRecord) -> None:
        """The line as it stands in the log, which is redacted already."""
        moment = int(record.created * 1e9)
        self._logger.emit(
            LogRecord(
                timestamp=moment,
                observed_timestamp=moment,
                context=trace.set_span_in_context(trace.get_current_span()),
                severity_text=record.levelname,
                severity_number=_SEVERITIES.get(record.levelno, SeverityNumber.INFO),
                body=record.getMessage(),
            )
        )


class _Later:
    """Three exporters of one receiver, made when the first of them is needed."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: Made = {}
        self._lock = Lock()

    def exporter(self, kind: str) -> Any:
        with self._lock:
            if not self._made:
                self._made = self._make()
        return self._made[kind]

    def shutdown(self, kind: str) -> None:
        if self._made:
            self._made[kind].shutdown()


class _Spans(SpanExporter):
    def __init__(self, later: _Later) -> None:
        self._later = later

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result: SpanExportResult = self._later.exporter("spans").export(spans)
        return result

    def shutdown(self) -> None:
        self._later.shutdown("spans")


class _Logs(LogRecordExporter):
    def __init__(self, later: _Later) -> None:
        self._later = later

    def export(self, batch: "Sequence[ReadableLogRecord]") -> LogRecordExportResult:
        result: LogRecordExportResult = self._later.exporter("logs").export(batch)
        return result

    def force_flush(self, timeout_millis: int = 10_000) -> bool:  # noqa: ARG002 - the parent's parameter
        return True

    def shutdown(self) -> None:
        self._later.shutdown("logs")


class _Metrics(MetricExporter):
    def __init__(self, later: _Later) -> None:
        super().__init__(preferred_temporality=_DELTA)
        self._later = later

    def export(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **_: Any
    ) -> MetricExportResult:
        exporter = self._later.exporter("metrics")
        result: MetricExportResult = exporter.export(metrics_data, timeout_millis=timeout_millis)
        return result

    def force_flush(self, timeout_millis: float = 10_000) -> bool:  # noqa: ARG002 - as above
        return True

    def shutdown(self, timeout_millis: float = 30_000, **_: Any) -> None:  # noqa: ARG002 - as above
        self._later.shutdown("metrics")


def _receivers(settings: TelemetrySettings) -> list[Callable[[], Made]]:
    makers: list[Callable[[], Made]] = []
    if settings.connection_string is not None:
        makers.append(lambda: _application_insights(settings.connection_string or ""))
    if settings.otlp_endpoint is not None:
        makers.append(_otlp)
    return makers


def _application_insights(connection_string: str) -> Made:
    """They read APPLICATIONINSIGHTS_AUTHENTICATION_STRING by themselves: who they are, without a key."""
    from azure.monitor.opentelemetry import exporter

    # What could not be sent is dropped: on disk it would outlive the erasure of a tenant.
    options: Made = {"connection_string": connection_string, "disable_offline_storage": True}
    return {
        "spans": exporter.AzureMonitorTraceExporter(**options),
        "logs": exporter.AzureMonitorLogExporter(**options),
        "metrics": exporter.AzureMonitorMetricExporter(**options),
    }


def _otlp() -> Made:
    """They read OTEL_EXPORTER_OTLP_ENDPOINT, and its headers and timeout, by themselves."""
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return {"spans": OTLPSpanExporter(), "logs": OTLPLogExporter(), "metrics": OTLPMetricExporter()}

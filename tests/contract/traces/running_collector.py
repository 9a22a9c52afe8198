"""The collector as a process of its own, and telemetry sent to it by OpenTelemetry's own exporters."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from shared import telemetry

ROOT = Path(__file__).parents[3]
_PATIENCE = 180  # seconds


@contextmanager
def running_collector() -> Iterator[str]:
    """Its address."""
    command = [sys.executable, "-m", "local.traces", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
            assert process.wait(120) == 0


def tell(address: str) -> None:
    """A request with a failed call below it, and two measurements."""
    tracers = TracerProvider(shutdown_on_exit=False)
    spans = OTLPSpanExporter(f"{address}/v1/traces", timeout=_PATIENCE)
    tracers.add_span_processor(SimpleSpanProcessor(spans))
    metrics = OTLPMetricExporter(f"{address}/v1/metrics", timeout=_PATIENCE)
    reader = PeriodicExportingMetricReader(metrics, 600_000, 1000 * _PATIENCE)
    meters = MeterProvider([reader], shutdown_on_exit=False)
    telemetry.record_with(telemetry.Recorder(tracers, meters))
    try:
        with (
            telemetry.span("POST /exports", telemetry.Kind.SERVER, tenant="contoso"),
            telemetry.span(
                "POST /api/data/v9.2/$batch", telemetry.Kind.CLIENT, host="contoso.crm4.dynamics.com"
            ),
        ):
            telemetry.note(status=429)
            telemetry.fail("429")
        telemetry.measure(telemetry.Metric.RECORDS, 3, outcome="created")
        telemetry.measure(telemetry.Metric.CHUNK_SECONDS, 0.5)
        meters.force_flush(1000 * _PATIENCE)
    finally:
        telemetry.record_with(None)
        meters.shutdown()
        tracers.shutdown()

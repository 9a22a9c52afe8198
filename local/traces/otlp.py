"""Reads OTLP as it travels over HTTP: protobuf in, spans and figures out."""

from collections.abc import Iterable, Iterator
from typing import Any

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as WireSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from local.traces.store import Attributes, Received, Span

_DELTA = 1  # AGGREGATION_TEMPORALITY_DELTA of metrics.proto


class Unreadable(Exception):
    """The body is no OTLP."""


def read_spans(body: bytes) -> Iterator[Span]:
    """The spans of an ExportTraceServiceRequest."""
    for resource in _parsed(ExportTraceServiceRequest(), body).resource_spans:
        for scope in resource.scope_spans:
            yield from map(_span, scope.spans)


def read_metrics(body: bytes, received: Received) -> None:
    """Adds what an ExportMetricsServiceRequest tells to what is known."""
    for resource in _parsed(ExportMetricsServiceRequest(), body).resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                _take(metric, received)


def _parsed(message: Any, body: bytes) -> Any:
    try:
        message.ParseFromString(body)
    except DecodeError as error:
        raise Unreadable(
            "the body is no OTLP in protobuf; set the exporter's protocol to http/protobuf"
        ) from error
    return message


def _span(wire: Any) -> Span:
    return Span(
        trace=wire.trace_id.hex(),
        id=wire.span_id.hex(),
        parent=wire.parent_span_id.hex(),
        name=wire.name,
        kind=WireSpan.SpanKind.Name(wire.kind).removeprefix("SPAN_KIND_").lower(),
        start=wire.start_time_unix_nano,
        end=wire.end_time_unix_nano,
        failed=wire.status.code == Status.STATUS_CODE_ERROR,
        attributes=_attributes(wire.attributes),
    )


def _take(metric: Any, received: Received) -> None:
    kind = metric.WhichOneof("data")
    data = getattr(metric, kind)
    for point in data.data_points:
        figure = received.figure(metric.name, _attributes(point.attributes))
        adds = kind != "gauge" and data.aggregation_temporality == _DELTA
        value = point.sum if kind == "histogram" else getattr(point, point.WhichOneof("value"))
        count = point.count if kind == "histogram" else 1
        figure.value = figure.value + value if adds else value
        figure.count = figure.count + count if adds else count


def _attributes(pairs: Iterable[Any]) -> Attributes:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}

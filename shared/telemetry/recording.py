"""Spans and measurements, recorded where somebody receives them and free of charge where nobody does."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING, Unpack

from shared import log
from shared.telemetry.attributes import Attributes, to_wire
from shared.telemetry.metrics import SECONDS, SHAPES, Metric, Shape

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.metrics import Counter, Histogram, Meter, MeterProvider
    from opentelemetry.metrics import _Gauge as Gauge
    from opentelemetry.trace import TracerProvider

    Instrument = Counter | Histogram | Gauge

_SCOPE = "dynamics_export"
_carried: ContextVar[str] = ContextVar("carried_traceparent", default="")
_arrived: ContextVar[str] = ContextVar("arrived_traceparent", default="")


class Kind(StrEnum):
    """What a span is to the rest of its trace, in the words of OpenTelemetry."""

    INTERNAL = "INTERNAL"
    SERVER = "SERVER"
    CLIENT = "CLIENT"
    CONSUMER = "CONSUMER"


class Recorder:
    """Records into one pair of providers."""

    def __init__(self, tracers: "TracerProvider", meters: "MeterProvider") -> None:
        self._tracer = tracers.get_tracer(_SCOPE)
        meter = meters.get_meter(_SCOPE)
        self._instruments = {metric: _instrument(meter, metric) for metric in Metric}

    @contextmanager
    def span(self, name: str, kind: Kind, parent: str, attributes: Attributes) -> Iterator[None]:
        """A span below the parent, else below the one around."""
        from opentelemetry.trace import Link, SpanKind, get_current_span

        arrival = _arrived.get() if kind in {Kind.SERVER, Kind.CONSUMER} else ""
        invocation = get_current_span(_context_of(arrival)).get_span_context()
        with self._tracer.start_as_current_span(
            name,
            context=_context_of(parent or arrival),
            kind=SpanKind[kind.value],
            attributes=to_wire(attributes),
            links=[Link(invocation)] if parent and arrival else [],
            record_exception=False,  # its message may quote a record
            set_status_on_exception=False,
        ):
            try:
                yield
            except Exception as error:
                fail(type(error).__name__)
                raise

    def measure(self, metric: Metric, value: float, attributes: Attributes) -> None:
        """Takes one measurement."""
        instrument, known = self._instruments[metric], to_wire(attributes)
        match SHAPES[metric]:
            case Shape.SUM:
                instrument.add(value, known)  # type: ignore[union-attr]  # SHAPES says which it is
            case Shape.DISTRIBUTION:
                instrument.record(value, known)  # type: ignore[union-attr]  # as above
            case Shape.LATEST:
                instrument.set(value, known)  # type: ignore[union-attr]  # as above


class _Current:
    recorder: Recorder | None = None


def record_with(recorder: Recorder | None) -> None:
    """From now on everything of this process is recorded there; None records nothing."""
    _Current.recorder = recorder


@contextmanager
def span(
    name: str, kind: Kind = Kind.INTERNAL, *, parent: str = "", **attributes: Unpack[Attributes]
) -> Iterator[None]:
    """What happens inside, as a span below `parent` (a traceparent), else below the span around.

    What a caller or a message has set going says its trace in each event of the log.
    """
    recorder = _Current.recorder
    if recorder is None:
        yield
        return
    with recorder.span(name, kind, parent, attributes):
        if kind not in {Kind.SERVER, Kind.CONSUMER}:
            yield
            return
        own = traceparent()
        token = _carried.set(parent or own)
        try:
            with log.context(trace=own.split("-")[1]):
                yield
        finally:
            _carried.reset(token)


def note(**attributes: Unpack[Attributes]) -> None:
    """Says more about the span around."""
    if _Current.recorder is not None:
        from opentelemetry.trace import get_current_span

        get_current_span().set_attributes(to_wire(attributes))


def fail(kind: str) -> None:
    """Marks the span around as failed. `kind` is a class or a code, never a message."""
    if _Current.recorder is not None:
        from opentelemetry.trace import StatusCode, get_current_span

        get_current_span().set_status(StatusCode.ERROR)
        get_current_span().set_attribute("error.type", kind)


@contextmanager
def arrived(parent: str) -> Iterator[None]:
    """The work inside belongs to an invocation of the host, whose traceparent this is; empty for none."""
    token = _arrived.set(parent)
    try:
        yield
    finally:
        _arrived.reset(token)


def carried() -> dict[str, str]:
    """What a queue message takes along, so that its work belongs to the trace that sent it.

    That is what the message of the work that sends it brought; else the span of that work. So the chunks
    of an export lie side by side below the request that began it, however many there are.
    """
    parent = _carried.get()
    return {"traceparent": parent} if parent else {}


def traceparent() -> str:
    """The span around in the form of W3C Trace Context; empty where there is none."""
    if _Current.recorder is None:
        return ""
    from opentelemetry.trace import get_current_span

    now = get_current_span().get_span_context()
    return f"00-{now.trace_id:032x}-{now.span_id:016x}-{now.trace_flags:02x}" if now.is_valid else ""


def measure(metric: Metric, value: float = 1, **attributes: Unpack[Attributes]) -> None:
    """One measurement: of a sum what is added, else what is true now."""
    if _Current.recorder is not None:
        _Current.recorder.measure(metric, value, attributes)


def _context_of(parent: str) -> "Context | None":
    """The trace context that a traceparent names; None for the one around."""
    if not parent:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({"traceparent": parent})


def _instrument(meter: "Meter", metric: Metric) -> "Instrument":
    match SHAPES[metric]:
        case Shape.SUM:
            return meter.create_counter(metric.value)
        case Shape.LATEST:
            return meter.create_gauge(metric.value)
        case Shape.DISTRIBUTION:
            return meter.create_histogram(metric.value, "s", explicit_bucket_boundaries_advisory=SECONDS)

"""What was received, as much of it as fits: the latest traces and the metrics of now."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Attributes = Mapping[str, str | int | float | bool]

MOST_TRACES = 200
MOST_SPANS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One thing that happened. Moments are nanoseconds since 1970."""

    trace: str
    id: str
    parent: str
    name: str
    kind: str
    start: int
    end: int
    failed: bool
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Line:
    """A span's line in a waterfall: its depth, and where it begins and how long it is, in hundredths."""

    span: Span
    depth: int
    left: float
    width: float

    @property
    def milliseconds(self) -> float:
        """How long it took."""
        return (self.span.end - self.span.start) / 1e6


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that one request or one timer set going, as far as it has arrived."""

    id: str
    spans: list[Span] = field(default_factory=list)

    @property
    def name(self) -> str:
        """That of its first span."""
        return self.first.name

    @property
    def first(self) -> Span:
        """The span that began it; else, while that has not ended, the earliest."""
        known = {span.id for span in self.spans}
        return min(self.spans, key=lambda span: (span.parent in known, span.start))

    @property
    def milliseconds(self) -> float:
        """From its beginning to its end."""
        start, end = self._bounds()
        return (end - start) / 1e6

    @property
    def failures(self) -> int:
        """How many of its spans failed."""
        return sum(span.failed for span in self.spans)

    def lines(self) -> list[Line]:
        """Each span below the one that caused it, in the order in which they began."""
        known = {span.id for span in self.spans}
        below: dict[str, list[Span]] = {}
        for span in sorted(self.spans, key=lambda each: each.start):
            below.setdefault(span.parent if span.parent in known else "", []).append(span)
        start, end = self._bounds()
        whole = max(end - start, 1)
        lines: list[Line] = []
        waiting = [(span, 0) for span in reversed(below.get("", []))]
        while waiting:
            span, depth = waiting.pop()
            left = 100 * (span.start - start) / whole
            lines.append(Line(span, depth, left, max(100 * (span.end - span.start) / whole, 0.3)))
            waiting += [(child, depth + 1) for child in reversed(below.get(span.id, []))]
        return lines

    def _bounds(self) -> tuple[int, int]:
        return min(span.start for span in self.spans), max(span.end for span in self.spans)


@dataclass(slots=True)
class Figure:
    """One metric of one set of attributes: its sum, its latest value, or count and sum of a distribution."""

    name: str
    attributes: Attributes
    value: float = 0
    count: int = 0


class Received:
    """The latest traces, and the metrics since the start."""

    def __init__(self) -> None:
        self._traces: OrderedDict[str, Trace] = OrderedDict()
        self._figures: dict[tuple[str, str], Figure] = {}

    def add_spans(self, spans: Iterable[Span]) -> None:
        """Takes spans; the oldest traces make room for new ones."""
        for span in spans:
            trace = self._traces.setdefault(span.trace, Trace(span.trace))
            if len(trace.spans) < MOST_SPANS:
                trace.spans.append(span)
        while len(self._traces) > MOST_TRACES:
            self._traces.popitem(last=False)

    def figure(self, name: str, attributes: Attributes) -> Figure:
        """The figure of these attributes, to be changed."""
        known = (name, repr(sorted(attributes.items())))
        return self._figures.setdefault(known, Figure(name, attributes))

    def traces(self) -> list[Trace]:
        """The newest first."""
        return list(reversed(self._traces.values()))

    def trace(self, trace_id: str) -> Trace | None:
        """The trace of that id, where it is still here."""
        return self._traces.get(trace_id)

    def figures(self) -> list[Figure]:
        """By name and attributes."""
        return [self._figures[known] for known in sorted(self._figures)]

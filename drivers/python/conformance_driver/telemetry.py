"""The OpenTelemetry provider of this process. It reports spans to the harness, and fails if the plan says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from .lines import Lines

CONSUMER = "consumer"
"""The name of the consumer's own span, which is not reported."""


class Telemetry:
    """Reports the spans of the open plan. Between two plans it reports nothing and never fails."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._sabotage: dict[str, Any] | None = None
        self._uses: dict[str, int] = {}
        self._released = threading.Event()
        self._exporter: Any = None
        # Ids of the spans that began in this plan. A span of an earlier plan may end during this one.
        self._begun: set[int] = set()
        self.provider = self._install()

    def open(self, sabotage: dict[str, Any] | None) -> None:
        self._sabotage = sabotage
        self._uses = {}
        self._begun = set()
        self._released = threading.Event()
        if sabotage and sabotage["part"] == "exporter" and self.provider is not None:
            self._exporter = broken_exporter(sabotage, self._released)

    def close(self) -> None:
        self._sabotage = None
        # Releases an exporter that hangs, so that its thread ends.
        self._released.set()
        if self._exporter is not None:
            self._exporter.shutdown()
        self._exporter = None

    def consumer_span(self) -> Any:
        """Returns a span that a consumer makes its active one. Returns None without OpenTelemetry."""
        if self.provider is None:
            return None
        return self.provider.get_tracer("conformance").start_span(CONSUMER)

    def start(self, **span: Any) -> None:
        """Reports the start of a span. Raises if the plan says so."""
        for _ in range(self._times("span-start")):
            self._lines.send("span.start", **span)

    def end(self, **span: Any) -> None:
        for _ in range(self._times("span-end")):
            self._lines.send("span.end", **span)

    def _late(self, span: Any, what: str) -> None:
        if span.context.span_id in self._begun:
            self._lines.send("span.late", span=hex_id(span.context.span_id), name=span.name, set=what)

    def _times(self, part: str) -> int:
        """Returns how often to report an event: normally once. Sabotage makes it zero or two, or raises."""
        sabotage = self._sabotage
        if sabotage is None or sabotage["part"] != part:
            return 1
        nth = self._uses.get(part, 0)
        self._uses[part] = nth + 1
        if nth != sabotage["nth"]:
            return 1
        if sabotage["does"] == "throw":
            raise RuntimeError(f"conformance: {part} throws")
        return 2 if sabotage["does"] == "repeat" else 0

    def _install(self) -> Any:
        try:
            from opentelemetry import trace
            from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
        except ImportError:
            return None
        telemetry = self

        class Told(SpanProcessor):
            def on_start(self, span: Any, parent_context: Any = None) -> None:
                if span.name != CONSUMER:
                    telemetry._begun.add(span.context.span_id)
                    telemetry.start(**start_of(span))
                    watch_after_end(span, telemetry._late)
                    if telemetry._exporter is not None:
                        telemetry._exporter.on_start(span, parent_context)

            def on_end(self, span: Any) -> None:
                if span.name != CONSUMER and span.context.span_id in telemetry._begun:
                    telemetry.end(**end_of(span))
                    if telemetry._exporter is not None:
                        telemetry._exporter.on_end(span)

        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(Told())
        trace.set_tracer_provider(provider)
        return provider


def start_of(span: Any) -> dict[str, Any]:
    told = {"span": hex_id(span.context.span_id), "name": span.name, "spanKind": span.kind.name}
    if span.parent is not None:
        told["parent"] = hex_id(span.parent.span_id)
    return told


def end_of(span: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "span": hex_id(span.context.span_id),
        "name": span.name,
        "attributes": dict(span.attributes or {}),
        "status": span.status.status_code.name,
    }
    if span.status.description is not None:
        told["error"] = span.status.description
    if span.events:
        told["events"] = [{"name": one.name, "attributes": dict(one.attributes or {})} for one in span.events]
    return told


CHANGES = {
    "set_attribute": "attribute",
    "set_attributes": "attribute",
    "add_event": "event",
    "record_exception": "event",
    "add_link": "link",
    "set_status": "status",
    "update_name": "name",
    "end": "end",
}
"""The methods that change a span, and what each changes."""


def watch_after_end(span: Any, tell: Callable[[Any, str], None]) -> None:
    """Calls `tell` when the span is changed after its end, once for each kind of change."""
    told: set[str] = set()

    def watched(method: Any, what: str) -> Any:
        def call(*args: Any, **keywords: Any) -> Any:
            if span.end_time is not None and what not in told:
                told.add(what)
                tell(span, what)
            return method(*args, **keywords)

        return call

    for name, what in CHANGES.items():
        if hasattr(span, name):
            setattr(span, name, watched(getattr(span, name), what))


def hex_id(number: int) -> str:
    return format(number, "016x")


def broken_exporter(sabotage: dict[str, Any], released: threading.Event) -> Any:
    """Returns the SDK's batch processor, which has its own thread, with an exporter that raises, hangs or loses spans."""
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

    class Broken(SpanExporter):
        uses = 0

        def export(self, spans: Any) -> Any:
            strikes = self.uses >= sabotage["nth"]
            self.uses += 1
            if strikes and sabotage["does"] == "throw":
                raise RuntimeError("conformance: exporter throws")
            if strikes and sabotage["does"] == "hang":
                released.wait()
            return SpanExportResult.SUCCESS

    # Each span is one batch, so the thread wakes only for spans.
    return BatchSpanProcessor(Broken(), schedule_delay_millis=3_600_000, max_export_batch_size=1)

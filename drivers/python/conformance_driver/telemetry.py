"""The OpenTelemetry provider of this process. It reports spans to the harness, and fails if the plan says so."""

from __future__ import annotations

import threading
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
    told = {"span": hex_id(span.context.span_id), "name": span.name}
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

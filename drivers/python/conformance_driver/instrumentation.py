"""Spans that a runtime has of a package beside it, an instrumentor of OpenTelemetry."""

from __future__ import annotations

from typing import Any

from .contract import World


def instrument(instrumentor: Any, world: World) -> None:
    """Puts an instrumentor on or takes it off, as the plan has telemetry at its start; what is on stays on from plan to plan."""
    on = instrumentor.is_instrumented_by_opentelemetry
    if world.mode == "off" and on:
        instrumentor.uninstrument()
    elif world.mode != "off" and not on:
        instrumentor.instrument(tracer_provider=world.tracer_provider)

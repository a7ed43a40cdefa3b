"""Spans from a separate package, an OpenTelemetry instrumentor."""

from __future__ import annotations

from typing import Any

from .contract import World


def instrument(instrumentor: Any, world: World) -> None:
    """Switches an instrumentor on or off for the plan's telemetry mode at the start. It stays as it is between plans."""
    on = instrumentor.is_instrumented_by_opentelemetry
    if world.mode == "off" and on:
        instrumentor.uninstrument()
    elif world.mode != "off" and not on:
        instrumentor.instrument(tracer_provider=world.tracer_provider)

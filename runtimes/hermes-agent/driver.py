"""Hermes Agent, driven through `AIAgent.run_conversation`, with Alibaba's loongsuite instrumentation."""

from __future__ import annotations

from importlib.metadata import version

import settings  # noqa: F401  Hermes reads its home, and its tools, where it is imported.
from conformance_driver import World
from opentelemetry.instrumentation.hermes_agent import HermesAgentInstrumentor
from team import HermesTeam

INSTRUMENTATION = "loongsuite-instrumentation-hermes-agent"


class Hermes:
    name = "hermes-agent"
    version = version(INSTRUMENTATION)
    supports = {
        *("stream", "tools", "parallel-tools", "spans"),
        *("before_run", "after_run"),
        "history",
        *("same-context", "new-context-per-pull", "timeout-per-pull"),
        *("handed-over", "handed-over-midway"),
        *("final-only", "iterate-then-final"),
        "drop",
    }
    # website/docs/user-guide/features/hooks.md, the catalogue of plugin hooks.
    hooks = {
        "pre_llm_call": {"means": "before_run", "docs": "Once per turn before the loop"},
        "post_llm_call": {"means": "after_run", "docs": "Successful, non-interrupted turn finalization"},
    }

    async def open(self, world: World) -> HermesTeam:
        instrumentor = HermesAgentInstrumentor()
        if world.mode != "off" and not instrumentor.is_instrumented_by_opentelemetry:
            instrumentor.instrument(tracer_provider=world.tracer_provider)
        if world.mode == "off" and instrumentor.is_instrumented_by_opentelemetry:
            instrumentor.uninstrument()
        return HermesTeam(world)


runtime = Hermes()

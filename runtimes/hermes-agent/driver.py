"""Hermes Agent, run through `AIAgent.run_conversation`, with Alibaba's loongsuite instrumentation."""

from __future__ import annotations

from importlib.metadata import version

import settings  # noqa: F401  Hermes reads its settings at import, so this comes first.
from conformance_driver import PULLS, World
from conformance_driver.instrumentation import instrument
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
        *PULLS,
        "drop",
    }
    # website/docs/user-guide/features/hooks.md, the catalogue of plugin hooks.
    hooks = {
        "pre_llm_call": {"means": "before_run", "docs": "Once per turn before the loop"},
        "post_llm_call": {"means": "after_run", "docs": "Successful, non-interrupted turn finalization"},
    }

    async def open(self, world: World) -> HermesTeam:
        instrument(HermesAgentInstrumentor(), world)
        return HermesTeam(world)


runtime = Hermes()

"""AgentScope, driven through its agents, with Alibaba's loongsuite instrumentation: 1.x and 2.x, which have little in common."""

from __future__ import annotations

import os
from importlib.metadata import version

from conformance_driver import Team, World
from conformance_driver.instrumentation import instrument

# The instrumentation reads once whether there may be content in its spans, and at each span whether there is.
os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "gen_ai_latest_experimental")
CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"

from opentelemetry.instrumentation.agentscope import AgentScopeInstrumentor  # noqa: E402

INSTRUMENTATION = "loongsuite-instrumentation-agentscope"

if version("agentscope").startswith("1."):
    from one import HOOKS, SUPPORTS, OneTeam as Opened
else:
    from two import HOOKS, SUPPORTS, TwoTeam as Opened


# One for the process: to make another of 0.9.0 takes the handler from the one that there is, and nothing is told any more.
INSTRUMENTOR = AgentScopeInstrumentor()


class AgentScope:
    name = "agentscope"
    version = version(INSTRUMENTATION)
    supports = SUPPORTS
    hooks = HOOKS

    async def open(self, world: World) -> Team:
        os.environ[CONTENT] = "SPAN_ONLY" if world.mode == "sensitive" else "NO_CONTENT"
        instrument(INSTRUMENTOR, world)
        return Opened(world)


runtime = AgentScope()

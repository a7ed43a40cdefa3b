"""AgentScope 1.x and 2.x, run through their agents, with Alibaba's loongsuite instrumentation."""

from __future__ import annotations

import os
from importlib.metadata import version

from conformance_driver import Team, World
from conformance_driver.instrumentation import instrument

# The instrumentation reads this variable at its import. It reads the variable CONTENT at each span.
os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "gen_ai_latest_experimental")
CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"

from opentelemetry.instrumentation.agentscope import AgentScopeInstrumentor  # noqa: E402

INSTRUMENTATION = "loongsuite-instrumentation-agentscope"

if version("agentscope").startswith("1."):
    from one import HOOKS, SUPPORTS, OneTeam as Opened
else:
    from two import HOOKS, SUPPORTS, TwoTeam as Opened


# One instrumentor for the process. In 0.9.0, a second one takes the handler from the first, and no spans are created any more.
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

"""The OpenAI Agents SDK for Python, driven through its `Runner`."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from agents import OpenAIProvider, RunConfig, set_trace_processors
from conformance_driver import RunRequest, World
from conformance_driver.openai_client import async_openai

from memory import Memory, open_memory
from run import AgentRun
from team import agents_of
from traces import TraceProcessor


class OpenAIAgents:
    name = "openai-agents-python"
    version = version("openai-agents")
    supports = {
        *("stream", "tools", "parallel-tools", "agent-tool", "handoff", "spans", "content"),
        *("before_run", "after_run"),
        *("history", "previous-response", "conversation-object", "runtime-default"),
        *("same-context", "new-context-per-pull", "timeout-per-pull"),
        *("handed-over", "handed-over-midway"),
        *("final-only", "iterate-then-final"),
        # `return` is none of its ways: a stream that is closed early waits until the run is done (result.py, stream_events).
        *("abort", "drop"),
    }
    # agents/lifecycle.py, RunHooksBase. What `on_agent_end` is called for promises a final output.
    hooks = {
        "RunHooks.on_agent_start": {
            "means": "before_run",
            "docs": "Called before the agent is invoked. Called each time the current agent changes.",
        },
        "RunHooks.on_agent_end": {
            "means": "after_run",
            "docs": "Called when the agent produces a final output.",
        },
    }

    async def open(self, world: World) -> OpenTeam:
        return OpenTeam(world)


class OpenTeam:
    def __init__(self, world: World) -> None:
        self._world = world
        self._client = async_openai(world)
        set_trace_processors([TraceProcessor(world)])
        self._config = RunConfig(
            model_provider=OpenAIProvider(openai_client=self._client, use_responses=True),
            tracing_disabled=world.mode == "off",
            trace_include_sensitive_data=world.mode == "sensitive",
        )
        self._agents: dict[bool, dict[str, Any]] = {}
        self._memories: dict[int, Memory] = {}
        self._holders: dict[int, str] = {}
        self._runs: list[AgentRun] = []

    def start(self, request: RunRequest) -> AgentRun:
        """Storing is a setting of an agent, so each way of it has agents of its own, shared by all conversations."""
        if request.store not in self._agents or request.target == "fresh-workflow":
            self._agents[request.store] = agents_of(self._world, request.store)
        agents = self._agents[request.store]
        memory = self._memories.setdefault(request.conversation, open_memory(request.session, self._client))
        # A run begins with the last agent of the one that completed before it, as the SDK's guide to handoffs has it.
        agent = agents[self._holders.get(request.conversation, next(iter(agents)))]
        run = AgentRun(self._world, self._config, agent, memory, request, self._holders)
        self._runs.append(run)
        return run

    async def close(self) -> None:
        for run in self._runs:
            await run.close()


runtime = OpenAIAgents()

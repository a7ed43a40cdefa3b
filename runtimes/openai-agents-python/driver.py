"""The OpenAI Agents SDK for Python, run through its `Runner`."""

from __future__ import annotations

import asyncio
import weakref
from importlib.metadata import version
from typing import Any

from agents import OpenAIProvider, RunConfig, set_trace_processors
from conformance_driver import PULLS, RunRequest, World, in_loop
from conformance_driver.openai_client import RETRIES, async_openai

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
        *PULLS,
        *("abort", "return", "drop"),
        *("threads", "retries", "settings", "items", "unstored-session", "limit"),
    }
    retries = RETRIES
    # agents/lifecycle.py, RunHooksBase. The documentation of `on_agent_end` promises a final output, so a success.
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
        set_trace_processors([TraceProcessor(world)])
        # A client belongs to one event loop. Agents do not.
        self._clients: dict[asyncio.AbstractEventLoop, Any] = {}
        self._agents: dict[bool, dict[str, Any]] = {}
        self._memories: dict[int, Memory] = {}
        self._holders: dict[int, str] = {}
        # A run that its consumer dropped is garbage, unless the SDK itself keeps it.
        self._runs: list[weakref.ref[AgentRun]] = []
        self._loops: list[tuple[asyncio.AbstractEventLoop, weakref.ref[asyncio.Task[Any]]]] = []

    def start(self, request: RunRequest) -> AgentRun:
        """Starts a run. `store` is a setting of an agent, so there is one team for each value of it."""
        if request.store not in self._agents or request.target == "fresh-workflow":
            self._agents[request.store] = agents_of(self._world, request.store)
        agents = self._agents[request.store]
        client = self._client()
        memory = self._memories.setdefault(request.conversation, open_memory(request.session, client))
        # A run starts with the last agent of the last completed run, as the SDK's guide to handoffs says.
        agent = agents[self._holders.get(request.conversation, next(iter(agents)))]
        run = AgentRun(self._world, self._config(client), agent, memory, request, self._holders, self._loops)
        self._runs.append(weakref.ref(run))
        return run

    async def close(self) -> None:
        for known in self._runs:
            if (run := known()) is not None:
                await in_loop(run.loop, run.close)
        # The SDK goes on in a task of its own when its consumer has dropped the run.
        for loop, known in self._loops:
            if (task := known()) is not None:
                await in_loop(loop, lambda task=task: end_task(task))

    def _client(self) -> Any:
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = async_openai(self._world)
        return self._clients[loop]

    def _config(self, client: Any) -> RunConfig:
        return RunConfig(
            model_provider=OpenAIProvider(openai_client=client, use_responses=True),
            tracing_disabled=self._world.mode == "off",
            trace_include_sensitive_data=self._world.mode == "sensitive",
        )


async def end_task(task: asyncio.Task[Any]) -> None:
    if not task.done():
        task.cancel()
        await asyncio.wait([task])


runtime = OpenAIAgents()

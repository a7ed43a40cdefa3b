"""The agents of one plan, shared by all runs as behind a gateway, and their tools."""

from __future__ import annotations

import contextvars
import itertools
import json
from typing import Any

from conformance_driver import RunRequest, World
from run import RUN, HermesRun, Telling
from run_agent import AIAgent
from tools.registry import registry

NUMBERS = itertools.count()

# In releases with this method, an agent lets only its newest run stream and breaks off the others. So each conversation needs
# its own agent.
ONE_RUN_AT_A_TIME = hasattr(AIAgent, "_claim_stream_writer")


class OneAttempt(AIAgent):
    """An agent that sends each request once. Without this, Hermes waits for seconds after the last attempt and tries again."""

    def _try_recover_primary_transport(self, *_: Any, **__: Any) -> bool:
        return False


class HermesTeam:
    def __init__(self, world: World) -> None:
        self._world = world
        self._toolset = f"conformance-{next(NUMBERS)}"
        self._tools: list[str] = []
        # Only the first agent of the team is used, because Hermes has no teams.
        self._spec = world.team[0]
        for tool in self._spec["tools"]:
            self._register(tool)
        self._telling = Telling(world, self._spec["name"])
        self._agents: dict[tuple[str, int | None], AIAgent] = {}
        self._histories: dict[int, list[dict[str, Any]]] = {}
        self._runs: list[HermesRun] = []

    def start(self, request: RunRequest) -> HermesRun:
        # Only the Responses API has `store`, and Hermes always sets it to false there.
        mode = "chat_completions" if request.store else "codex_responses"
        key = (mode, request.conversation if ONE_RUN_AT_A_TIME else None)
        if key not in self._agents or request.target == "fresh-workflow":
            # Creating an agent sets its session in the current context. The copy keeps the consumer's context unchanged.
            self._agents[key] = contextvars.copy_context().run(self._agent, mode)
        run = HermesRun(self._agents[key], self._histories, request)
        self._runs.append(run)
        return run

    async def close(self) -> None:
        for agent in {id(run.agent): run.agent for run in self._runs}.values():
            agent.interrupt()
        for run in self._runs:
            await run.over()
        for agent in {id(run.agent): run.agent for run in self._runs}.values():
            agent.close()
        self._telling.close()
        for name in self._tools:
            registry.deregister(name)

    def _agent(self, mode: str) -> AIAgent:
        return OneAttempt(
            base_url=self._world.base_url,
            api_key=self._world.api_key,
            provider="custom",
            model="gpt-5.1",
            api_mode=mode,
            # The default is random and contains the time of day.
            session_id="conformance",
            enabled_toolsets=[self._toolset],
            ephemeral_system_prompt=self._spec["instructions"],
            quiet_mode=True,
            skip_context_files=True,
            skip_memory=True,
            tool_delay=0,
            max_iterations=1000,
        )

    def _register(self, tool: dict[str, Any]) -> None:
        name = tool["name"]

        def handler(args: dict[str, Any], **_: Any) -> str:
            result = self._world.tool_blocking(RUN.get(), name, args, agent=self._spec["name"])
            return result if isinstance(result, str) else json.dumps(result)

        schema = {"name": name, "description": tool.get("description", ""), "parameters": tool["parameters"]}
        # Hermes has built-in tools. A tool of the plan may have the same name as one of them.
        registry.deregister(name)
        registry.register(name=name, toolset=self._toolset, schema=schema, handler=handler)
        self._tools.append(name)

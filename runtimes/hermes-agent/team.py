"""The agents of one plan: shared instances, as behind a gateway, and the tools that they call."""

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

# Since it fences its streams, an agent lets but the newest of its runs stream, and breaks off the others: it is one of a session.
ONE_RUN_AT_A_TIME = hasattr(AIAgent, "_claim_stream_writer")


class OneAttempt(AIAgent):
    """Asks once: after the last attempt Hermes waits for seconds, and makes one more."""

    def _try_recover_primary_transport(self, *_: Any, **__: Any) -> bool:
        return False


class HermesTeam:
    def __init__(self, world: World) -> None:
        self._world = world
        self._toolset = f"conformance-{next(NUMBERS)}"
        self._tools: list[str] = []
        # Hermes has no teams: the first agent is asked.
        self._spec = world.team[0]
        for tool in self._spec["tools"]:
            self._register(tool)
        self._telling = Telling(world, self._spec["name"])
        self._agents: dict[tuple[str, int | None], AIAgent] = {}
        self._histories: dict[int, list[dict[str, Any]]] = {}
        self._runs: list[HermesRun] = []

    def start(self, request: RunRequest) -> HermesRun:
        # Of the two APIs only Responses knows of storing, and Hermes asks it to store nothing.
        mode = "chat_completions" if request.store else "codex_responses"
        key = (mode, request.conversation if ONE_RUN_AT_A_TIME else None)
        if key not in self._agents or request.target == "fresh-workflow":
            # To make one names its session in the context that is on, which is here that of a run's consumer.
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
            # By itself it is drawn, and the time of day.
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
        # Hermes has tools of its own, of which none is part of a plan.
        registry.deregister(name)
        registry.register(name=name, toolset=self._toolset, schema=schema, handler=handler)
        self._tools.append(name)

"""Microsoft Agent Framework for Python: agents, and workflows of `HandoffBuilder`."""

from __future__ import annotations

import weakref
from contextlib import suppress
from typing import Any

from conformance_driver import PULLS, RunRequest, World
from conformance_driver.openai_client import RETRIES, async_openai

from hooks import HOOKS
from runs import AgentRun
from sessions import Session, open_session
from team import agents_of
from versions import VERSION, chat_client, has_handoffs, telemetry


class AgentFramework:
    name = "agent-framework"
    version = VERSION
    supports = {
        *("stream", "tools", "parallel-tools", "agent-tool"),
        *(("handoff", "flow") if has_handoffs() else ()),
        *("spans", "semconv", "content", "toggle"),
        *(hook["means"] for hook in HOOKS.values()),
        *("history", "previous-response", "conversation-object", "runtime-default"),
        *PULLS,
        *("abort", "return", "drop"),
        *("retries", "settings", "unstored-session", "call-errors", "added-instructions"),
    }
    retries = RETRIES
    hooks = HOOKS

    async def open(self, world: World) -> OpenTeam:
        return OpenTeam(world)


class OpenTeam:
    def __init__(self, world: World) -> None:
        telemetry(world.mode)
        self._world = world
        self._openai = async_openai(world)
        self._client = chat_client(self._openai)
        self._agents: dict[bool, dict[str, Any]] = {}
        self._sessions: dict[int, Session] = {}
        self._lines: dict[int, Any] = {}
        # A run that its consumer dropped is garbage, unless the framework itself keeps it.
        self._runs: list[weakref.ref[Any]] = []

    def start(self, request: RunRequest) -> Any:
        hands_off = any(spec["handoffs"] for spec in self._world.team)
        run = self._start_workflow(request) if hands_off else self._start_agent(request)
        self._runs.append(weakref.ref(run))
        return run

    def _start_agent(self, request: RunRequest) -> AgentRun:
        """Starts a run of the first agent. `store` is an option of an agent, so there is one team for each value of it."""
        if request.store not in self._agents or request.target == "fresh-workflow":
            self._agents[request.store] = agents_of(self._world, self._client, request.store)
        agent = next(iter(self._agents[request.store].values()))
        if request.conversation not in self._sessions:
            self._sessions[request.conversation] = open_session(request.session, self._openai, agent)
        return AgentRun(self._world, agent, self._sessions[request.conversation], request)

    def _start_workflow(self, request: RunRequest) -> Any:
        from handoffs import WorkflowLine

        if request.conversation not in self._lines:
            self._lines[request.conversation] = WorkflowLine(self._world, self._client, request.store)
        return self._lines[request.conversation].start(request)

    def set_mode(self, mode: str) -> None:
        telemetry(mode)

    async def close(self) -> None:
        for known in self._runs:
            # Errors of the framework are ignored here. The harness reports what the framework leaves open.
            with suppress(Exception):
                if (run := known()) is not None:
                    await run.close()


runtime = AgentFramework()

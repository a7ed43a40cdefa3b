"""AgentScope 2.x over the Responses API: an `Agent` for each run, and a state for each conversation. All share the models."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator
from typing import Any

from agentscope.agent import Agent, InjectionConfig, ReActConfig
from agentscope.credential import OpenAICredential
from agentscope.event import TextBlockDeltaEvent
from agentscope.message import Msg, UserMsg
from agentscope.model import OpenAIResponseModel
from agentscope.permission import PermissionBehavior, PermissionDecision
from agentscope.state import AgentState
from agentscope.tool import FunctionTool, Toolkit
from conformance_driver import PULLS, RunRequest, World, error_shape
from conformance_driver.openai_client import http_client

SUPPORTS = {
    *("stream", "tools", "parallel-tools", "spans", "content", "semconv"),
    "history",
    *PULLS,
    *("abort", "return", "drop"),
}
HOOKS: dict[str, dict[str, str]] = {}


class TwoTeam:
    def __init__(self, world: World) -> None:
        self._world = world
        # Only the first agent of the team is used, because AgentScope has no handoffs.
        self._spec = world.team[0]
        http = http_client(world)
        # Streaming is a setting of the model, so there is one model for each value of it.
        self._models = {stream: self._model(stream, http) for stream in (False, True)}
        self._states: dict[int, AgentState] = {}
        # A run that its consumer dropped is garbage, unless AgentScope itself keeps it.
        self._runs: list[weakref.ref[TwoRun]] = []

    def start(self, request: RunRequest) -> TwoRun:
        state = self._states.setdefault(
            request.conversation, AgentState(session_id=f"conversation-{request.conversation}")
        )
        agent = Agent(
            name=self._spec["name"],
            system_prompt=self._spec["instructions"],
            model=self._models[request.stream],
            toolkit=Toolkit(tools=[self._tool(one, request.run) for one in self._spec["tools"]]),
            state=state,
            react_config=ReActConfig(max_iters=1000),
            # The injected state contains the time of day, which differs between two runs.
            injection_config=InjectionConfig(inject_runtime_state=False),
        )
        run = TwoRun(agent, request)
        self._runs.append(weakref.ref(run))
        return run

    async def close(self) -> None:
        for known in self._runs:
            if (run := known()) is not None:
                await run.close()
        # The event loop closes the inner generators of a closed generator one after the other.
        for _ in range(20):
            await asyncio.sleep(0)

    def _model(self, stream: bool, http: Any) -> OpenAIResponseModel:
        return OpenAIResponseModel(
            credential=OpenAICredential(api_key=self._world.api_key, base_url=self._world.base_url),
            model="gpt-5.1",
            stream=stream,
            # A short delay before a retry. The service also asks for a short one.
            retry_delay=0.001,
            client_kwargs={"http_client": http},
        )

    def _tool(self, tool: dict[str, Any], run: str) -> FunctionTool:
        async def call(**args: Any) -> Any:
            return await self._world.tool(run, tool["name"], args, agent=self._spec["name"])

        return FunctionTool(
            call,
            name=tool["name"],
            description=tool.get("description", "") or tool["name"],
            input_schema=tool["parameters"],
            permission=PermissionDecision(behavior=PermissionBehavior.ALLOW, message="the plan has it"),
        )


class TwoRun:
    def __init__(self, agent: Agent, request: RunRequest) -> None:
        self._agent = agent
        self._request = request
        self._final: Msg | None = None
        self._error: BaseException | None = None
        self._events: Any = None
        self._inside: asyncio.Task[Any] | None = None

    @property
    def updates(self) -> AsyncIterator[dict[str, Any]]:
        return self

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        return self

    async def __anext__(self) -> dict[str, Any]:
        """Returns the next update. This class is not a generator: garbage collection would close it and AgentScope's generator,
        so AgentScope's generator twice."""
        if not self._request.stream:
            raise StopAsyncIteration
        if self._events is None:
            self._events = self._agent.reply_stream(UserMsg("user", self._request.input), yield_final_msg=True)
        try:
            while isinstance(event := await self._next(), Msg):
                self._final = event
            return update_of(event)
        except StopAsyncIteration:
            raise
        except Exception as error:
            self._error = error
            raise

    async def _next(self) -> Any:
        self._inside = asyncio.current_task()
        try:
            return await anext(self._events)
        finally:
            self._inside = None

    async def aclose(self) -> None:
        """Closes AgentScope's generator, as a consumer does that leaves early."""
        if self._events is not None:
            await self._events.aclose()

    async def outcome(self) -> dict[str, Any]:
        try:
            if self._error is not None:
                raise self._error
            if self._final is None:
                self._final = await self._agent.reply(UserMsg("user", self._request.input))
        except Exception as error:
            return {"status": "failed", "text": "", "error": error_shape(error)}
        return outcome_of(self._final)

    async def close(self) -> None:
        """Stops the reply as AgentScope documents it: cancels the task that waits for it. The task still receives the rest."""
        if self._inside is not None:
            self._inside.cancel()
            for _ in range(50):
                if self._inside is None:
                    break
                await asyncio.sleep(0)
        try:
            await self.aclose()
        except RuntimeError:
            # The generator is still waiting for a tool that hangs.
            return


def update_of(event: Any) -> dict[str, Any]:
    if isinstance(event, TextBlockDeltaEvent):
        return {"kind": "text", "text": event.delta}
    return {"kind": "other", "type": str(event.type)}


ENDS = {"completed": "completed", "interrupted": "stopped", "exceed_max_iters": "incomplete"}


def outcome_of(final: Msg) -> dict[str, Any]:
    reason = getattr(final, "finished_reason", None)
    status = ENDS.get(str(getattr(reason, "value", reason)), "completed")
    told = {"status": status, "text": last_text(final), "agent": final.name}
    if final.usage is not None:
        told["usage"] = {"input": final.usage.input_tokens, "output": final.usage.output_tokens}
    return told


def last_text(final: Msg) -> str:
    """Returns the text after the last tool call, because one message contains a whole reply."""
    text = ""
    for block in final.content if isinstance(final.content, list) else []:
        if block.type == "text":
            text += block.text
        elif block.type in ("tool_call", "tool_result"):
            text = ""
    return final.content if isinstance(final.content, str) else text

"""AgentScope 1.x: one `ReActAgent` for all conversations, over chat completions."""

from __future__ import annotations

import asyncio
import contextvars
import json
import weakref
from collections.abc import AsyncIterator
from typing import Any

from agentscope.agent import ReActAgent
from agentscope.formatter import OpenAIChatFormatter
from agentscope.memory import InMemoryMemory
from agentscope.message import Msg, TextBlock
from agentscope.model import OpenAIChatModel
from agentscope.pipeline import stream_printing_messages
from agentscope.tool import Toolkit, ToolResponse
from conformance_driver import PULLS, RunRequest, World, error_shape
from conformance_driver.openai_client import http_client

SUPPORTS = {
    *("stream", "tools", "parallel-tools", "spans", "content", "semconv", "step-hooks"),
    *("before_run", "result"),
    "history",
    *PULLS,
    *("abort", "return", "drop"),
}

# agentscope/agent/_agent_base.py, AgentBase.
HOOKS = {
    "pre_reply": {
        "means": "before_run",
        "docs": "will be called before the reply function, taking `self` object, the input arguments as input",
    },
    "post_reply": {
        "means": "result",
        "docs": "will be called after the reply function, which takes [...] the output message as input",
    },
}

RUN: contextvars.ContextVar[str] = contextvars.ContextVar("run")
SAID: contextvars.ContextVar[dict[str, list[Any]]] = contextvars.ContextVar("said")


class ConversationMemory(InMemoryMemory):
    """The messages of the current conversation, for an agent that is shared by many conversations."""

    @property
    def content(self) -> list[Any]:
        return SAID.get({}).get("content", [])

    @content.setter
    def content(self, content: list[Any]) -> None:
        said = SAID.get(None)
        if said is not None:
            said["content"] = content


class WatchedAgent(ReActAgent):
    """An agent that reports which hooks of its loop telemetry registers and removes."""

    world: World
    told: str
    """The reported name of the agent. It differs between the streaming and the other agent."""

    def register_instance_hook(self, hook_type: Any, hook_name: str, hook: Any) -> None:
        done = self.world.registration("register", self.told, self, hook_type)
        super().register_instance_hook(hook_type, hook_name, hook)
        if done == "lose":
            super().remove_instance_hook(hook_type, hook_name)

    def remove_instance_hook(self, hook_type: Any, hook_name: str) -> None:
        super().remove_instance_hook(hook_type, hook_name)
        self.world.registration("remove", self.told, self, hook_type)


class OneTeam:
    def __init__(self, world: World) -> None:
        self._world = world
        # Only the first agent of the team is used, because 1.x has no teams.
        self._spec = world.team[0]
        # Streaming is a setting of the model, so there is one agent for each value of it.
        self._agents: dict[bool, WatchedAgent] = {}
        self._said: dict[int, dict[str, list[Any]]] = {}
        # A run that its consumer dropped is garbage, unless AgentScope itself keeps it.
        self._runs: list[weakref.ref[OneRun]] = []

    def start(self, request: RunRequest) -> OneRun:
        if request.stream not in self._agents or request.target == "fresh-workflow":
            self._agents[request.stream] = self._agent(request.stream)
        said = self._said.setdefault(request.conversation, {"content": []})
        run = OneRun(self._agents[request.stream], said, request)
        self._runs.append(weakref.ref(run))
        return run

    async def close(self) -> None:
        for known in self._runs:
            if (run := known()) is not None:
                await run.close()

    def _agent(self, stream: bool) -> WatchedAgent:
        model = OpenAIChatModel(
            "gpt-5.1",
            api_key=self._world.api_key,
            stream=stream,
            client_kwargs={"base_url": self._world.base_url, "http_client": http_client(self._world)},
        )
        agent = WatchedAgent(
            name=self._spec["name"],
            sys_prompt=self._spec["instructions"],
            model=model,
            formatter=OpenAIChatFormatter(),
            toolkit=self._toolkit(),
            memory=ConversationMemory(),
            parallel_tool_calls=True,
            max_iters=1000,
        )
        agent.world = self._world
        agent.told = f"{self._spec['name']}, streaming" if stream else self._spec["name"]
        agent.set_console_output_enabled(False)
        name = self._spec["name"]
        hooks = ReActAgent.register_instance_hook
        hooks(agent, "pre_reply", "conformance", lambda *_: self._world.hook("before_run", RUN.get(), name))
        hooks(agent, "post_reply", "conformance", lambda *_: self._world.hook("result", RUN.get(), name))
        return agent

    def _toolkit(self) -> Toolkit:
        toolkit = Toolkit()
        for tool in self._spec["tools"]:
            described = {"name": tool["name"], "description": tool.get("description", "")}
            schema = {"type": "function", "function": {**described, "parameters": tool["parameters"]}}
            toolkit.register_tool_function(self._function(tool["name"]), json_schema=schema)
        return toolkit

    def _function(self, name: str) -> Any:
        async def call(**args: Any) -> ToolResponse:
            result = await self._world.tool(RUN.get(), name, args, agent=self._spec["name"])
            text = result if isinstance(result, str) else json.dumps(result)
            return ToolResponse(content=[TextBlock(type="text", text=text)])

        call.__name__ = name
        return call


class OneRun:
    def __init__(self, agent: WatchedAgent, said: dict[str, list[Any]], request: RunRequest) -> None:
        self._agent = agent
        self._said = said
        self._request = request
        self._reply: asyncio.Task[Msg] | None = None
        self._messages: Any = None
        # The text of each message so far, because AgentScope delivers the whole text each time.
        self._texts: dict[str, str] = {}
        # Set when the consumer has left or aborted. A reply that has not begun by then never begins.
        self._left = False

    @property
    def updates(self) -> AsyncIterator[dict[str, Any]]:
        return self

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        return self

    async def __anext__(self) -> dict[str, Any]:
        """Returns the next update. This class is not a generator: garbage collection would close it, and so end a reply that goes
        on in AgentScope when its consumer reads no further."""
        if not self._request.stream:
            raise StopAsyncIteration
        if self._messages is None:
            if self._left:
                raise StopAsyncIteration
            self._messages = stream_printing_messages([self._agent], self._live())
        while True:
            msg, _ = await anext(self._messages)
            text = msg.get_text_content() or ""
            before = self._texts.get(msg.id, "")
            self._texts[msg.id] = text
            if msg.role == "assistant" and len(text) > len(before):
                return {"kind": "text", "text": text[len(before) :]}

    async def aclose(self) -> None:
        """Ends the reply, as a consumer does that leaves early. `stream_printing_messages` leaves it on."""
        self.abort()
        if self._messages is not None:
            await self._messages.aclose()

    async def _live(self) -> Msg:
        self._reply = asyncio.current_task()
        RUN.set(self._request.run)
        SAID.set(self._said)
        return await self._agent(Msg("user", self._request.input, "user"))

    async def outcome(self) -> dict[str, Any]:
        if self._left and self._reply is None:
            return {"status": "stopped", "text": ""}
        task = self._reply or asyncio.get_running_loop().create_task(self._live())
        try:
            reply = await task
        except Exception as error:
            return {"status": "failed", "text": "", "error": error_shape(error)}
        if (reply.metadata or {}).get("_is_interrupted"):
            return {"status": "stopped", "text": ""}
        return {"status": "completed", "text": reply.get_text_content() or "", "agent": reply.name}

    def abort(self) -> None:
        """Cancels the reply, as AgentScope's `interrupt` does. `interrupt` itself knows only the last run of an agent."""
        self._left = True
        if self._reply is not None and not self._reply.done():
            self._reply.cancel()

    async def close(self) -> None:
        self.abort()
        if self._reply is not None:
            await asyncio.wait([self._reply], timeout=1)

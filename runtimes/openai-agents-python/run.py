"""One run of the SDK: streamed or not."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from agents import Agent, ItemHelpers, MessageOutputItem, RunConfig, RunHooks, Runner
from agents.exceptions import AgentsException
from agents.result import RunResultBase
from conformance_driver import RunRequest, World, error_shape
from memory import Memory


class Hooks(RunHooks[str]):
    def __init__(self, world: World) -> None:
        self._world = world

    async def on_agent_start(self, context: Any, agent: Any) -> None:
        self._world.hook("before_run", context.context, agent.name)

    async def on_handoff(self, context: Any, from_agent: Any, to_agent: Any) -> None:
        self._world.handoff(context.context, from_agent.name, to_agent.name)

    async def on_agent_end(self, context: Any, agent: Any, output: Any) -> None:
        self._world.hook("after_run", context.context, agent.name)


class AgentRun:
    def __init__(
        self,
        world: World,
        config: RunConfig,
        agent: Agent[str],
        memory: Memory,
        request: RunRequest,
        holders: dict[int, str],
        loops: list[tuple[asyncio.AbstractEventLoop, weakref.ref[asyncio.Task[Any]]]],
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self._agent = agent
        self._memory = memory
        self._request = request
        self._holders = holders
        self._loops = loops
        self._result: Any = None
        self._error: BaseException | None = None
        # By default the SDK stops after ten answers. Here the plan decides how many there are.
        self._always = {"context": request.run, "max_turns": request.limit or 1000, "hooks": Hooks(world), "run_config": config}
        self._events: Any = None

    @property
    def updates(self) -> AsyncIterator[dict[str, Any]]:
        return self

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        return self

    async def __anext__(self) -> dict[str, Any]:
        """Returns the next update. This class is not a generator: garbage collection would close it and the SDK's generator, so
        the SDK's generator twice."""
        try:
            if self._events is None:
                self._events = (await self._streamed()).stream_events()
            return update_of(await anext(self._events))
        except StopAsyncIteration:
            raise
        except Exception as error:
            self._error = error
            raise

    async def _streamed(self) -> Any:
        if self._result is None:
            given, options = await self._memory.next(self._request.input)
            self._result = Runner.run_streamed(self._agent, given, **options, **self._always)
            task = getattr(self._result, "run_loop_task", None)
            if task is not None:
                self._loops.append((self.loop, weakref.ref(task)))
        return self._result

    async def aclose(self) -> None:
        """Leaves the stream early, as the documentation of `cancel` says: cancels the run, then reads the stream to its end."""
        if self._events is not None:
            self._result.cancel()
            async for _ in self._events:
                pass

    async def outcome(self) -> dict[str, Any]:
        try:
            if self._error is not None:
                raise self._error
            if not self._request.stream:
                given, options = await self._memory.next(self._request.input)
                self._result = await Runner.run(self._agent, given, **options, **self._always)
            elif not (await self._streamed()).is_complete:
                async for _ in self._result.stream_events():
                    pass
        except Exception as error:
            return self._failed(error)
        return self._completed(self._result)

    def _completed(self, result: RunResultBase) -> dict[str, Any]:
        self._memory.keep(result)
        self._holders[self._request.conversation] = result.last_agent.name
        text = result.final_output
        said = [
            {"author": item.agent.name, "text": ItemHelpers.text_message_output(item)}
            for item in result.new_items
            if isinstance(item, MessageOutputItem)
        ]
        return {
            "status": "completed",
            "text": text if isinstance(text, str) else str(text or ""),
            "agent": result.last_agent.name,
            "usage": usage_of(result.context_wrapper.usage),
            "transcript": [{"author": "user", "text": self._request.input}, *said],
        }

    def _failed(self, error: Exception) -> dict[str, Any]:
        told = {"status": "failed", "text": "", "error": error_shape(error)}
        data = error.run_data if isinstance(error, AgentsException) else None
        wrapper = data.context_wrapper if data else getattr(self._result, "context_wrapper", None)
        return told if wrapper is None else {**told, "usage": usage_of(wrapper.usage)}

    async def close(self) -> None:
        task = getattr(self._result, "run_loop_task", None)
        if task is not None and not task.done():
            self._result.cancel()
            await asyncio.wait([task])
        if self._events is not None:
            # If a consumer left, asyncio would close the generator at garbage collection. Closing it here gives a fixed time.
            with suppress(Exception):
                await self._events.aclose()


def update_of(event: Any) -> dict[str, Any]:
    if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
        return {"kind": "text", "text": event.data.delta}
    if event.type != "run_item_stream_event":
        return {"kind": "other", "type": event.type}
    raw = event.item.raw_item
    id = raw.get("id") if isinstance(raw, dict) else getattr(raw, "id", None)
    told = {"kind": "item", "type": event.item.type}
    return {**told, "id": id} if isinstance(id, str) else told


def usage_of(usage: Any) -> dict[str, int]:
    return {"input": usage.input_tokens, "output": usage.output_tokens}

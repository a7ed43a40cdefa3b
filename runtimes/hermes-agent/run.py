"""One run of an agent: a blocking call in a separate thread."""

from __future__ import annotations

import asyncio
import contextvars
import re
import threading
from collections.abc import AsyncIterator
from typing import Any

from conformance_driver import RunRequest, World, error_shape
from hermes_cli.plugins import get_plugin_manager
from run_agent import AIAgent

RUN: contextvars.ContextVar[str] = contextvars.ContextVar("run")
"""The run of the current thread. Hooks and tools of Hermes receive only the session, which many runs share."""

END = object()

TOOK = re.compile(r"(?<=[( ])\d+(\.\d+)?s(?=\))")
"""The duration in an error message of Hermes, as in "fast response (0.1s)". It differs between two runs."""


class HermesRun:
    def __init__(self, agent: AIAgent, histories: dict[int, list[dict[str, Any]]], request: RunRequest) -> None:
        self.agent = agent
        self._histories = histories
        self._request = request
        self._loop = asyncio.get_running_loop()
        self._deltas: asyncio.Queue[Any] = asyncio.Queue()
        self._ended: asyncio.Future[Any] = self._loop.create_future()
        self._thread: threading.Thread | None = None
        self.updates = self._updates()

    async def _updates(self) -> AsyncIterator[dict[str, Any]]:
        self._begin()
        while (delta := await self._deltas.get()) is not END:
            yield {"kind": "text", "text": delta}

    async def outcome(self) -> dict[str, Any]:
        self._begin()
        result = await asyncio.shield(self._ended)
        if isinstance(result, BaseException):
            return {"status": "failed", "text": "", "error": error_shape(result)}
        self._histories[self._request.conversation] = result["messages"]
        return outcome_of(result)

    async def over(self) -> None:
        """Waits for the thread, if it has started."""
        if self._thread is not None:
            await asyncio.wait([self._ended], timeout=1)

    def _begin(self) -> None:
        if self._thread is not None:
            return
        context = contextvars.copy_context()
        context.run(RUN.set, self._request.run)
        self._thread = threading.Thread(target=context.run, args=[self._call], daemon=True)
        self._thread.start()

    def _call(self) -> None:
        options: dict[str, Any] = {"stream_callback": self._hear} if self._request.stream else {}
        try:
            result: Any = self.agent.run_conversation(
                self._request.input,
                conversation_history=self._histories.get(self._request.conversation),
                task_id=self._request.run,
                **options,
            )
        except BaseException as error:
            result = error
        self._tell(self._end, result)

    def _hear(self, delta: str | None) -> None:
        # None marks the end of a text.
        if delta:
            self._tell(self._deltas.put_nowait, delta)

    def _tell(self, hears: Any, *told: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(hears, *told)
        except RuntimeError:
            # The event loop is closed, so nothing can receive the message.
            return

    def _end(self, result: Any) -> None:
        self._deltas.put_nowait(END)
        if not self._ended.done():
            self._ended.set_result(result)


def outcome_of(result: dict[str, Any]) -> dict[str, Any]:
    """Converts the result of Hermes to an outcome."""
    if result.get("interrupted"):
        return {"status": "stopped", "text": ""}
    if result.get("failed") or result.get("error") or not result.get("completed"):
        message = TOOK.sub("…s", str(result.get("error") or result.get("turn_exit_reason") or ""))
        status = "incomplete" if result.get("partial") else "failed"
        return {"status": status, "text": "", "error": {"name": "failed", "message": message}}
    # The token counts in a result cover the whole session, so all runs of the agent. They are not reported.
    return {"status": "completed", "text": result.get("final_response") or ""}


class Telling:
    """Reports Hermes's plugin hooks to the harness, for one plan at a time."""

    def __init__(self, world: World, agent: str) -> None:
        self._hooks = get_plugin_manager()._hooks
        self._own = {
            "pre_llm_call": lambda **_: world.hook("before_run", RUN.get(), agent),
            "post_llm_call": lambda **_: world.hook("after_run", RUN.get(), agent),
        }
        for name, callback in self._own.items():
            self._hooks.setdefault(name, []).append(callback)

    def close(self) -> None:
        for name, callback in self._own.items():
            self._hooks[name].remove(callback)

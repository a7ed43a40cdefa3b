"""Sends tool calls to the harness, which implements the tools, and waits for the results."""

from __future__ import annotations

import asyncio
import itertools
from concurrent.futures import Future
from typing import Any

from .contract import Json, ToolError
from .plan_lines import PlanLines


class ToolDesk:
    """The open tool calls of one plan."""

    def __init__(self, lines: PlanLines, numbers: itertools.count[int]) -> None:
        self._lines = lines
        self._numbers = numbers
        self._waiting: dict[int, Future[Json]] = {}
        # Done when a shielded call has its result.
        self._shielded: dict[int, Future[None]] = {}

    async def tool(self, run: str, name: str, args: Json, id: str | None = None, agent: str | None = None) -> Json:
        number, result = self._ask(run, name, args, id, agent, cancellable=True)
        try:
            return await asyncio.wrap_future(result)
        except asyncio.CancelledError:
            self._lines.send("tool.cancel", call=number)
            if number in self._shielded:
                await wait_until_done(self._shielded[number])
            raise
        finally:
            self._waiting.pop(number, None)
            self._shielded.pop(number, None)

    def tool_blocking(
        self, run: str, name: str, args: Json, id: str | None = None, agent: str | None = None
    ) -> Json:
        number, result = self._ask(run, name, args, id, agent)
        try:
            return result.result()
        finally:
            self._waiting.pop(number, None)

    def shield(self, number: int) -> None:
        """Makes a call hold back its cancellation until it has a result."""
        if number in self._waiting:
            self._shielded[number] = Future()

    def settle(self, message: dict[str, Any]) -> None:
        """Receives the result of a call. Ignores the result of a cancelled call."""
        self._unshield(message["call"])
        result = self._waiting.get(message["call"])
        if result is None or not result.set_running_or_notify_cancel():
            return
        if "error" in message:
            result.set_exception(ToolError(message["error"]))
        else:
            result.set_result(message["value"])

    def close(self) -> None:
        """Ends all open calls with an error."""
        for number in list(self._shielded):
            self._unshield(number)
        for result in list(self._waiting.values()):
            if result.set_running_or_notify_cancel():
                result.set_exception(ToolError("the run was stopped"))

    def _unshield(self, number: int) -> None:
        held = self._shielded.get(number)
        if held is not None and not held.done():
            held.set_result(None)

    def _ask(
        self, run: str, name: str, args: Json, id: str | None, agent: str | None, cancellable: bool = False
    ) -> tuple[int, Future[Json]]:
        if not self._lines.is_open:
            raise ToolError("the plan of this call is over")
        number = next(self._numbers)
        result: Future[Json] = Future()
        self._waiting[number] = result
        # A task can be cancelled. A thread cannot.
        told = {"id": id, "agent": agent, "cancellable": cancellable or None}
        given = {key: value for key, value in told.items() if value is not None}
        self._lines.send("tool.call", call=number, run=run, name=name, args=args, **given)
        return number, result


async def wait_until_done(held: Future[None]) -> None:
    """Waits until a future is done, also if the current task is cancelled once more."""
    done = asyncio.wrap_future(held)
    while not done.done():
        try:
            await asyncio.wait([done])
        except asyncio.CancelledError:
            continue

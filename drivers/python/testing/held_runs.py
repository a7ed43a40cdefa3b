"""A driver for the tests of the shared code: it tells which of its runs still exist, and reports for plans that are over."""

from __future__ import annotations

import weakref
from collections.abc import AsyncIterator
from typing import Any

from conformance_driver import PULLS, RunRequest, ToolError, World


class HeldRuns:
    name = "held-runs"
    version = "1"
    supports = {"stream", "history", "tools", "handoff", "spans", "drop", *PULLS}
    hooks: dict[str, Any] = {}

    def __init__(self) -> None:
        self._before: World | None = None

    async def open(self, world: World) -> Team:
        before, self._before = self._before, world
        if before is not None:
            await report_late(before)
        return Team(world)


async def report_late(world: World) -> None:
    """Reports all kinds of events in the world of a plan that is over, as a runtime does that goes on after it was closed."""
    world.hook("before_run", "c0.t0", "agent")
    world.handoff("c0.t0", "late", "late")
    world.span_start("late", "late")
    world.span_end("late", "late", {})
    world.registration("register", "agent", runtime, "hook")
    for tool in (world.tool, world.tool_blocking):
        try:
            result = tool("c0.t0", "late", {})
            if tool is world.tool:
                await result
        except ToolError:
            continue
        raise AssertionError("found a result of a tool, expected a ToolError")


class Team:
    def __init__(self, world: World) -> None:
        self._world = world

    def start(self, request: RunRequest) -> Run:
        return Run(self._world, request)

    async def close(self) -> None:
        pass


class Run:
    """Delivers numbers. Before the number 2 it waits for a tool. Its finalizer reports a handoff to `collected`, and a call of
    `aclose` one to `closed`."""

    def __init__(self, world: World, request: RunRequest) -> None:
        self._world = world
        self._run = request.run
        self._number = 0
        # Reference counts do not release this cycle. Only garbage collection does.
        self.updates = self
        weakref.finalize(self, world.handoff, request.run, "run", "collected")

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        return self

    async def __anext__(self) -> dict[str, Any]:
        if self._number == 2:
            await self._world.tool(self._run, "wait", {})
        self._number += 1
        return {"kind": "text", "text": str(self._number - 1)}

    async def aclose(self) -> None:
        self._world.handoff(self._run, "run", "closed")

    async def outcome(self) -> dict[str, Any]:
        return {"status": "completed", "text": ""}


runtime = HeldRuns()

"""One plan on one runtime: its world, its conversations (each in a task or a thread), and the check for leftovers."""

from __future__ import annotations

import asyncio
import gc
import itertools
import threading
from typing import Any

from . import consumer as consumers
from .consumer import Consumer
from .contract import RunRequest, Runtime, Team, World
from .lines import Lines
from .loops import come_to_ends, in_loop
from .noise import loop_noise
from .plan_lines import PlanLines
from .quiet import Quiet
from .registrations import Registrations
from .telemetry import Telemetry
from .tools import ToolDesk


COLLECTIONS = 3
"""Number of garbage collections at the end of a plan. One is not enough, because a finalizer may create new garbage."""

consumer_file = consumers.__file__


class OpenPlan:
    def __init__(
        self, runtime: Runtime, lines: Lines, quiet: Quiet, telemetry: Telemetry, numbers: itertools.count[int]
    ) -> None:
        self._runtime = runtime
        self._lines = PlanLines(lines)
        self._quiet = quiet
        self._telemetry = telemetry
        self._tools = ToolDesk(self._lines, numbers)
        self._registrations: Registrations | None = None
        self._team: Team | None = None
        self._world: World | None = None
        self._consumers: dict[str, tuple[asyncio.AbstractEventLoop, Consumer]] = {}
        self._threads: dict[int, ThreadLoop] = {}
        self._breaks: dict[str, dict[str, Any]] = {}
        self._calls: dict[tuple[str, str], int] = {}
        self._spans: list[Any] = []
        # Tasks from before the plan do not count as leftovers.
        self._others = asyncio.all_tasks()

    async def open(self, message: dict[str, Any]) -> None:
        # Objects from before the plan are excluded from its garbage collections.
        gc.freeze()
        mode = message["mode"]
        sabotage = mode.get("sabotage")
        self._telemetry.open(sabotage)
        self._registrations = Registrations(self._lines, sabotage)
        self._world = World(
            team=message["team"],
            flow=message.get("flow"),
            base_url=message["baseURL"],
            api_key=message["apiKey"],
            mode=mode["start"],
            tracer_provider=self._telemetry.provider,
            tool=self._tools.tool,
            tool_blocking=self._tools.tool_blocking,
            hook=self._hook,
            handoff=self._handoff,
            span_start=self._span_start,
            span_end=self._span_end,
            registration=self._registrations.report,
        )
        self._team = await self._runtime.open(self._world)
        self._lines.send("opened")

    def silence(self) -> None:
        """Lets this plan report nothing more, because the next one begins. Something of the runtime may still be active."""
        self._lines.close()

    def start(self, message: dict[str, Any]) -> None:
        assert self._team is not None
        request = RunRequest(**{name: message[name] for name in RunRequest.__dataclass_fields__ if name in message})
        if "breaks" in message:
            self._breaks[request.run] = message["breaks"]
        span = self._telemetry.consumer_span()
        if span is not None:
            self._spans.append(span)
        consumer = Consumer(self._team, request, message["pull"], span, self._lines)
        loop = self._loop_of(request.conversation, message["as"])
        self._consumers[request.run] = (loop, consumer)
        loop.call_soon_threadsafe(consumer.begin)

    def command(self, message: dict[str, Any]) -> None:
        loop, consumer = self._consumers[message["run"]]
        loop.call_soon_threadsafe(consumer.tell, message)

    def tool_result(self, message: dict[str, Any]) -> None:
        self._tools.settle(message)

    def tool_shield(self, message: dict[str, Any]) -> None:
        self._tools.shield(message["call"])

    def set_mode(self, to: str) -> None:
        set_mode = getattr(self._team, "set_mode", None)
        if set_mode is not None:
            set_mode(to)

    async def close(self) -> None:
        """Closes the team, then reports all leftovers and ends them."""
        assert self._registrations is not None
        told = await self._end_what_is_on()
        for span in self._spans:
            span.end()
        told += self._registrations.left()
        held = self._registrations.close()
        self._team = None
        self._world = None
        self._consumers.clear()
        self._spans.clear()
        self._telemetry.close()
        # Finalizers report unretrieved exceptions and end spans. They must run before the plan is closed.
        for _ in range(COLLECTIONS):
            gc.collect()
            await asyncio.sleep(0)
        self._lines.send("closed", left=told, held=held())

    async def _end_what_is_on(self) -> list[dict[str, str]]:
        """Closes the team, ends all tasks and threads, and returns the leftover tasks. It is a separate method, so that its
        local variables do not keep a run in memory during garbage collection."""
        assert self._team is not None and self._world is not None
        mine = {asyncio.current_task(), *self._others}
        await self._team.close()
        for loop, close in reversed(self._world.closers):
            await in_loop(loop, close)
        self._tools.close()
        for loop, consumer in self._consumers.values():
            loop.call_soon_threadsafe(consumer.end)
        # Closed and cancelled tasks need some time to end.
        here = asyncio.get_running_loop()
        homes = [one.home for loop, one in self._consumers.values() if loop is here and one.home is not None]
        if homes:
            await asyncio.wait(homes, timeout=1)
        await come_to_ends()
        left = [task for task in asyncio.all_tasks() if task not in mine and not is_consumers(task)]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=0.1)
        names = [name_of(task) for task in left] + [one for thread in self._threads.values() for one in thread.end()]
        return [{"what": "task", "message": f"a task is still on: {name}"} for name in names]

    def _loop_of(self, conversation: int, lives: str) -> asyncio.AbstractEventLoop:
        if lives != "thread" or "threads" not in self._runtime.supports:
            return asyncio.get_running_loop()
        if conversation not in self._threads:
            self._threads[conversation] = ThreadLoop(self._quiet, self._lines)
        return self._threads[conversation].loop

    def _hook(self, name: str, run: str | None, agent: str | None = None) -> None:
        told = {"run": run, "name": name, **({} if agent is None else {"agent": agent})}
        breaks = self._breaks.get(run or "")
        if breaks is None or breaks["hook"] != name:
            return self._lines.send("hook", **told)
        nth = self._calls.get((run or "", name), 0)
        self._calls[(run or "", name)] = nth + 1
        if nth != breaks["nth"]:
            return self._lines.send("hook", **told)
        self._lines.send("hook", **told, threw=True)
        raise RuntimeError(f"conformance: hook {name} throws")

    def _handoff(self, run: str, source: str, target: str) -> None:
        self._lines.send("handoff", run=run, **{"from": source, "to": target})

    def _span_start(self, id: str, name: str, parent: str | None = None) -> None:
        if not self._lines.is_open:
            return
        self._telemetry.start(span=id, name=name, **({} if parent is None else {"parent": parent}))

    def _span_end(self, id: str, name: str, attributes: dict[str, Any], error: str | None = None) -> None:
        if not self._lines.is_open:
            return None
        told = {"span": id, "name": name, "attributes": attributes}
        if error is None:
            return self._telemetry.end(**told, status="UNSET")
        return self._telemetry.end(**told, status="ERROR", error=error)


class ThreadLoop:
    """A thread with an event loop, for one conversation."""

    def __init__(self, quiet: Quiet, lines: PlanLines) -> None:
        up = threading.Event()
        self._left: list[str] = []

        def live() -> None:
            self.loop = quiet.new_loop()
            self.loop.set_exception_handler(loop_noise(lambda what, text: lines.send("log", what=what, message=text)))
            asyncio.set_event_loop(self.loop)
            up.set()
            self.loop.run_forever()
            self.loop.run_until_complete(come_to_ends())
            left = asyncio.all_tasks(self.loop)
            self._left = [name_of(task) for task in left if not is_consumers(task)]
            for task in left:
                task.cancel()
            self.loop.run_until_complete(come_to_ends())
            self.loop.close()
            quiet.forget(self.loop)

        self._thread = threading.Thread(target=live, daemon=True)
        self._thread.start()
        up.wait()

    def end(self) -> list[str]:
        """Ends the thread. Returns the names of its leftover tasks."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(1)
        return self._left


def is_consumers(task: asyncio.Task[Any]) -> bool:
    """Returns whether a task belongs to a consumer, and not to the runtime."""
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and code.co_filename == consumer_file


def name_of(task: asyncio.Task[Any]) -> str:
    return getattr(task.get_coro(), "__qualname__", "")

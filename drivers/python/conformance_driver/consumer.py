"""The consumer of one run: makes it, takes its updates in the plan's own way, stops it, and asks how it ended."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine
from typing import Any

from .contract import Run, RunRequest, Team, error_shape
from .lines import Lines

LIMIT = 24 * 60 * 60.0
"""Seconds, more than any bound: a limit on a pull that does not strike."""

STOPPED = {"status": "stopped", "text": ""}


class Consumer:
    """Lives in one event loop; each of its methods but `run` is called in that loop, from outside of any task of the run."""

    def __init__(self, team: Team, request: RunRequest, pull: str, span: Any, lines: Lines) -> None:
        self._team = team
        self._request = request
        self._pull_mode = pull
        self._span = span
        self._lines = lines
        self._commands: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._started: Run | None = None
        self._taken = 0
        # The task that is inside the runtime, on the consumer's behalf.
        self._inside: asyncio.Task[Any] | None = None
        self._ended = False
        self._stopped = False
        self.home: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Makes the run in one task, and waits for what is to be done with it in another."""
        self.home = self._task(self._live())

    def tell(self, command: dict[str, Any]) -> None:
        """Hears what the harness has the consumer do."""
        if command["type"] == "abort":
            self._abort()
        else:
            self._commands.put_nowait(command)

    def _abort(self) -> None:
        self._stopped = True
        abort = getattr(self._started, "abort", None)
        if abort is not None:
            abort()
        elif self._inside is not None:
            self._inside.cancel()
        else:
            self._commands.put_nowait({"type": "leave"})

    async def _live(self) -> None:
        try:
            await self._within(self._make())
            await self._obey()
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            self._lines.send("error", message=f"run {self._request.run}: {type(error).__name__}: {error}")
            raise

    async def _make(self) -> None:
        self._started = self._team.start(self._request)

    async def _obey(self) -> None:
        """Does what is told, one after the other; hands over to a second task where the plan has it so."""
        while True:
            command = await self._commands.get()
            if command["type"] == "pull" and self._hands_over():
                self._pull_mode = "same-context"
                self._commands.put_nowait(command)
                return await self._task(self._obey())
            match command["type"]:
                case "pull":
                    await self._pull(command.get("most"))
                case "stop":
                    await self._leave()
                case "leave":
                    await self._leave()
                    self._end(asyncio.CancelledError("the consumer was cancelled"))
                case "outcome":
                    await self._tell_outcome()

    def _hands_over(self) -> bool:
        return self._pull_mode == "handed-over-midway" and self._taken >= 1

    async def _pull(self, most: int | None) -> None:
        """Takes so many updates, or all that come."""
        while not self._ended and (most is None or most > 0):
            if self._hands_over():
                rest = {"type": "pull"} if most is None else {"type": "pull", "most": most}
                self._commands.put_nowait(rest)
                return
            try:
                update, kept = await self._next()
            except StopAsyncIteration:
                return self._end(None)
            except (Exception, asyncio.CancelledError) as error:
                return self._end(error)
            self._taken += 1
            most = None if most is None else most - 1
            self._lines.send("update", run=self._request.run, update=update, **kept)

    async def _next(self) -> tuple[Any, dict[str, str]]:
        assert self._started is not None
        updates = self._started.updates

        async def pull() -> Any:
            return await updates.__anext__()

        async def watched() -> tuple[Any, dict[str, str]]:
            before = contextvars.copy_context()
            try:
                if self._pull_mode == "timeout-per-pull":
                    update = await asyncio.wait_for(pull(), LIMIT)
                else:
                    update = await pull()
            finally:
                self._kept = self._compare(before)
            return update, self._kept

        if self._pull_mode == "new-context-per-pull":
            return await self._within(watched())
        return await self._here(watched())

    def _compare(self, before: contextvars.Context) -> dict[str, str]:
        """Whether what the consumer has in its context is still its own."""
        after = contextvars.copy_context()
        own = [one for one in {*before, *after} if one.name != "current_context"]
        same = all(one in before and one in after and before[one] is after[one] for one in own)
        span = "kept" if self._span is None or active_span() is self._span else "changed"
        return {"context": "kept" if same else "changed", "span": span}

    async def _leave(self) -> None:
        """The consumer's `return()`: an iterator that can be closed is."""
        self._stopped = self._stopped or not self._ended
        close = getattr(self._started and self._started.updates, "aclose", None)
        if close is None:
            return
        try:
            await self._here(close())
        except (Exception, asyncio.CancelledError):
            return

    def _end(self, error: BaseException | None) -> None:
        self._ended = True
        kept = getattr(self, "_kept", {"context": "kept", "span": "kept"})
        told = {} if error is None else {"error": error_shape(error)}
        self._lines.send("end", run=self._request.run, **told, **kept)

    async def _tell_outcome(self) -> None:
        assert self._started is not None
        outcome: dict[str, Any] = STOPPED
        if not self._stopped or hasattr(self._started, "abort"):
            try:
                outcome = await self._here(self._started.outcome())
            except asyncio.CancelledError:
                outcome = STOPPED
        self._lines.send("outcome", run=self._request.run, outcome=outcome)

    async def _here(self, work: Coroutine[Any, Any, Any]) -> Any:
        """In the task that is on; an abort cancels it."""
        self._inside = asyncio.current_task()
        try:
            return await work
        except asyncio.CancelledError:
            task = asyncio.current_task()
            # The plan's own abort: the task lives on, to tell of it.
            if task is not None and self._stopped:
                uncancel(task)
            raise
        finally:
            self._inside = None

    async def _within(self, work: Coroutine[Any, Any, Any]) -> Any:
        """In a task of its own, with a new context."""
        task = self._inside = self._task(work)
        try:
            return await task
        finally:
            self._inside = None

    def _task(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        context = contextvars.Context()
        if self._span is not None:
            context.run(activate, self._span)
        return asyncio.get_running_loop().create_task(work, context=context)


def uncancel(task: asyncio.Task[Any]) -> None:
    while task.cancelling() > 0:
        task.uncancel()


def activate(span: Any) -> None:
    from opentelemetry import context, trace

    context.attach(trace.set_span_in_context(span))


def active_span() -> Any:
    from opentelemetry import trace

    return trace.get_current_span()



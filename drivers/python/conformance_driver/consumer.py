"""The consumer of one run: starts the run, pulls its updates as the plan says, stops it, and reads its outcome."""

from __future__ import annotations

import asyncio
import contextvars
import gc
from collections.abc import Coroutine
from typing import Any

from .contract import Run, RunRequest, Team, error_shape
from .loops import come_to_ends
from .plan_lines import PlanLines

LIMIT = 24 * 60 * 60.0
"""Time limit of a pull in seconds, so long that it never expires."""

TURNS_IN = 3
"""Number of event loop turns after which a pull has reached the runtime in every pull mode."""

NOBODYS = {"current_context", "_GENERIC_TYPES_CACHE"}
"""Context variables that are not compared. The active span is compared separately, and the other one is a cache of pydantic."""

STOPPED = {"status": "stopped", "text": ""}
KEPT = {"context": "kept", "span": "kept"}


class Consumer:
    """The consumer of one run. All methods are called in the same event loop."""

    def __init__(self, team: Team, request: RunRequest, pull: str, span: Any, lines: PlanLines) -> None:
        self._team = team
        self._request = request
        self._mode = pull
        self._span = span
        self._lines = lines
        self._commands: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._started: Run | None = None
        self._taken = 0
        # The consumer's task that currently executes code of the runtime.
        self._inside: asyncio.Task[Any] | None = None
        # Set when the consumer must not pull again.
        self._leaves = False
        # Set when the consumer has dropped the run without telling the runtime.
        self._dropped = False
        # Set when the next call of the runtime must be cancelled. A consumer that has never called the runtime does not call it.
        self._aborts = False
        self._stopped = False
        self._entered = False
        self._ended = False
        self._failed = False
        self._over = False
        self._kept = KEPT
        # The consumer's context variables before a pull.
        self._own = contextvars.copy_context()
        self.home: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Starts the run and executes the commands for it, in the same task unless the plan hands the run over."""
        self.home = self._task(self._live())

    def tell(self, command: dict[str, Any]) -> None:
        """Receives a command of the harness."""
        match command["type"]:
            case "abort":
                self._abort()
            case "drop":
                self._leaves = True
                self._dropped = True
                self._let_go_if_dropped()
            case "stop":
                self._leaves = True
                self._commands.put_nowait(command)
            case _:
                self._commands.put_nowait(command)

    def end(self) -> None:
        """Ends the consumer at the end of the plan."""
        self._over = True
        if self.home is not None:
            self.home.cancel()

    def _let_go_if_dropped(self) -> None:
        """Releases a dropped run, as a consumer does that just reads no further, so that finalizers of the runtime run now. A
        consumer that waits for the runtime releases the run when the runtime has answered."""
        if self._dropped and self._inside is None:
            self._started = None
            gc.collect()

    def _abort(self) -> None:
        """Stops the run with its `abort()`. If it has none, cancels the task that waits for the run."""
        self._stopped = True
        abort = getattr(self._started, "abort", None)
        if abort is not None:
            abort()
        elif self._inside is not None:
            self._inside.cancel()
        else:
            self._aborts = True

    async def _live(self) -> None:
        self._own = contextvars.copy_context()
        try:
            await (self._task(self._make()) if self._mode == "handed-over" else self._make())
            self._let_go_if_dropped()
            await self._obey()
        except Exception as error:
            self._lines.send("error", message=f"run {self._request.run}: {type(error).__name__}: {error}")

    async def _make(self) -> None:
        self._started = self._team.start(self._request)

    async def _obey(self) -> None:
        """Executes the commands in order. If the plan says so, hands the run over to a second task."""
        while not self._over:
            command = await self._command()
            match command["type"]:
                case "pull":
                    most = await self._pull(command.get("most"))
                    if most != 0 and self._hands_over():
                        self._mode = "same-context"
                        self._commands.put_nowait({"type": "pull", "most": most})
                        return await self._task(self._take_over())
                case "stop":
                    await self._close()
                case "outcome":
                    await self._tell_outcome()
            if self._dropped:
                # Not in this turn of the event loop, which still holds the error that ended a pull, and so the run.
                asyncio.get_running_loop().call_soon(self._let_go_if_dropped)

    async def _take_over(self) -> None:
        self._own = contextvars.copy_context()
        await self._obey()

    async def _command(self) -> dict[str, Any]:
        while True:
            try:
                return await self._commands.get()
            except asyncio.CancelledError:
                if self._over or not self._stopped:
                    raise
                # The abort came after the last call of the runtime had returned, so it cancels the next call.
                uncancel()
                self._aborts = True

    def _hands_over(self) -> bool:
        return self._mode == "handed-over-midway" and self._taken >= 1

    async def _pull(self, most: int | None) -> int | None:
        """Pulls at most `most` updates, or all if None. Returns how many are left to pull: None for all, 0 for none."""
        while most != 0:
            if self._ended or self._leaves:
                return 0
            if self._hands_over():
                break
            if self._aborts and not self._entered:
                return self._end(asyncio.CancelledError())
            try:
                update = await self._next()
            except StopAsyncIteration:
                return self._end(None)
            except (Exception, asyncio.CancelledError) as error:
                return self._end(error)
            self._taken += 1
            most = None if most is None else most - 1
            self._lines.send("update", run=self._request.run, update=update, **self._kept)
        return most

    async def _next(self) -> Any:
        assert self._started is not None
        updates = self._started.updates

        async def pull() -> Any:
            return await updates.__anext__()

        async def watched() -> Any:
            own = contextvars.copy_context() if self._mode == "new-context-per-pull" else self._own
            try:
                if self._mode == "timeout-per-pull":
                    return await asyncio.wait_for(pull(), LIMIT)
                return await pull()
            finally:
                self._kept = self._compared(own)

        if self._mode == "new-context-per-pull":
            return await self._enter(self._task(watched()))
        return await self._enter(watched())

    def _compared(self, own: contextvars.Context) -> dict[str, str]:
        """Compares the consumer's context variables and active span with those before the pull."""
        now = contextvars.copy_context()
        held = [one for one in {*own, *now} if one.name not in NOBODYS]
        same = all(one in own and one in now and own[one] is now[one] for one in held)
        span = self._span is None or active_span() is self._span
        return {"context": "kept" if same else "changed", "span": "kept" if span else "changed"}

    def _end(self, error: BaseException | None) -> int:
        self._ended = True
        self._failed = error is not None
        told = {} if error is None else {"error": error_shape(error)}
        self._lines.send("end", run=self._request.run, **told, **self._kept)
        return 0

    async def _close(self) -> None:
        """Leaves the stream early: closes the iterator if it has `aclose()`."""
        self._stopped = self._stopped or not self._ended
        close = getattr(self._started and self._started.updates, "aclose", None)
        if close is None:
            return
        try:
            await self._enter(close())
        except (Exception, asyncio.CancelledError):
            return

    async def _tell_outcome(self) -> None:
        assert self._started is not None
        outcome: dict[str, Any] = STOPPED
        # A run that has delivered all its updates was not stopped, even if an abort was requested.
        over = self._ended and not self._failed
        self._aborts = self._aborts and not over and self._entered
        if over or not self._stopped or self._aborts or hasattr(self._started, "abort"):
            try:
                outcome = await self._enter(self._started.outcome())
            except asyncio.CancelledError:
                outcome = STOPPED
        if outcome.get("status") == STOPPED["status"]:
            # A tool that was cancelled reports that a few turns later. Its report comes before the outcome of its run.
            await come_to_ends()
        self._lines.send("outcome", run=self._request.run, outcome=outcome)

    async def _enter(self, work: Coroutine[Any, Any, Any] | asyncio.Task[Any]) -> Any:
        """Calls the runtime and waits for the result. An abort cancels `work` if it is a task, else the current task."""
        self._entered = True
        task = self._inside = work if isinstance(work, asyncio.Task) else asyncio.current_task()
        if self._aborts:
            self._cancel_soon(task, TURNS_IN)
        try:
            return await work
        except asyncio.CancelledError:
            # The consumer continues, so that it can report the end of the run.
            if self._stopped and not self._over:
                uncancel()
            raise
        finally:
            self._inside = None

    def _cancel_soon(self, task: asyncio.Task[Any] | None, turns: int) -> None:
        """Cancels a task after `turns` turns of the event loop. An earlier cancellation would not reach the runtime."""
        if task is None or self._inside is not task:
            return
        if turns > 0:
            asyncio.get_running_loop().call_soon(self._cancel_soon, task, turns - 1)
        else:
            self._aborts = False
            task.cancel()

    def _task(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        context = contextvars.Context()
        if self._span is not None:
            context.run(activate, self._span)
        return asyncio.get_running_loop().create_task(work, context=context)


def uncancel() -> None:
    """Clears the cancellations of the current task."""
    task = asyncio.current_task()
    while task is not None and task.cancelling() > 0:
        task.uncancel()


def activate(span: Any) -> None:
    from opentelemetry import context, trace

    context.attach(trace.set_span_in_context(span))


def active_span() -> Any:
    from opentelemetry import trace

    return trace.get_current_span()

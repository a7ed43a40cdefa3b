"""Detects when the whole process is idle. Each event loop reports when it is about to wait."""

from __future__ import annotations

import asyncio
import math
import selectors
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

RECHECK = 0.001
"""Seconds until the other threads are checked again."""

PATIENCE = 50
"""Number of checks of a thread that is never idle. After that, the answer is not sure."""

BUSY = -1.0

Answer = Callable[..., None]
"""Receives `number`, `sure` and `next`. `number` identifies the question. `sure`: all threads certainly wait. `next`:
milliseconds until the next timer; None without a timer; absent if a thread waits outside of an event loop."""


class Quiet:
    """The event loops of this process, and the open questions of the harness whether all of them wait."""

    def __init__(self, answer: Answer, flush: Callable[[], None]) -> None:
        self._answer = answer
        self.flush = flush
        self._asked: list[int] = []
        # Seconds for which the event loop of each thread will wait.
        self._waits: dict[int, float] = {}
        self._main = threading.get_ident()
        self._loops: set[SkippingLoop] = set()
        self._lock = threading.Lock()
        self._lent = 0
        self._seen: list[ThreadState | None] = []
        self._looks = 0

    def ask(self, number: int) -> None:
        """Answers as soon as every event loop waits. Called in the main thread."""
        self._asked.append(number)

    def new_loop(self) -> SkippingLoop:
        """Returns an event loop for the current thread."""
        loop = SkippingLoop(self)
        self._loops.add(loop)
        return loop

    def advance(self, milliseconds: float) -> None:
        """Moves the time of every event loop forward at once. Called in the main thread."""
        for loop in list(self._loops):
            loop.skip(milliseconds / 1000)

    def is_asked(self) -> bool:
        return len(self._asked) > 0

    def lent(self, by: int) -> None:
        """Adds `by` to the number of functions that run in executor threads."""
        with self._lock:
            self._lent += by

    def before_wait(self, timeout: float | None) -> bool:
        """Called by an event loop that is about to wait. Returns True if the loop must check again soon, because a question
        is open and other threads are busy."""
        me = threading.get_ident()
        self._waits[me] = math.inf if timeout is None else timeout
        if me != self._main or not self._asked:
            return False
        threads = threading.enumerate()
        if any(self._waits.get(one.ident) == BUSY for one in threads):
            return True
        # Another event loop may be about to wake up, although it has not reported this yet.
        if any(loop.telling.has_ready() for loop in list(self._loops)):
            return True
        others = [one for one in threads if one.ident not in self._waits and (self._lent > 0 or not is_lent(one))]
        rest = self._at_rest(others)
        if rest is None:
            return True
        told: dict[str, Any] = {"sure": rest}
        if not others:
            next = min((self._waits[one.ident] for one in threads if one.ident in self._waits), default=math.inf)
            told["next"] = None if next == math.inf else next * 1000
        asked, self._asked = self._asked, []
        for number in asked:
            self._answer(number=number, **told)
        return False

    def _at_rest(self, threads: list[threading.Thread]) -> bool | None:
        """Returns whether all threads without an event loop wait. Returns None if they must be checked again. Only Linux shows
        whether a thread waits; elsewhere the answer is False."""
        if not threads:
            return True
        before, self._seen = self._seen, [of_thread(one) for one in threads]
        self._looks += 1
        if before == self._seen and all(one is not None and one.waits for one in self._seen):
            self._looks = 0
            return True
        if None not in self._seen and self._looks < PATIENCE:
            return None
        self._looks = 0
        return False

    def after_wait(self) -> None:
        self._waits[threading.get_ident()] = BUSY

    def forget(self, loop: SkippingLoop) -> None:
        """Removes the event loop of the current thread."""
        self._loops.discard(loop)
        self._waits.pop(threading.get_ident(), None)


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop with a clock that the harness can move forward, so that timers need no real time."""

    def __init__(self, quiet: Quiet) -> None:
        self.telling = TellingSelector(quiet)
        super().__init__(self.telling)
        self._quiet = quiet
        self.skipped = 0.0

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        """Counts a function as active until the event loop has received its result."""
        done = super().run_in_executor(executor, func, *args)
        self._quiet.lent(1)
        done.add_done_callback(lambda _: self._quiet.lent(-1))
        return done

    def time(self) -> float:
        return super().time() + self.skipped

    def skip(self, seconds: float) -> None:
        def now() -> None:
            self.skipped += seconds

        self.call_soon_threadsafe(now)


class ThreadState(NamedTuple):
    """The state of a thread on Linux. A thread that only waits for the interpreter lock gets it soon, so `switches` changes."""

    waits: bool
    switches: tuple[str, ...]


def of_thread(thread: threading.Thread) -> ThreadState | None:
    try:
        lines = Path(f"/proc/self/task/{thread.native_id}/status").read_text().splitlines()
    except OSError:
        return None
    waits = any(line.startswith("State:\tS") for line in lines)
    return ThreadState(waits, tuple(line for line in lines if "ctxt_switches" in line))


def is_lent(thread: threading.Thread) -> bool:
    """Returns whether a thread belongs to asyncio's default executor. `run_in_executor` counts the work of these threads."""
    return thread.name.startswith("asyncio_")


class TellingSelector(selectors.DefaultSelector):
    """A selector that reports when its event loop is about to wait: the loop then selects with a timeout above zero."""

    def __init__(self, quiet: Quiet) -> None:
        super().__init__()
        self._quiet = quiet

    def has_ready(self) -> bool:
        """Returns whether the event loop has an event to handle. Callable from any thread."""
        return bool(super().select(0))

    def select(self, timeout: float | None = None) -> list:
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        # The extra check is only needed while a question is open.
        ready = super().select(0) if self._quiet.is_asked() else []
        if ready:
            return ready
        if self._quiet.before_wait(timeout):
            timeout = RECHECK if timeout is None else min(RECHECK, timeout)
        self._quiet.flush()
        try:
            return super().select(timeout)
        finally:
            self._quiet.after_wait()

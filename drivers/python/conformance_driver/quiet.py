"""When nothing goes on in this process any more: each event loop tells when it is about to wait."""

from __future__ import annotations

import asyncio
import math
import selectors
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

RECHECK = 0.001
"""Seconds after which another thread's loop is looked at again."""

PATIENCE = 50
"""So often is a thread looked at that never rests, before the answer is that it cannot be seen whether it does anything."""

BUSY = -1.0

Answer = Callable[..., None]
"""Told the question's `number`, whether all are `sure` to wait, and in how many milliseconds the `next` timer is due: None where
there is none, nothing where a thread may be waiting in its own way."""


class Quiet:
    """The event loops of this process, and who asked to be told when all of them wait."""

    def __init__(self, answer: Answer, flush: Callable[[], None]) -> None:
        self._answer = answer
        self.flush = flush
        self._asked: list[int] = []
        # For how many seconds the loop of each thread will wait by itself.
        self._waits: dict[int, float] = {}
        self._main = threading.get_ident()
        self._loops: set[SkippingLoop] = set()
        self._lock = threading.Lock()
        self._lent = 0
        self._seen: list[ThreadState | None] = []
        self._looks = 0

    def ask(self, number: int) -> None:
        """Answers as soon as every loop waits. Called in the main thread."""
        self._asked.append(number)

    def new_loop(self) -> SkippingLoop:
        """A loop for this thread."""
        loop = SkippingLoop(self)
        self._loops.add(loop)
        return loop

    def advance(self, milliseconds: float) -> None:
        """Lets so much time pass for every loop, at once. Called in the main thread."""
        for loop in list(self._loops):
            loop.skip(milliseconds / 1000)

    def is_asked(self) -> bool:
        return len(self._asked) > 0

    def lent(self, by: int) -> None:
        """So many more pieces of work, or fewer, are with threads."""
        with self._lock:
            self._lent += by

    def before_wait(self, timeout: float | None) -> bool:
        """A loop has nothing left to do. True: it is to come back soon, for somebody asked and others are busy."""
        me = threading.get_ident()
        self._waits[me] = math.inf if timeout is None else timeout
        if me != self._main or not self._asked:
            return False
        threads = threading.enumerate()
        if any(self._waits.get(one.ident) == BUSY for one in threads):
            return True
        # Another loop may have been woken, and not yet have come to say so.
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
        """Whether threads that have no loop of ours wait for something; None: look again. It cannot be seen but on Linux."""
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
        """This thread's loop is closed."""
        self._loops.discard(loop)
        self._waits.pop(threading.get_ident(), None)


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop whose time the harness can move on: what a runtime waits for by a timer costs nothing."""

    def __init__(self, quiet: Quiet) -> None:
        self.telling = TellingSelector(quiet)
        super().__init__(self.telling)
        self._quiet = quiet
        self.skipped = 0.0

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        """What a thread does for the loop is not done until the loop has heard of it."""
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
    """What Linux tells of a thread. One that waits for the interpreter's lock gets it whenever we wait, and so switches."""

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
    """Whether it is of the standard library's pool for event loops, which counts what it is lent."""
    return thread.name.startswith("asyncio_")


class TellingSelector(selectors.DefaultSelector):
    """A loop selects without a time limit of zero only where nothing is ready to run."""

    def __init__(self, quiet: Quiet) -> None:
        super().__init__()
        self._quiet = quiet

    def has_ready(self) -> bool:
        """Whether there is something to wake for. From any thread."""
        return bool(super().select(0))

    def select(self, timeout: float | None = None) -> list:
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        # Whether anything is ready is looked at first only where somebody asked.
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

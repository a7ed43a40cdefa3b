"""When nothing goes on in this process any more: each event loop tells when it is about to wait."""

from __future__ import annotations

import asyncio
import math
import selectors
import threading
from collections.abc import Callable
from typing import Any

RECHECK = 0.001
"""Seconds after which another thread's loop is looked at again."""

PATIENCE = 5
"""So often is work that is with another thread looked at again, before the answer is that this cannot be seen."""

BUSY = -1.0

Answer = Callable[[int, bool, float | None], None]
"""Told the question's number, whether every thread could be seen, and in how many milliseconds a timer is due, if one is."""


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
        self._rechecks = 0

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
        threads = [one.ident for one in threading.enumerate()]
        if any(self._waits.get(one) == BUSY for one in threads):
            return True
        # A thread without a loop of ours may be doing anything, but those that wait to be lent do nothing.
        sure = self._lent == 0 and all(one.ident in self._waits or is_lent(one) for one in threading.enumerate())
        if self._lent > 0 and self._rechecks < PATIENCE:
            self._rechecks += 1
            return True
        self._rechecks = 0
        next = min((self._waits[one] for one in threads if one in self._waits), default=math.inf)
        asked, self._asked = self._asked, []
        for number in asked:
            self._answer(number, sure, None if next == math.inf else next * 1000)
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
        super().__init__(TellingSelector(quiet))
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


def is_lent(thread: threading.Thread) -> bool:
    """Whether it is of the standard library's pool for event loops, which counts what it is lent."""
    return thread.name.startswith("asyncio_")


class TellingSelector(selectors.DefaultSelector):
    """A loop selects without a time limit of zero only where nothing is ready to run."""

    def __init__(self, quiet: Quiet) -> None:
        super().__init__()
        self._quiet = quiet

    def select(self, timeout: float | None = None) -> list:
        if timeout is not None and timeout <= 0:
            return super().select(timeout)
        ready = super().select(0)
        if ready:
            return ready
        if self._quiet.before_wait(timeout):
            timeout = RECHECK if timeout is None else min(RECHECK, timeout)
        self._quiet.flush()
        try:
            return super().select(timeout)
        finally:
            self._quiet.after_wait()

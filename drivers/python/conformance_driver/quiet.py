"""When nothing goes on in this process any more: each event loop tells when it is about to wait."""

from __future__ import annotations

import asyncio
import math
import selectors
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

RECHECK = 0.001
"""Seconds after which another thread's loop is looked at again."""

BUSY = -1.0

Answer = Callable[[int, bool, float | None], None]
"""Told the question's number, whether every thread could be seen, and in how many milliseconds a timer is due, if one is."""


class Quiet:
    """The event loops of this process, and who asked to be told when all of them wait."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._asked: list[int] = []
        # For how many seconds the loop of each thread will wait by itself.
        self._waits: dict[int, float] = {}
        self._main = threading.get_ident()

    def ask(self, number: int) -> None:
        """Answers as soon as every loop waits. Called in the main thread."""
        self._asked.append(number)

    def new_loop(self) -> asyncio.AbstractEventLoop:
        """A loop for this thread."""
        loop = asyncio.SelectorEventLoop(TellingSelector(self))
        loop.set_default_executor(CountedThreads(self))
        return loop

    def before_wait(self, timeout: float | None) -> bool:
        """A loop has nothing left to do. True: it is to come back soon, for somebody asked and others are busy."""
        me = threading.get_ident()
        self._waits[me] = math.inf if timeout is None else timeout
        if me != self._main or not self._asked:
            return False
        threads = [one.ident for one in threading.enumerate()]
        if any(self._waits.get(one) == BUSY for one in threads):
            return True
        # A thread without a loop of ours may be doing anything.
        sure = all(one in self._waits for one in threads)
        next = min((self._waits[one] for one in threads if one in self._waits), default=math.inf)
        asked, self._asked = self._asked, []
        for number in asked:
            self._answer(number, sure, None if next == math.inf else next * 1000)
        return False

    def after_wait(self) -> None:
        self._waits[threading.get_ident()] = BUSY

    def forget(self) -> None:
        """This thread's loop is closed."""
        self._waits.pop(threading.get_ident(), None)


class CountedThreads(ThreadPoolExecutor):
    """An event loop's threads for what blocks: each is seen to be busy, or to wait for work."""

    def __init__(self, quiet: Quiet) -> None:
        super().__init__(thread_name_prefix="conformance")
        self._quiet = quiet

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        def counted() -> Any:
            self._quiet.after_wait()
            try:
                return work(*args, **kwargs)
            finally:
                self._quiet.before_wait(None)

        return super().submit(counted)


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
        try:
            return super().select(timeout)
        finally:
            self._quiet.after_wait()

"""Reports a runtime's output, warnings, log records, unhandled errors and blocked connections to the harness."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

from .contract import text_of
from .guard import guard

LONGEST = 2_000
"""Maximum length of one report in characters."""

Hear = Callable[[str, str], None]
"""Receives the kind of a report and its text."""


def hear_noise(tell: Hear) -> None:
    """Reports output, warnings, log records, unhandled errors and blocked connections to `tell`, until the process ends."""

    def hear(what: str, message: str) -> None:
        tell(what, message[:LONGEST])

    sys.stdout = Heard("stdout", hear)
    sys.stderr = Heard("stderr", hear)
    warnings.showwarning = lambda message, category, *_, **__: hear("warning", f"{category.__name__}: {text_of(message)}")
    # By default Python prints these errors, and the process continues.
    sys.unraisablehook = lambda one: hear("warning", f"never raised: {told(one.exc_value)}")
    threading.excepthook = lambda one: hear("warning", f"in a thread: {told(one.exc_value)}")
    logging.getLogger().addHandler(Records(hear))
    sys.addaudithook(guard(lambda destination: hear("egress", destination)))


def loop_noise(tell: Hear) -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]:
    """Returns an exception handler for an event loop, which reports exceptions that no code retrieved."""

    def handler(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        more = f": {told(error)}" if error is not None else ""
        tell("warning", f"{context.get('message', '')}{more}"[:LONGEST])

    return handler


def told(error: BaseException | None) -> str:
    return "nothing" if error is None else f"{type(error).__name__}: {text_of(error)}"


class Heard(io.TextIOBase):
    """Replaces stdout or stderr, and reports each text."""

    def __init__(self, what: str, hear: Hear) -> None:
        self._what = what
        self._hear = hear

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text.strip():
            self._hear(self._what, text)
        return len(text)


class Records(logging.Handler):
    """Reports log records from the level WARNING, Python's default."""

    def __init__(self, hear: Hear) -> None:
        super().__init__(logging.WARNING)
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        self._hear("log", self.format(record))

"""JSON lines over stdin and stdout. The runtime cannot write to this stdout."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

CHUNK = 1 << 16


class Lines:
    """Reads and writes the messages of the protocol. Redirects file descriptor 1 to stderr for all other code."""

    def __init__(self) -> None:
        self._out = os.dup(1)
        os.dup2(2, 1)
        self._lock = threading.Lock()
        self._rest = b""
        self._said: list[bytes] = []
        self._main: int | None = threading.get_ident()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._in_child)

    def send(self, type: str, **fields: Any) -> None:
        """Sends one message, from any thread. Messages arrive in the order in which they were sent. In the main thread,
        messages are buffered until the event loop calls `flush`."""
        line = json.dumps({"type": type, **fields}, default=plain, separators=(",", ":"), ensure_ascii=True)
        with self._lock:
            self._said.append(line.encode() + b"\n")
        if threading.get_ident() != self._main:
            self.flush()

    def _in_child(self) -> None:
        """Makes a forked child write each message at once, because no event loop flushes there. Drops the parent's buffer."""
        self._lock = threading.Lock()
        self._said = []
        self._main = None

    def flush(self) -> None:
        """Writes the buffered messages."""
        if not self._said:
            return
        with self._lock:
            data = b"".join(self._said)
            self._said.clear()
            while data:
                data = data[os.write(self._out, data) :]

    def receive(self, hears: Callable[[dict[str, Any]], None]) -> bool:
        """Reads the available input once, and passes each message to `hears`. Returns False if stdin has ended."""
        chunk = os.read(sys.__stdin__.fileno(), CHUNK)
        if not chunk:
            return False
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            hears(json.loads(line))
        return True


def plain(value: Any) -> Any:
    """Returns a similar JSON value for a value that JSON does not support."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        return dump(mode="json")
    items = getattr(value, "items", None)
    if callable(items):
        return dict(items())
    return str(value)

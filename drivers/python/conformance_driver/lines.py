"""JSON lines over the process's own stdin and stdout, which the runtime then has no hold of."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

CHUNK = 1 << 16


class Lines:
    """Takes the process's stdout for itself; what others write there goes to stderr."""

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
        """Says one message. From any thread; what is said first arrives first. In the main thread it is written with what else
        is said in the same turn of the event loop, when that flushes."""
        line = json.dumps({"type": type, **fields}, default=plain, separators=(",", ":"), ensure_ascii=True)
        with self._lock:
            self._said.append(line.encode() + b"\n")
        if threading.get_ident() != self._main:
            self.flush()

    def _in_child(self) -> None:
        """A forked child says what it says at once, for nothing flushes there; what its parent has said is the parent's."""
        self._lock = threading.Lock()
        self._said = []
        self._main = None

    def flush(self) -> None:
        """Writes what was said."""
        if not self._said:
            return
        with self._lock:
            data = b"".join(self._said)
            self._said.clear()
            while data:
                data = data[os.write(self._out, data) :]

    def receive(self, hears: Callable[[dict[str, Any]], None]) -> bool:
        """Reads what is there, once; False where the harness has gone."""
        chunk = os.read(sys.__stdin__.fileno(), CHUNK)
        if not chunk:
            return False
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            hears(json.loads(line))
        return True


def plain(value: Any) -> Any:
    """What JSON has no word for, in the nearest that it has."""
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

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

    def send(self, type: str, **fields: Any) -> None:
        """Writes one message. From any thread; what is written first arrives first."""
        line = json.dumps({"type": type, **fields}, default=plain, separators=(",", ":"), ensure_ascii=True)
        data = line.encode() + b"\n"
        with self._lock:
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

"""The messages of one plan."""

from __future__ import annotations

from typing import Any

from .lines import Lines


class PlanLines:
    """Sends the messages of one plan. After `close`, it sends nothing: the next plan has runs with the same ids."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.is_open = True

    def send(self, type: str, **fields: Any) -> None:
        if self.is_open:
            self._lines.send(type, **fields)

    def close(self) -> None:
        self.is_open = False

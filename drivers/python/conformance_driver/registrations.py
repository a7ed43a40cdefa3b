"""Reports to the harness which hooks telemetry registers, removes and releases. Sabotages them if the plan says so."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from .plan_lines import PlanLines

STRUCK = {"hook-register": "register", "hook-lost": "register", "hook-release": "release"}


class Registrations:
    """The hook registrations of one plan. Agents are held by weak references only."""

    def __init__(self, lines: PlanLines, sabotage: dict[str, Any] | None) -> None:
        self._lines = lines
        self._sabotage = sabotage if sabotage and sabotage["part"] in STRUCK else None
        self._uses = 0
        self._numbers: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._agents: list[tuple[str, weakref.ref[Any]]] = []
        # Number of current registrations of each hook with each agent.
        self._hooks: dict[tuple[int, str], int] = {}

    def report(self, at: str, agent: str, of: object, hook: str | None = None) -> str | None:
        """Reports one step: `register` before it happens, `remove` and `release` after. Returns 'lose' if the caller must remove
        the hook again at once, and 'repeat' if the caller must repeat the release. Raises if the plan lets a registration
        fail."""
        if of not in self._numbers:
            self._numbers[of] = len(self._agents)
            self._agents.append((agent, weakref.ref(of)))
        struck = self._strikes(at)
        told = {"at": at, "agent": agent, "instance": self._numbers[of]}
        if hook is not None:
            told["hook"] = hook
        if struck is not None:
            told["sabotage"] = struck
        self._lines.send("registration", **told)
        if struck == "throw":
            raise RuntimeError("conformance: registering a hook throws")
        if hook is not None and struck is None and at != "release":
            key = (told["instance"], hook)
            self._hooks[key] = max(0, self._hooks.get(key, 0) + (1 if at == "register" else -1))
        return {"drop": "lose", "repeat": "repeat"}.get(struck or "")

    def left(self) -> list[dict[str, str]]:
        """Returns the hooks that are still registered, as leftovers."""
        names = [name for name, _ in self._agents]
        return [
            {
                "what": "hook",
                "message": f"{hook} of agent {names[number]} (number {number})" + (f", {times} times" if times > 1 else ""),
            }
            for (number, hook), times in self._hooks.items()
            if times > 0
        ]

    def close(self) -> Callable[[], list[int] | None]:
        """Returns a function to call after garbage collection. It returns the numbers of the replaced agents that are still in
        memory, or None if no agents were reported."""
        agents = self._agents

        def held() -> list[int] | None:
            if not agents:
                return None
            alive = [(number, name) for number, (name, ref) in enumerate(agents) if ref() is not None]
            names = [name for _, name in alive]
            return [number for number, name in alive if names.count(name) > 1]

        return held

    def _strikes(self, at: str) -> str | None:
        sabotage = self._sabotage
        if sabotage is None or STRUCK[sabotage["part"]] != at:
            return None
        nth = self._uses
        self._uses += 1
        return sabotage["does"] if nth == sabotage["nth"] and sabotage["does"] != "hang" else None

"""The contract of a driver: the thin translation that lets the harness drive one runtime.

It holds no checks, no retries and no opinions. The harness is the tool, and the shared driver consumes the stream. The
words are those of the harness's own contract (`harness/contract/`, which has the shapes of updates, outcomes and the team's
agents, and all capabilities); a value that goes to the harness is plain JSON.

A driver's file exports `runtime`, a `Runtime`. `openai_client` has the OpenAI client for it, `instrumentation` puts an
OpenTelemetry instrumentor on and off.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = Any
"""`None`, a bool, number, string, list, or dict with string keys."""

PULLS = {
    *("same-context", "new-context-per-pull", "timeout-per-pull"),
    *("handed-over", "handed-over-midway"),
    *("final-only", "iterate-then-final"),
}
"""The ways in which the shared driver takes the updates of any run, by their names of capabilities."""


@dataclass(frozen=True)
class RunRequest:
    """One call of the runtime, for one user turn."""

    run: str
    """The run's id, by which everything that belongs to it is reported."""
    conversation: int
    turn: int
    input: str
    stream: bool
    session: str
    """'history', 'previous-response', 'conversation-object' or 'runtime-default'."""
    store: bool
    target: str
    """'fresh-workflow': what drives the agents is built anew before the turn; 'same': it is kept."""


class Run(Protocol):
    """One run. With an `abort()` it is aborted by that; else the task that waits for it is cancelled."""

    updates: AsyncIterator[dict[str, Json]]
    """Iterated at most once, by one `__anext__` at a time; a failure of the run may raise here. Empty where it is not streamed."""

    async def outcome(self) -> dict[str, Json]:
        """How the run ended, also where `updates` was never iterated. Asked for several times; never raises for a failure
        of the run. A run that its consumer stopped is not asked."""
        ...


class Team(Protocol):
    """The agents of one plan: shared instances, many runs at once. With `set_mode(to)` its telemetry can be switched (`toggle`)."""

    def start(self, request: RunRequest) -> Run:
        """Called in the task, and the thread, in which the run is made. Raises only where the driver itself fails."""
        ...

    async def close(self) -> None:
        """Ends what is still on: runs whose consumer went away are stopped."""
        ...


class Runtime(Protocol):
    name: str
    version: str
    supports: set[str]
    """What it can do, by the harness's names of capabilities."""
    hooks: dict[str, dict[str, str]]
    """Its hooks by their own names: what each `means` to the harness, and its `docs`, the runtime's own words for it."""

    async def open(self, world: World) -> Team: ...


class ToolError(Exception):
    """A tool has failed, as the plan has it."""


@dataclass
class World:
    """What one plan gives to a runtime."""

    team: list[dict[str, Json]]
    flow: dict[str, Json] | None
    base_url: str
    api_key: str
    mode: str
    """The telemetry at the start: 'off', 'on' or 'sensitive'."""
    tracer_provider: Any
    """OpenTelemetry's provider of this process, global already. None where the environment has no OpenTelemetry SDK."""
    tool: Callable[..., Any]
    """`await tool(run, name, args, id=None, agent=None)`: the tool's result; raises `ToolError`."""
    tool_blocking: Callable[..., Any]
    """The same, for a thread that has no event loop."""
    hook: Callable[..., None]
    """`hook(name, run, agent=None)`, called from the runtime's own hook. It raises where the plan says so: let it through."""
    handoff: Callable[[str, str, str], None]
    """`handoff(run, source, target)`."""
    span_start: Callable[..., None]
    """`span_start(id, name, parent=None)`, for a runtime without OpenTelemetry. It raises where the plan says so."""
    span_end: Callable[..., None]
    """`span_end(id, name, attributes, error=None)`."""
    registration: Callable[..., str | None]
    """`registration(at, agent, of, hook=None)`: what telemetry does to the hooks of an agent's loop; see the harness's `Probe`."""
    closers: list[tuple[asyncio.AbstractEventLoop, Callable[[], Any]]] = field(default_factory=list)
    """What `closes` was given, each with its event loop."""

    def closes(self, close: Callable[[], Any]) -> None:
        """Has this awaited when the team has closed, in the event loop that is on now; last first."""
        self.closers.append((asyncio.get_running_loop(), close))


def error_shape(error: BaseException) -> dict[str, Json]:
    """An error as data."""
    shape: dict[str, Json] = {"name": type(error).__name__, "message": text_of(error)}
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        shape["status"] = status
    code = getattr(error, "code", None)
    if isinstance(code, str):
        shape["code"] = code
    return shape


def text_of(value: object) -> str:
    """Any value as a text, also one that refuses to be made a text."""
    try:
        return str(value)
    except Exception:
        return type(value).__name__

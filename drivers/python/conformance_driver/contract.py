"""The contract of a driver, which translates between the harness and one runtime.

A driver checks nothing and retries nothing. The harness implements the tools, and the shared code consumes the stream. The
terms are those of `harness/contract/`, which defines all capabilities and the shapes of updates, outcomes and agents. Every
value for the harness is plain JSON.

A driver's file exports `runtime`, a `Runtime`. `openai_client` provides the OpenAI client. `instrumentation` switches an
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
"""The pull modes that the shared code provides for every runtime, as capability names."""


@dataclass(frozen=True)
class RunRequest:
    """One call of the runtime, for one user turn."""

    run: str
    """The run's id. Every report about the run names it."""
    conversation: int
    turn: int
    input: str
    stream: bool
    session: str
    """'history', 'previous-response', 'conversation-object' or 'runtime-default'."""
    store: bool
    target: str
    """'fresh-workflow': rebuild the agents or their workflow before the turn. 'same': keep them."""
    limit: int | None = None
    """The maximum number of answers that the run may use. None: no limit. Only with the capability `limit`."""
    adds: str | None = None
    """The instructions that a second context provider adds to the run. Only with the capability `added-instructions`."""


class Run(Protocol):
    """One run. If it has an `abort()` method, the driver aborts the run with it. Otherwise it cancels the waiting task."""

    updates: AsyncIterator[dict[str, Json]]
    """Iterated at most once, with one `__anext__` at a time. A failed run may raise here. Empty if the run is not streamed."""

    async def outcome(self) -> dict[str, Json]:
        """Returns how the run ended, even if `updates` was never iterated. May be called several times. Never raises for a
        failed run. Not called for a run that the consumer stopped."""
        ...


class Team(Protocol):
    """The agents of one plan, shared by many runs at once. A runtime with the capability `toggle` has `set_mode(to)` here."""

    def start(self, request: RunRequest) -> Run:
        """Starts a run, in the task and thread of its consumer. Raises only if the driver itself fails."""
        ...

    async def close(self) -> None:
        """Stops all active runs."""
        ...


class Runtime(Protocol):
    name: str
    version: str
    supports: set[str]
    """The names of the runtime's capabilities."""
    hooks: dict[str, dict[str, Any]]
    """The runtime's hooks by name. `means` is the harness's name for the hook, `docs` quotes the runtime's documentation.
    `caught` is True if this documentation says that exceptions of the hook are caught."""
    # Optional: `retries = {"most": 2, "docs": "…"}`, only with the capability `retries`. `most` says how often the runtime, or
    # its client, repeats a request after a fault that passes. `docs` quotes the runtime's documentation.

    async def open(self, world: World) -> Team: ...


class ToolError(Exception):
    """The error of a tool that fails as planned."""


@dataclass
class World:
    """The data and functions that a plan gives to a runtime."""

    team: list[dict[str, Json]]
    flow: dict[str, Json] | None
    base_url: str
    api_key: str
    mode: str
    """The telemetry mode at the start: 'off', 'on' or 'sensitive'."""
    tracer_provider: Any
    """The global OpenTelemetry provider of this process. None without the OpenTelemetry SDK."""
    tool: Callable[..., Any]
    """`await tool(run, name, args, id=None, agent=None)`: calls a tool and returns its result. Raises `ToolError`."""
    tool_blocking: Callable[..., Any]
    """The same as `tool`, for a thread without an event loop."""
    hook: Callable[..., None]
    """`hook(name, run, agent=None)`: reports a hook. Call it from the runtime's own hook. If it raises, let the error through."""
    handoff: Callable[[str, str, str], None]
    """`handoff(run, source, target)`: reports a handoff."""
    span_start: Callable[..., None]
    """`span_start(id, name, parent=None)`: reports a span, for a runtime without OpenTelemetry. Raises if the plan says so."""
    span_end: Callable[..., None]
    """`span_end(id, name, attributes, error=None)`: reports the end of a span."""
    registration: Callable[..., str | None]
    """`registration(at, agent, of, hook=None)`: reports that telemetry registers, removes or releases a hook of an agent's
    loop. See `Probe` in `harness/contract/`."""
    closers: list[tuple[asyncio.AbstractEventLoop, Callable[[], Any]]] = field(default_factory=list)
    """The functions given to `closes`, each with its event loop."""

    def closes(self, close: Callable[[], Any]) -> None:
        """Awaits `close()` after the team has closed, in the current event loop. The last registered function is called first."""
        self.closers.append((asyncio.get_running_loop(), close))


def error_shape(error: BaseException) -> dict[str, Json]:
    """Returns an error as JSON data, with the errors that it was raised from, the outermost first."""
    causes = []
    cause = error.__cause__
    while cause is not None and len(causes) < 8:
        causes.append(_one_error(cause))
        cause = cause.__cause__
    return {**_one_error(error), **({"causes": causes} if causes else {})}


def _one_error(error: BaseException) -> dict[str, Json]:
    shape: dict[str, Json] = {"name": type(error).__name__, "message": text_of(error)}
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        shape["status"] = status
    code = getattr(error, "code", None)
    if isinstance(code, str):
        shape["code"] = code
    return shape


def text_of(value: object) -> str:
    """Returns any value as a text. If `str` fails, returns the name of its type."""
    try:
        return str(value)
    except Exception:
        return type(value).__name__

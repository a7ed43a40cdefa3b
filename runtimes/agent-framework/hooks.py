"""The framework's hooks, each of which reports to the harness."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol

from agent_framework import FunctionMiddleware, Message
from conformance_driver import World

from versions import ContextProvider, run_in

NESTED: ContextVar[str | None] = ContextVar("conformance_nested", default=None)
"""The run that called the current agent as a tool. The input of the agent is only a text, which cannot carry the run."""

HOOKS = {
    # agent_framework/_sessions.py, ContextProvider
    "ContextProvider.before_run": {
        "means": "before_run",
        "docs": "Called before model invocation.",
    },
    "ContextProvider.after_run": {
        "means": "after_run",
        "docs": "Called after model invocation. Override to process the response (store messages, extract info, etc.). "
        "The context.response will be populated at this point.",
    },
    # agent_framework/_types.py, ResponseStream
    "ResponseStream.with_transform_hook": {
        "means": "transform",
        "docs": "Register a transform hook executed for each update during iteration.",
    },
    "ResponseStream.with_result_hook": {
        "means": "result",
        "docs": "Register a result hook executed after finalization.",
    },
    "ResponseStream.with_cleanup_hook": {
        "means": "cleanup",
        "docs": "Register a cleanup hook executed after stream consumption (before finalizer).",
    },
}


def said_by_user(text: str, run: str, adds: str | None) -> Message:
    """Returns a user message. It also carries the run and the instructions to add, which are not sent to the service."""
    given = {"conformance_run": run, "conformance_adds": adds}
    return Message(role="user", contents=[text], additional_properties=given)


def run_of(messages: list[Message]) -> str | None:
    """Returns the run of an agent from its input messages."""
    for message in reversed(messages):
        run = run_in(message.additional_properties)
        if run is not None:
            return run
    return NESTED.get()


class Line(Protocol):
    """A conversation that has its own agents."""

    run: str
    """The current run."""
    adds: str | None
    """The instructions that a context provider adds to the current run."""

    def answered(self, agent: str, messages: list[Message]) -> None:
        """Called with the messages of an agent's answer."""
        ...


class Provider(ContextProvider):
    """Reports when an agent starts and ends. With `line`, the run is the current run of that conversation. Without it, the
    input messages carry the run."""

    def __init__(self, world: World, agent: str, line: Line | None) -> None:
        super().__init__("conformance")
        self._world = world
        self._agent = agent
        self._line = line

    async def before_run(self, *, context: Any, **_: Any) -> None:
        self._tell("before_run", context)

    async def after_run(self, *, context: Any, **_: Any) -> None:
        self._tell("after_run", context)
        if self._line is not None:
            self._line.answered(self._agent, context.response.messages)

    def _tell(self, name: str, context: Any) -> None:
        run = run_of(context.input_messages) if self._line is None else self._line.run
        self._world.hook(name, run, self._agent)


class AddingProvider(ContextProvider):
    """Adds the instructions of a run to the requests of its agents."""

    def __init__(self, line: Line | None) -> None:
        super().__init__("conformance_adds")
        self._line = line

    async def before_run(self, *, context: Any, **_: Any) -> None:
        adds = added_by(context.input_messages) if self._line is None else self._line.adds
        if adds is not None:
            context.extend_instructions(self.source_id, adds)


def added_by(messages: list[Message]) -> str | None:
    """Returns the instructions that the newest user message carries. The messages of nested runs carry none."""
    for message in reversed(messages):
        if run_in(message.additional_properties) is not None:
            return message.additional_properties["conformance_adds"]
    return None


class CallsOfAgents(FunctionMiddleware):
    """Wraps the calls of agents that are tools, so that the hooks of these agents know the run."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    async def process(self, context: Any, call_next: Any) -> None:
        if context.function.name not in self._names:
            return await call_next()
        token = NESTED.set(run_in(context.kwargs))
        try:
            await call_next()
        finally:
            NESTED.reset(token)


def hook_stream(stream: Any, world: World, run: str, agent: str | None = None) -> Any:
    """Registers the three hooks of a stream, which only report to the harness, and returns the stream."""

    def tells(name: str) -> Callable[..., None]:
        return lambda *_: world.hook(name, run, agent)

    for name in ("transform", "result", "cleanup"):
        getattr(stream, f"with_{name}_hook")(tells(name))
    return stream

"""What the framework's releases call differently; everything else of this driver is the same for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from inspect import signature
from typing import Any

import agent_framework.openai as clients
from agent_framework import Agent, RawAgent
from agent_framework.observability import OBSERVABILITY_SETTINGS

try:
    from agent_framework import ContextProvider
except ImportError:
    # Before 1.0.
    from agent_framework import BaseContextProvider as ContextProvider


VERSION = version_of("agent-framework-core")

# Before 1.0 the client of the Responses API stood in core, under another name.
ResponsesClient = getattr(clients, "OpenAIResponsesClient", None) or clients.OpenAIChatClient

MODEL = "gpt-5.1"


def chat_client(client: Any) -> Any:
    """The framework's client of the Responses API over an `AsyncOpenAI`."""
    named = "model" if "model" in signature(ResponsesClient.__init__).parameters else "model_id"
    return ResponsesClient(async_client=client, **{named: MODEL})


TELLS_TOOLS = "function_invocation_kwargs" in signature(Agent.run).parameters
"""Whether what a run gives to its tools has a place of its own; before 1.0 any further keyword went there."""


def invocation(run: str) -> dict[str, Any]:
    """What to give to `Agent.run` so that its tools are told this run."""
    return {"function_invocation_kwargs": {"conformance_run": run}} if TELLS_TOOLS else {"conformance_run": run}


PERSISTING = "require_per_service_call_history_persistence"
PART_OF_WORKFLOW = {PERSISTING: True} if PERSISTING in signature(RawAgent.__init__).parameters else {}
"""What `HandoffBuilder` demands of the agents that take part, where the release knows it."""


def run_in(given: Any) -> str | None:
    """The run, in what a tool is given."""
    return (given or {}).get("conformance_run")


def call_id_of(context: Any) -> str | None:
    """A call's id, where the release tells it to its tool."""
    return (getattr(context, "metadata", None) or {}).get("call_id")


def has_handoffs() -> bool:
    try:
        return bool(version_of("agent-framework-orchestrations"))
    except PackageNotFoundError:
        return False


def telemetry(mode: str) -> None:
    """Switches the framework's instrumentation, of the whole process, to 'off', 'on' or 'sensitive'."""
    OBSERVABILITY_SETTINGS.enable_instrumentation = mode != "off"
    OBSERVABILITY_SETTINGS.enable_sensitive_data = mode == "sensitive"


@contextmanager
def untold() -> Iterator[None]:
    """What is done here has no spans."""
    enabled = OBSERVABILITY_SETTINGS.enable_instrumentation
    OBSERVABILITY_SETTINGS.enable_instrumentation = False
    try:
        yield
    finally:
        OBSERVABILITY_SETTINGS.enable_instrumentation = enabled

"""The differences between the framework's releases. The other files of this driver are the same for all releases."""

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

# Before 1.0 the client of the Responses API was in core, under another name.
ResponsesClient = getattr(clients, "OpenAIResponsesClient", None) or clients.OpenAIChatClient

MODEL = "gpt-5.1"


def chat_client(client: Any) -> Any:
    """Returns the framework's client of the Responses API for an `AsyncOpenAI`."""
    named = "model" if "model" in signature(ResponsesClient.__init__).parameters else "model_id"
    return ResponsesClient(async_client=client, **{named: MODEL})


TELLS_TOOLS = "function_invocation_kwargs" in signature(Agent.run).parameters
"""Whether `Agent.run` has a parameter for the data of tools. Before 1.0, tools received all extra keywords of `run`."""


def invocation(run: str) -> dict[str, Any]:
    """Returns the keywords of `Agent.run` that pass the run to the tools."""
    return {"function_invocation_kwargs": {"conformance_run": run}} if TELLS_TOOLS else {"conformance_run": run}


PERSISTING = "require_per_service_call_history_persistence"
PART_OF_WORKFLOW = {PERSISTING: True} if PERSISTING in signature(RawAgent.__init__).parameters else {}
"""Options that `HandoffBuilder` requires of its participants, in releases that have them."""


def run_in(given: Any) -> str | None:
    """Returns the run from the data that a tool receives."""
    return (given or {}).get("conformance_run")


def call_id_of(context: Any) -> str | None:
    """Returns the id of a tool call, in releases that pass it to the tool."""
    return (getattr(context, "metadata", None) or {}).get("call_id")


def has_handoffs() -> bool:
    try:
        return bool(version_of("agent-framework-orchestrations"))
    except PackageNotFoundError:
        return False


def telemetry(mode: str) -> None:
    """Switches the framework's instrumentation in the whole process to 'off', 'on' or 'sensitive'."""
    OBSERVABILITY_SETTINGS.enable_instrumentation = mode != "off"
    OBSERVABILITY_SETTINGS.enable_sensitive_data = mode == "sensitive"


@contextmanager
def untold() -> Iterator[None]:
    """Switches instrumentation off inside the `with` block."""
    enabled = OBSERVABILITY_SETTINGS.enable_instrumentation
    OBSERVABILITY_SETTINGS.enable_instrumentation = False
    try:
        yield
    finally:
        OBSERVABILITY_SETTINGS.enable_instrumentation = enabled

"""An agent of Microsoft Agent Framework that asks the server of a script, for the `*.repro.py` files of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from agent_framework import Agent
from agent_framework.observability import disable_instrumentation, enable_instrumentation
from agent_framework.openai import OpenAIChatClient
from openai import AsyncOpenAI
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

FINISHED = InMemorySpanExporter()
"""Receives each span when it ends."""


def switch_telemetry_on() -> None:
    """Switches the instrumentation on, which is also the default, and keeps the spans."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(FINISHED))
    trace.set_tracer_provider(provider)
    enable_instrumentation(force=True)


def switch_telemetry_off() -> None:
    disable_instrumentation()


def build_agent(url: str, **options: Any) -> Agent:
    client = OpenAIChatClient(model="gpt-5.1", async_client=AsyncOpenAI(base_url=url, api_key="none"))
    return Agent(client=client, name="agent", instructions="Be brief.", **options)


RAN: list[str] = []
"""The arguments of the calls of `find_city`."""


def find_city(value: str) -> str:
    """Finds a city."""
    RAN.append(value)
    return "Oslo"


def find_ended(prefix: str) -> list[Any]:
    """Returns the spans that have ended and have a name with this prefix."""
    return [span for span in FINISHED.get_finished_spans() if span.name.startswith(prefix)]


async def pull_in_new_context(stream: Any) -> Any:
    """Pulls one update in a task of its own, so in a new context, as `asyncio.wait_for` does up to Python 3.11."""
    return await asyncio.create_task(stream.__anext__())


async def pull_in_same_context(stream: Any) -> Any:
    return await stream.__anext__()


async def pull_all(stream: Any, pull: Callable[[Any], Any] = pull_in_new_context) -> Exception | None:
    """Pulls all updates. Returns the error if the stream raises one."""
    try:
        while True:
            await pull(stream)
    except StopAsyncIteration:
        return None
    except Exception as error:
        return error

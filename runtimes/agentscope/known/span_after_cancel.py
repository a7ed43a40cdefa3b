"""Cancels the task that reads a reply, and counts the spans that end then, for `*.repro.py` files."""

from __future__ import annotations

import asyncio
import os
from typing import Any

# The instrumentation creates spans for AgentScope 2.x only with this setting, which it reads at import.
os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"

from agentscope.agent import Agent
from agentscope.message import UserMsg
from agentscope.tool import Toolkit
from opentelemetry.instrumentation.agentscope import AgentScopeInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from model_on_server import build_model
from responses_server import SILENCE, Server, conclude, stream


async def read(events: Any) -> None:
    """Reads all events. Each pull has a time limit: up to Python 3.11, `wait_for` pulls in a task of its own."""
    while True:
        await asyncio.wait_for(anext(events), 60)


def count(finished: InMemorySpanExporter, prefix: str) -> int:
    return sum(span.name.startswith(prefix) for span in finished.get_finished_spans())


async def conclude_open_span(name: str, prefix: str) -> None:
    """`prefix` is the beginning of the names of the spans."""
    provider, finished = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(finished))
    AgentScopeInstrumentor().instrument(tracer_provider=provider)
    server = Server(SILENCE)
    agent = Agent(name="agent", system_prompt="Be brief.", model=build_model(server.url, stream=True), toolkit=Toolkit())
    events = agent.reply_stream(UserMsg("user", "Hi"))
    consumer = asyncio.create_task(read(events))
    while not server.requests:
        await asyncio.sleep(0.05)
    consumer.cancel()
    await asyncio.wait([consumer])
    await asyncio.sleep(0.5)
    before = count(finished, prefix)
    await events.aclose()
    await asyncio.sleep(0.5)
    after = count(finished, prefix)
    conclude(
        f"the {name} span is still open after the task that read the reply was cancelled",
        expected=f"1 {name} span has ended after the cancellation",
        found=f"{before} have ended after the cancellation, and {after} after aclose(); cancelled: {consumer.cancelled()}",
        is_there=before == 0 and after == 1,
    )

"""The span of a stream that ended without a terminal event has no error."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from agents import Agent, OpenAIResponsesModel, Runner, set_trace_processors
from agents.tracing import TracingProcessor
from openai import AsyncOpenAI

sys.path.insert(0, str(Path(__file__).parents[2]))
from responses_server import Server, conclude, response, stream, text


class Spans(TracingProcessor):
    """Keeps the error of each response span."""

    def __init__(self) -> None:
        self.errors: list[Any] = []

    def on_span_end(self, span: Any) -> None:
        if span.span_data.type == "response":
            self.errors.append(span.error)

    def on_span_start(self, span: Any) -> None: ...
    def on_trace_start(self, trace: Any) -> None: ...
    def on_trace_end(self, trace: Any) -> None: ...
    def shutdown(self) -> None: ...
    def force_flush(self) -> None: ...


async def main() -> None:
    server = Server(stream(response(text("Hello.")), until="response.in_progress"))
    spans = Spans()
    set_trace_processors([spans])
    client = AsyncOpenAI(base_url=server.url, api_key="none")
    agent = Agent(name="agent", model=OpenAIResponsesModel("gpt-5.1", client))
    error = None
    try:
        async for _ in Runner.run_streamed(agent, "Hi").stream_events():
            pass
    except Exception as raised:
        error = raised
    conclude(
        "the response span of a cut-off stream has no error",
        expected="1 response span, with an error",
        found=f"the errors of the response spans are {spans.errors}; the run ended with {error!r}",
        is_there=spans.errors == [None] and error is not None,
    )


asyncio.run(main())

"""A span processor that throws when the chat span ends fails the run."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent
from responses_server import Server, conclude, response, text


class Broken(SpanProcessor):
    def on_end(self, span: Any) -> None:
        if span.name.startswith("chat"):
            raise RuntimeError("this span processor is broken")


async def main() -> None:
    provider = TracerProvider()
    provider.add_span_processor(Broken())
    trace.set_tracer_provider(provider)
    server = Server(response(text("Hello.")))
    error = None
    try:
        await build_agent(server.url).run("Hi")
    except Exception as raised:
        error = raised
    conclude(
        "the run failed because a span processor threw",
        expected="no error",
        found=f"{error!r} after {len(server.requests)} requests",
        is_there="span processor is broken" in str(error),
    )


asyncio.run(main())

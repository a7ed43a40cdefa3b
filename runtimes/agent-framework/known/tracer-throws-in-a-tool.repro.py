"""If a span processor throws when the span of a tool starts, the tool does not run."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import RAN, build_agent, find_city
from responses_server import Server, call, conclude, response, text


class Broken(SpanProcessor):
    def on_start(self, span: Any, parent_context: Any = None) -> None:
        if span.name.startswith("execute_tool"):
            raise RuntimeError("this span processor is broken")


async def main() -> None:
    provider = TracerProvider()
    provider.add_span_processor(Broken())
    trace.set_tracer_provider(provider)
    server = Server(response(call("find_city", value="A")), response(text("Hello.")))
    error = None
    try:
        await build_agent(server.url, tools=[find_city]).run("Hi")
    except Exception as raised:
        error = raised
    outputs = [item["output"] for item in server.requests[-1]["input"] if item["type"] == "function_call_output"]
    conclude(
        "the tool did not run because a span processor threw, and the model is told that the tool failed",
        expected="the tool ran for ['A'], and the model is told ['Oslo']",
        found=f"the tool ran for {RAN}, and the model is told {outputs}; the run ended with {error!r}",
        is_there=RAN == [],
    )


asyncio.run(main())

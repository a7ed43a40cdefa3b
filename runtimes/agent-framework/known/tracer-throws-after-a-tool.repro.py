"""If a span processor throws when the span of a tool ends, the model is told that the tool failed."""

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
    def on_end(self, span: Any) -> None:
        if span.name.startswith("execute_tool"):
            raise RuntimeError("this span processor is broken")


async def main() -> None:
    provider = TracerProvider()
    provider.add_span_processor(Broken())
    trace.set_tracer_provider(provider)
    server = Server(response(call("find_city", value="A")), response(text("Hello.")))
    await build_agent(server.url, tools=[find_city]).run("Hi")
    outputs = [item["output"] for item in server.requests[-1]["input"] if item["type"] == "function_call_output"]
    conclude(
        "the model is told that the tool failed, although the tool returned",
        expected="the tool ran for ['A'], and the model is told ['Oslo']",
        found=f"the tool ran for {RAN}, and the model is told {outputs}",
        is_there=RAN == ["A"] and outputs != ["Oslo"],
    )


asyncio.run(main())

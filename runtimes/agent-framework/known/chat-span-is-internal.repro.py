"""Chat spans have the kind INTERNAL. The conventions of OpenTelemetry for GenAI say CLIENT."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_ended, switch_telemetry_on
from responses_server import Server, conclude, response, text


async def main() -> None:
    switch_telemetry_on()
    server = Server(response(text("Hello.")))
    await build_agent(server.url).run("Hi")
    kinds = [span.kind.name for span in find_ended("chat")]
    conclude(
        "a chat span has the kind INTERNAL",
        expected="['CLIENT']",
        found=f"{kinds}",
        is_there=kinds == ["INTERNAL"],
    )


asyncio.run(main())

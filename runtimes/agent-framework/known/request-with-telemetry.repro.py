"""With telemetry on, `close()` of a stream that was never pulled sends the request."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, switch_telemetry_off, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    answer = stream(response(text("Hello.")))
    server = Server(answer, answer)
    agent = build_agent(server.url)
    switch_telemetry_off()
    await agent.run("Hi", stream=True).close()
    without = len(server.requests)
    switch_telemetry_on()
    await agent.run("Hi", stream=True).close()
    with_it = len(server.requests) - without
    conclude(
        "close() sends a request with telemetry on, and none without it",
        expected="0 requests without telemetry, and 0 requests with it",
        found=f"{without} requests without telemetry, and {with_it} requests with it",
        is_there=without == 0 and with_it > 0,
    )


asyncio.run(main())

"""A streamed run that is pulled from several async contexts completes without telemetry, and fails with it."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, pull_all, switch_telemetry_off, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    answer = stream(response(text("Hello.")))
    server = Server(answer, answer)
    agent = build_agent(server.url)
    switch_telemetry_off()
    without = await pull_all(agent.run("Hi", stream=True))
    switch_telemetry_on()
    with_it = await pull_all(agent.run("Hi", stream=True))
    conclude(
        "the same run completes without telemetry and fails with it",
        expected="no error without telemetry, and no error with it",
        found=f"{without!r} without telemetry, and {with_it!r} with it",
        is_there=without is None and with_it is not None,
    )


asyncio.run(main())

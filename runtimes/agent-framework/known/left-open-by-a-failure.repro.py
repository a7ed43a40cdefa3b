"""A streamed run that is pulled from several async contexts does not end its agent span when it ends."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_ended, pull_all, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    server = Server(stream(response(text("Hello."))))
    run = build_agent(server.url).run("Hi", stream=True)
    error = await pull_all(run)
    ended = len(find_ended("invoke_agent"))
    conclude(
        "the span invoke_agent is still open after its run has ended",
        expected="1 span invoke_agent has ended",
        found=f"{ended} spans invoke_agent have ended; the run ended with {error!r}",
        is_there=ended == 0,
    )


asyncio.run(main())

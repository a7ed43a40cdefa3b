"""A streamed run does not end its agent span if a pull in another async context than the first is cancelled."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_ended, pull_in_new_context, switch_telemetry_on
from responses_server import SILENCE, Server, conclude, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    server = Server([*stream(response(text("Hello.")), until="response.in_progress"), SILENCE])
    run = build_agent(server.url).run("Hi", stream=True)
    await pull_in_new_context(run)
    await pull_in_new_context(run)
    waiting = asyncio.create_task(run.__anext__())
    await asyncio.sleep(0.2)
    waiting.cancel()
    await asyncio.wait([waiting])

    ended = len(find_ended("invoke_agent"))
    conclude(
        "the span invoke_agent is still open after its run was cancelled",
        expected="1 span invoke_agent has ended",
        found=f"{ended} spans invoke_agent have ended; the pull was cancelled: {waiting.cancelled()}",
        is_there=ended == 0,
    )


asyncio.run(main())

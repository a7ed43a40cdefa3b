"""The cleanup hooks of a user do not run if a pull in another async context than the first is cancelled."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, pull_in_new_context, switch_telemetry_on
from responses_server import SILENCE, Server, conclude, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    server = Server([*stream(response(text("Hello.")), until="response.in_progress"), SILENCE])
    cleaned = []
    run = build_agent(server.url).run("Hi", stream=True).with_cleanup_hook(lambda: cleaned.append("cleanup"))
    await pull_in_new_context(run)
    await pull_in_new_context(run)
    waiting = asyncio.create_task(run.__anext__())
    await asyncio.sleep(0.2)
    waiting.cancel()
    await asyncio.wait([waiting])

    conclude(
        "the cleanup hook did not run after the run was cancelled",
        expected="['cleanup']",
        found=f"{cleaned}; the pull was cancelled: {waiting.cancelled()}",
        is_there=not cleaned,
    )


asyncio.run(main())

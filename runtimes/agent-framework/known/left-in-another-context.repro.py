"""The cleanup hooks of a user do not run if a stream is closed in another async context than its first pull."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, pull_in_new_context, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    server = Server(stream(response(text("Hello."))))
    cleaned = []
    run = build_agent(server.url).run("Hi", stream=True).with_cleanup_hook(lambda: cleaned.append("cleanup"))
    await pull_in_new_context(run)
    error = None
    try:
        await run.close()
    except ValueError as raised:
        error = raised
    conclude(
        "the cleanup hook did not run after the stream was closed",
        expected="['cleanup']",
        found=f"{cleaned}; close() raised {error!r}",
        is_there=not cleaned,
    )


asyncio.run(main())

"""With telemetry on, `close()` of a stream that was never pulled sends the request and waits for the whole answer."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, switch_telemetry_on
from responses_server import SILENCE, Server, conclude


async def main() -> None:
    switch_telemetry_on()
    server = Server(SILENCE)
    run = build_agent(server.url).run("Hi", stream=True)
    closing = asyncio.create_task(run.close())
    await asyncio.wait([closing], timeout=3)
    conclude(
        "close() waits for the answer of a request that it sent itself",
        expected="close() returns at once, and 0 requests were sent",
        found=f"after 3 seconds close() has returned: {closing.done()}, and {len(server.requests)} requests were sent",
        is_there=not closing.done(),
    )


asyncio.run(main())

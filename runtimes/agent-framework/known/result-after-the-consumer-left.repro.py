"""The result hook is called for a stream that its consumer closed before the first pull."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    server = Server(stream(response(text("Hello."))))
    called = []
    run = build_agent(server.url).run("Hi", stream=True).with_result_hook(lambda _: called.append("result"))
    await run.close()
    conclude(
        "the result hook was called although the consumer left the stream",
        expected="[]",
        found=f"{called}",
        is_there=called != [],
    )


asyncio.run(main())

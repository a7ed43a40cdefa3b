"""A run that is cancelled ends its agent span with an error."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_ended, pull_all, pull_in_same_context, switch_telemetry_on
from responses_server import SILENCE, Server, conclude, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    server = Server([*stream(response(text("Hello.")), until="response.in_progress"), SILENCE])
    run = build_agent(server.url).run("Hi", stream=True)
    consumer = asyncio.create_task(pull_all(run, pull_in_same_context))
    while not server.requests:
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    consumer.cancel()
    await asyncio.wait([consumer])
    status = [span.status.status_code.name for span in find_ended("invoke_agent")]
    conclude(
        "the agent span of a cancelled run has an error",
        expected="['UNSET']",
        found=f"{status}; the consumer was cancelled: {consumer.cancelled()}",
        is_there=status == ["ERROR"] and consumer.cancelled(),
    )


asyncio.run(main())

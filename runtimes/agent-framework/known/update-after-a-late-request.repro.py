"""With telemetry on, closing a stream before its first pull sends a request, which takes the answer of the next run."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, switch_telemetry_off, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    def serve() -> Server:
        return Server(*(stream(response(text(f"Answer {number}."))) for number in (1, 2)))

    async def leave_and_run() -> str:
        agent = build_agent(serve().url)
        await agent.run("Hi", stream=True).close()
        return (await agent.run("And now?", stream=True).get_final_response()).text

    switch_telemetry_off()
    without = await leave_and_run()
    switch_telemetry_on()
    with_it = await leave_and_run()
    conclude(
        "the second run gets another answer with telemetry on, because the first run sent a request when it was closed",
        expected="the same answer without telemetry and with it",
        found=f"{without!r} without telemetry, and {with_it!r} with it",
        is_there=without != with_it,
    )


asyncio.run(main())

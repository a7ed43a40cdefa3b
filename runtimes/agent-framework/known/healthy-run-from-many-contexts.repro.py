"""With telemetry on, a healthy streamed run fails if it is pulled from several async contexts."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, pull_all, pull_in_same_context, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    answer = stream(response(text("Hello.")))
    server = Server(answer, answer)
    agent = build_agent(server.url)
    in_one = await pull_all(agent.run("Hi", stream=True), pull_in_same_context)
    in_many = await pull_all(agent.run("Hi", stream=True))
    conclude(
        "a run that nothing disturbed failed",
        expected="no error in one context, and no error in many contexts",
        found=f"{in_one!r} in one context, and {in_many!r} in many contexts",
        is_there=in_one is None and in_many is not None,
    )


asyncio.run(main())

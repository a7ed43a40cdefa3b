"""A failed response ends a run that is pulled from several async contexts with an error that does not name the failure."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, pull_all, pull_in_same_context, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    answer = stream(response(text("Hello."), error="rate_limit_exceeded"))
    server = Server(answer, answer)
    agent = build_agent(server.url)
    in_one = await pull_all(agent.run("Hi", stream=True), pull_in_same_context)
    in_many = await pull_all(agent.run("Hi", stream=True))
    conclude(
        "the error of the run is not the error of the response",
        expected="an error with rate_limit_exceeded in one context, and in many contexts",
        found=f"{in_one!r} in one context, and {in_many!r} in many contexts",
        is_there=isinstance(in_many, ValueError) and "rate_limit_exceeded" not in str(in_many),
    )


asyncio.run(main())

"""The tool loop runs a call of an answer that was cut off before its terminal event."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import RAN, build_agent, find_city
from responses_server import Server, call, conclude, response, stream, text


async def main() -> None:
    cut_off = stream(response(call("find_city", value="A")), until="response.function_call_arguments.delta")
    server = Server(cut_off, stream(response(text("Hello."))))
    run = build_agent(server.url, tools=[find_city]).run("Hi", stream=True)
    async for _ in run:
        pass
    conclude(
        "the tool ran for a call of an answer that was cut off",
        expected="the tool ran for []",
        found=f"the tool ran for {RAN}",
        is_there=RAN != [],
    )


asyncio.run(main())

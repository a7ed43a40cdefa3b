"""The tool loop runs a call of an answer that was cut off before its terminal event."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent
from responses_server import Server, call, conclude, response, stream, text


ran: list[str] = []


def find_city(value: str) -> str:
    """Finds a city."""
    ran.append(value)
    return "Oslo"


async def main() -> None:
    cut_off = stream(response(call("find_city", value="A")), until="response.function_call_arguments.delta")
    server = Server(cut_off, stream(response(text("Hello."))))
    run = build_agent(server.url, tools=[find_city]).run("Hi", stream=True)
    async for _ in run:
        pass
    conclude(
        "the tool ran for a call of an answer that was cut off",
        expected="the tool ran for []",
        found=f"the tool ran for {ran}",
        is_there=ran != [],
    )


asyncio.run(main())

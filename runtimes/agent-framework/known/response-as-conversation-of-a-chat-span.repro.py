"""A chat span has the id of the previous response as `gen_ai.conversation.id`."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_city, find_ended, switch_telemetry_on
from responses_server import Server, call, conclude, response, text


async def main() -> None:
    switch_telemetry_on()
    first = response(call("find_city", value="A"))
    server = Server(first, response(text("Hello.")))
    await build_agent(server.url, tools=[find_city]).run("Hi")
    named = [span.attributes.get("gen_ai.conversation.id") for span in find_ended("chat")]
    conclude(
        "a chat span names a response as its conversation",
        expected="[None, None]",
        found=f"{named}; the first response is {first['id']}",
        is_there=first["id"] in named,
    )


asyncio.run(main())

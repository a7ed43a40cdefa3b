"""An agent span has the id of the previous response as `gen_ai.conversation.id`."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_ended, switch_telemetry_on
from responses_server import Server, conclude, response, text


async def main() -> None:
    switch_telemetry_on()
    first = response(text("Hello."))
    server = Server(first, response(text("Hello.")))
    agent = build_agent(server.url)
    session = agent.create_session()
    await agent.run("Hi", session=session)
    await agent.run("And now?", session=session)
    named = [span.attributes.get("gen_ai.conversation.id") for span in find_ended("invoke_agent")]
    conclude(
        "an agent span names a response as its conversation",
        expected="[None, None]",
        found=f"{named}; the first response is {first['id']}",
        is_there=first["id"] in named,
    )


asyncio.run(main())

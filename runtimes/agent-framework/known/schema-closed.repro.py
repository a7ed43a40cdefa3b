"""The schema of a tool gets `additionalProperties: false`, although the schema of the user does not have it."""

import asyncio
import sys
from pathlib import Path

from agent_framework import FunctionTool

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent
from responses_server import Server, conclude, response, text


SCHEMA = {"type": "object", "properties": {"value": {"type": "string"}}, "required": ["value"]}


async def main() -> None:
    server = Server(response(text("Hello.")))
    tool = FunctionTool(name="find_city", description="Finds a city.", func=lambda **_: "Oslo", input_model=SCHEMA)
    await build_agent(server.url, tools=[tool]).run("Hi")
    sent = server.requests[0]["tools"][0]["parameters"]
    conclude(
        "the schema that is sent is closed, and the schema of the user is open",
        expected=f"{SCHEMA}",
        found=f"{sent}",
        is_there=sent.get("additionalProperties") is False,
    )


asyncio.run(main())

"""Of two equal messages in one streamed answer, one is missing in the final response."""

import asyncio
import sys
from pathlib import Path

from agent_framework import AgentResponse

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent
from responses_server import Server, conclude, response, stream, text


def find_texts(answer: AgentResponse) -> list[str]:
    return [content.text for message in answer.messages for content in message.contents if content.type == "text"]


async def main() -> None:
    whole = response(text("Hello."), text("Hello."))
    server = Server(stream(whole), whole)
    agent = build_agent(server.url)
    streamed = find_texts(await agent.run("Hi", stream=True).get_final_response())
    at_once = find_texts(await agent.run("Hi"))
    conclude(
        "a streamed answer has one message less than the same answer at once",
        expected="['Hello.', 'Hello.'], streamed and at once",
        found=f"{streamed} streamed, {at_once} at once",
        is_there=len(streamed) < len(at_once),
    )


asyncio.run(main())

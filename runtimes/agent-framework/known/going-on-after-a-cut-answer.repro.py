"""In a workflow in autonomous mode, the next request after a cut-off answer lacks what the user said."""

import asyncio
import sys
from pathlib import Path

from agent_framework import Agent, Message
from agent_framework.openai import OpenAIChatClient
from agent_framework.orchestrations import HandoffBuilder
from openai import AsyncOpenAI

sys.path.insert(0, str(Path(__file__).parents[2]))
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    first = response(text("Hello."))
    server = Server(first, response(text("What is it?")), [], stream(response(text("Done."))))
    client = OpenAIChatClient(model="gpt-5.1", async_client=AsyncOpenAI(base_url=server.url, api_key="none"))
    # An agent of a workflow needs this option.
    agents = [
        Agent(client=client, name=name, instructions="Be brief.", require_per_service_call_history_persistence=True)
        for name in ("coordinator", "writer")
    ]
    builder = HandoffBuilder(participants=agents).with_start_agent(agents[0]).add_handoff(agents[0], [agents[1]])
    workflow = builder.with_autonomous_mode(agents=[agents[0]], turn_limits={"coordinator": 1}).build()
    asked = await workflow.run("Hi")
    waiting = {event.request_id: [Message(role="user", contents=["Book a table."])] for event in asked.get_request_info_events()}
    async for _ in workflow.run(responses=waiting, stream=True):
        pass
    cut, after = server.requests[2:]
    continued, before = after.get("previous_response_id"), cut.get("previous_response_id")
    conclude(
        "the request after the cut-off answer lacks the user's message",
        expected=f'"Book a table." in request 4, because it continues {before}, as request 3 did',
        found=f"request 4 continues {continued}, and its input is {after['input']}",
        is_there="Book a table." not in str(after["input"]) and continued == before,
    )


asyncio.run(main())

"""A response that failed counts as a completed reply if it is not streamed."""

import asyncio
import sys
from pathlib import Path

from agentscope.agent import Agent
from agentscope.message import UserMsg
from agentscope.tool import Toolkit

sys.path.insert(0, str(Path(__file__).parents[2]))
from model_on_server import build_model
from responses_server import Server, conclude, response, text


async def main() -> None:
    server = Server(response(text("Half an answer"), error="server_error"))
    agent = Agent(name="agent", system_prompt="Be brief.", model=build_model(server.url, stream=False), toolkit=Toolkit())
    error, reply = None, None
    try:
        reply = await agent.reply(UserMsg("user", "Hi"))
    except Exception as raised:
        error = raised
    conclude(
        "a reply with a failed response completed",
        expected="an error with server_error",
        found=f"error {error!r}, reason {reply and reply.finished_reason}, text {reply and reply.get_text_content()!r}",
        is_there=error is None and str(reply.finished_reason).endswith("completed"),
    )


asyncio.run(main())

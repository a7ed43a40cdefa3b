"""An agent never sends `store`, so the service stores each answer. The model has no parameter for it."""

import asyncio
import sys
from pathlib import Path

from agentscope.agent import Agent
from agentscope.message import UserMsg
from agentscope.model import OpenAIResponseModel
from agentscope.tool import Toolkit

sys.path.insert(0, str(Path(__file__).parents[2]))
from model_on_server import build_model
from responses_server import Server, conclude, response, text


async def main() -> None:
    server = Server(response(text("Hello.")))
    model = build_model(server.url, stream=False)
    await Agent(name="agent", system_prompt="Be brief.", model=model, toolkit=Toolkit()).reply(UserMsg("user", "Hi"))
    parameters = sorted(OpenAIResponseModel.Parameters.model_fields)
    conclude(
        "the request has no store, and the model has no parameter for it",
        expected="a parameter store, or store in the request",
        found=f"the parameters {parameters}, and a request with {sorted(server.requests[0])}",
        is_there="store" not in parameters and "store" not in server.requests[0],
    )


asyncio.run(main())

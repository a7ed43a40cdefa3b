"""A run that is cancelled after a call leaves the call open in its conversation, so the next run is refused."""

import asyncio
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_city
from responses_server import SILENCE, Server, call, conclude, refusal, response, text


CALL = call("find_city", value="A")


def refuse_open_call(body: dict[str, Any]) -> Any:
    """Answers as the service does: the conversation has the call, and not the output of the request that was cancelled."""
    if CALL["call_id"] not in [item.get("call_id") for item in body["input"]]:
        return refusal(400, f"No tool output found for function call {CALL['call_id']}.")
    return response(text("Hello."))


async def main() -> None:
    first_answer = {**response(CALL), "conversation": {"id": "conv_1"}}
    server = Server(first_answer, SILENCE, refuse_open_call)
    agent = build_agent(server.url, tools=[find_city])
    options = {"conversation_id": "conv_1"}
    first = asyncio.create_task(agent.run("Hi", options=options))
    while len(server.requests) < 2:
        await asyncio.sleep(0.05)
    first.cancel()
    await asyncio.wait([first])
    error = None
    try:
        await agent.run("And now?", options=options)
    except Exception as raised:
        error = raised
    named = [body.get("conversation") for body in server.requests]
    conclude(
        "the next run fails because a call is open in the conversation",
        expected="the next run sends an output of the call, or the cancelled run does",
        found=f"requests with the conversations {named}; the next run ended with {error!r}",
        is_there=named == ["conv_1"] * 3 and "No tool output found" in str(error),
    )


asyncio.run(main())

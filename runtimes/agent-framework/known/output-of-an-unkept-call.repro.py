"""An output is sent for a call of a streamed answer that was cut off, so for a call that the service never kept."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_city
from responses_server import Server, call, conclude, response, stream, text


async def main() -> None:
    cut_off = stream(response(call("find_city", value="A")), until="response.function_call_arguments.delta")
    server = Server(cut_off, stream(response(text("Hello."))))
    run = build_agent(server.url, tools=[find_city]).run("Hi", stream=True)
    async for _ in run:
        pass
    second = server.requests[1] if len(server.requests) > 1 else {"input": []}
    types = [item["type"] for item in second["input"]]
    conclude(
        "the second request has an output without its call, and continues a response that was cut off",
        expected="no second request, or one with the call and its output",
        found=f"a request with previous_response_id {second.get('previous_response_id')} and the input {types}",
        is_there="function_call_output" in types and "function_call" not in types,
    )


asyncio.run(main())

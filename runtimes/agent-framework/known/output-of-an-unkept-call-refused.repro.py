"""The service refuses a run that sends an output for a call of an answer that was cut off."""

import asyncio
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_city, pull_all, pull_in_same_context
from responses_server import Server, call, conclude, refusal, response, stream, text


def refuse_output_without_call(body: dict[str, Any]) -> Any:
    """Answers as the service does: it stored no call, because the answer with the call was cut off."""
    items = {kind: [item["call_id"] for item in body["input"] if item["type"] == kind] for kind in KINDS}
    unknown = [id for id in items["function_call_output"] if id not in items["function_call"]]
    if unknown:
        return refusal(400, f"No tool call found for function call output with call_id {unknown[0]}.")
    return stream(response(text("Hello.")))


KINDS = ("function_call", "function_call_output")


async def main() -> None:
    cut_off = stream(response(call("find_city", value="A")), until="response.function_call_arguments.delta")
    server = Server(cut_off, refuse_output_without_call)
    run = build_agent(server.url, tools=[find_city]).run("Hi", stream=True)
    error = await pull_all(run, pull_in_same_context)
    conclude(
        "the run fails because the service refuses an output without its call",
        expected="2 requests and no refusal, or 1 request and an error about the cut-off answer",
        found=f"{len(server.requests)} requests and {error!r}",
        is_there="No tool call found" in str(error),
    )


asyncio.run(main())

"""The messages of a run contain the text of an answer that failed, and the run completes."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_city
from responses_server import Server, call, conclude, response, stream, text


async def main() -> None:
    server = Server(
        stream(response(call("find_city", value="A"))),
        stream(response(text("Half an answer"), error="server_error")),
    )
    run = build_agent(server.url, tools=[find_city]).run("Hi", stream=True)
    error, texts = None, []
    try:
        texts = [message.text for message in (await run.get_final_response()).messages if message.text]
    except Exception as raised:
        error = raised
    conclude(
        "the messages of the run contain the text of the failed answer",
        expected="an error, or no text",
        found=f"error {error!r}, texts {texts}",
        is_there=error is None and texts == ["Half an answer"],
    )


asyncio.run(main())

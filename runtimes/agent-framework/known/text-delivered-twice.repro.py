"""A stream gives each text twice: in pieces, and whole with the event `response.output_text.done`."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    server = Server(stream(response(text("Hello."))))
    # As the documentation of `Agent.run` does: `async for update in stream: print(update.text, end="")`.
    printed = "".join([update.text async for update in build_agent(server.url).run("Hi", stream=True)])
    conclude(
        "a consumer that prints each `update.text` prints each text twice",
        expected="'Hello.'",
        found=repr(printed),
        is_there=printed == "Hello.Hello.",
    )


asyncio.run(main())

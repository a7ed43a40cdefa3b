"""The chat span of a stream without a terminal event has no error, and the run fails later for another reason."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_ended, pull_all, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    server = Server(stream(response(text("Hello.")), until="response.in_progress"))
    error = await pull_all(build_agent(server.url).run("Hi", stream=True))
    status = [span.status.status_code.name for span in find_ended("chat")]
    conclude(
        "the chat span of a cut-off stream has no error",
        expected="['ERROR']",
        found=f"{status}; the run ended with {error!r}",
        is_there=status == ["UNSET"],
    )


asyncio.run(main())

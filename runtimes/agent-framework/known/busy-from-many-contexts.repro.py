"""The client retries after status 409, but a run that is pulled from several async contexts still fails."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, pull_all, switch_telemetry_on
from responses_server import Server, conclude, refusal, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    server = Server(refusal(409, "The service is busy."), stream(response(text("Hello."))))
    error = await pull_all(build_agent(server.url).run("Hi", stream=True))
    conclude(
        "the run failed although the second attempt was answered",
        expected="2 requests and no error",
        found=f"{len(server.requests)} requests and {error!r}",
        is_there=len(server.requests) == 2 and isinstance(error, ValueError),
    )


asyncio.run(main())

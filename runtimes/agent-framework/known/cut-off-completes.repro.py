"""A streamed run completes although its stream ended without a terminal event."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def main() -> None:
    switch_telemetry_on()
    server = Server(stream(response(text("Hello.")), until="response.output_text.delta"))
    run = build_agent(server.url).run("Hi", stream=True)
    error, final = None, None
    try:
        final = await run.get_final_response()
    except Exception as raised:
        error = raised
    conclude(
        "a run with a cut-off answer completed",
        expected="an error that says that the stream ended early",
        found=f"error {error!r}, text {final and final.text!r}",
        is_there=error is None,
    )


asyncio.run(main())

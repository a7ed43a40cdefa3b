"""The agent span of a run that completes has the error of a result hook."""

import asyncio
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, find_ended, pull_all, pull_in_same_context, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


def throw_once(_: Any) -> None:
    calls.append("called")
    if len(calls) == 1:
        raise RuntimeError("the hook throws")


calls: list[str] = []


async def main() -> None:
    switch_telemetry_on()
    server = Server(stream(response(text("Hello."))))
    run = build_agent(server.url).run("Hi", stream=True).with_result_hook(throw_once)
    error = await pull_all(run, pull_in_same_context)

    status = [span.status.status_code.name for span in find_ended("invoke_agent")]
    conclude(
        "the agent span of a run that completed has an error",
        expected="['UNSET'] and no error, or ['ERROR'] and an error",
        found=f"{status} and {error!r}",
        is_there=error is None and status == ["ERROR"],
    )


asyncio.run(main())

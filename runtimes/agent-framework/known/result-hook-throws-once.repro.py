"""The error of a result hook is lost if the hook throws only once. The stream then calls the hook again."""

import asyncio
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, pull_all, pull_in_same_context, switch_telemetry_on
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

    conclude(
        "the error of the result hook is lost",
        expected="1 call of the hook, and RuntimeError('the hook throws')",
        found=f"{len(calls)} calls of the hook, and {error!r}",
        is_there=error is None and len(calls) == 2,
    )


asyncio.run(main())

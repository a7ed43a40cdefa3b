"""The hook after_run is called for a streamed run that then fails with a ValueError of the telemetry."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from agent_framework import ContextProvider

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent, pull_all, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


class Provider(ContextProvider):
    """Notes that after_run was called."""

    def __init__(self) -> None:
        super().__init__("provider")
        self.called: list[str] = []

    async def after_run(self, **_: Any) -> None:
        self.called.append("after_run")


async def main() -> None:
    switch_telemetry_on()
    server = Server(stream(response(text("Hello."))))
    provider = Provider()
    run = build_agent(server.url, context_providers=[provider]).run("Hi", stream=True)
    error = await pull_all(run)
    conclude(
        "after_run was called, and then the run failed",
        expected="['after_run'] and no error",
        found=f"{provider.called} and {error!r}",
        is_there=error is not None and provider.called != [],
    )


asyncio.run(main())

"""Runs an agent whose first request fails, and pulls its updates from several async contexts, for `*.repro.py` files."""

from __future__ import annotations

from typing import Any

from agent_on_server import build_agent, pull_all, switch_telemetry_on
from responses_server import Server, conclude, response, stream, text


async def conclude_retry(first: Any) -> None:
    """`first` is the answer to the first request, which the client repeats."""
    switch_telemetry_on()
    server = Server(first, stream(response(text("Hello."))))
    error = await pull_all(build_agent(server.url).run("Hi", stream=True))
    conclude(
        "the run failed although the second attempt was answered",
        expected="2 requests and no error",
        found=f"{len(server.requests)} requests and {error!r}",
        is_there=len(server.requests) == 2 and isinstance(error, ValueError),
    )

"""Event loops of other threads. An object must be used and closed in the event loop in which it was created."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


async def in_loop(loop: asyncio.AbstractEventLoop, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Runs `work()` in the given event loop, and waits for its result in the current one."""
    if loop is asyncio.get_running_loop():
        return await work()
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), loop))


async def come_to_ends() -> None:
    """Waits a few turns of the event loop, so that closed and cancelled tasks can end."""
    for _ in range(3):
        await asyncio.sleep(0)

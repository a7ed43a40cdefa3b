"""One run of the framework, streamed or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from agent_framework import Agent, AgentResponse
from conformance_driver import RunRequest, World

from hooks import hook_stream, said_by_user
from outcomes import failed, told, update_of
from sessions import Session
from versions import invocation


class Work:
    """The open call of the framework, which can be cancelled after the consumer has left."""

    def __init__(self) -> None:
        self._asking: asyncio.Task[Any] | None = None
        self._over = asyncio.Event()

    async def of(self, work: Awaitable[Any]) -> Any:
        self._asking = asyncio.current_task()
        self._over.clear()
        try:
            return await work
        finally:
            self._asking = None
            self._over.set()

    async def end(self) -> None:
        """Cancels the open call and waits until it has ended."""
        if self._asking is not None:
            self._asking.cancel()
            await self._over.wait()


class Stream:
    """The updates of a `ResponseStream`. Each pull is one pull of that stream, so no task or context stays open between pulls."""

    def __init__(self, make: Callable[[], Any], update: Callable[[Any], dict[str, Any]]) -> None:
        self._make = make
        self._update = update
        self._stream: Any = None
        self._error: Exception | None = None
        self.work = Work()

    def begin(self) -> None:
        """Creates the stream now. If that raises, the run fails with the same error."""
        try:
            self._made()
        except Exception as error:
            self._error = error

    def _made(self) -> Any:
        if self._error is not None:
            raise self._error
        if self._stream is None:
            self._stream = self._make()
        return self._stream

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        return self

    async def __anext__(self) -> dict[str, Any]:
        try:
            return self._update(await self.work.of(self._made().__anext__()))
        except StopAsyncIteration:
            raise
        except Exception as error:
            self._error = error
            raise

    async def aclose(self) -> None:
        """Closes the stream early, in releases that have `ResponseStream.close`."""
        close = getattr(self._stream, "close", None)
        if close is not None:
            await close()

    async def final(self) -> Any:
        return await self.work.of(self._made().get_final_response())


class AgentRun:
    """A run of one agent."""

    def __init__(self, world: World, agent: Agent, session: Session, request: RunRequest) -> None:
        self._agent = agent
        self._session = session
        self._message = said_by_user(request.input, request.run, request.adds)
        self._run = request.run
        self._response: AgentResponse | None = None
        self._streamed = request.stream
        self.updates = Updates(
            session, lambda: hook_stream(self._call(True), world, request.run, agent.name), update_of
        )
        # The stream is created in the task that starts the run, unless the session must ask the service first.
        if request.stream and not session.opens:
            self.updates.begin()

    def _call(self, stream: bool) -> Any:
        messages, options = self._session.next(self._message)
        return self._agent.run(messages, stream=stream, **options, **invocation(self._run))

    async def outcome(self) -> dict[str, Any]:
        try:
            await self._session.open()
            if self._streamed:
                response = await self.updates.final()
            else:
                response = self._response or await self.updates.work.of(self._call(False))
        except Exception as error:
            return failed(error)
        if self._response is None:
            self._response = response
            self._session.keep(self._message, response)
        return told([response], self._agent.name, [self._message, *response.messages])

    async def close(self) -> None:
        await self.updates.work.end()
        await self.updates.aclose()


class Updates(Stream):
    def __init__(self, session: Session, make: Callable[[], Any], update: Callable[[Any], dict[str, Any]]) -> None:
        super().__init__(make, update)
        self._session = session

    async def __anext__(self) -> dict[str, Any]:
        if self._session.opens:
            await self._session.open()
        return await super().__anext__()

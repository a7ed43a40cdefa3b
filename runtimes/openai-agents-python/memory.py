"""The memory of one conversation, kept between runs as a user of the SDK would."""

from __future__ import annotations

from typing import Any, Protocol

from agents import SQLiteSession
from agents.result import RunResultBase


class Memory(Protocol):
    async def next(self, say: str) -> tuple[Any, dict[str, Any]]:
        """Returns the input and options of the next run."""
        ...

    def keep(self, result: RunResultBase) -> None:
        """Called after a completed run only. A failed or stopped run does not change the memory."""
        ...


class History:
    def __init__(self, _: Any) -> None:
        self._items: list[Any] = []

    async def next(self, say: str) -> tuple[Any, dict[str, Any]]:
        return [*self._items, {"role": "user", "content": say}], {}

    def keep(self, result: RunResultBase) -> None:
        self._items = result.to_input_list()


class PreviousResponse:
    def __init__(self, _: Any) -> None:
        self._id: str | None = None

    async def next(self, say: str) -> tuple[Any, dict[str, Any]]:
        return say, {"previous_response_id": self._id}

    def keep(self, result: RunResultBase) -> None:
        self._id = result.last_response_id


class ConversationObject:
    def __init__(self, client: Any) -> None:
        self._client = client
        self._id: str | None = None

    async def next(self, say: str) -> tuple[Any, dict[str, Any]]:
        if self._id is None:
            self._id = (await self._client.conversations.create()).id
        return say, {"conversation_id": self._id}

    def keep(self, result: RunResultBase) -> None:
        pass


class RuntimeDefault:
    def __init__(self, _: Any) -> None:
        self._session = SQLiteSession("conversation")

    async def next(self, say: str) -> tuple[Any, dict[str, Any]]:
        return say, {"session": self._session}

    def keep(self, result: RunResultBase) -> None:
        pass


MEMORIES = {
    "history": History,
    "previous-response": PreviousResponse,
    "conversation-object": ConversationObject,
    "runtime-default": RuntimeDefault,
}


def open_memory(session: str, client: Any) -> Memory:
    return MEMORIES[session](client)

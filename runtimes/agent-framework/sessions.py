"""The ways in which a user of the framework carries a conversation with one agent from run to run."""

from __future__ import annotations

from typing import Any, Protocol

from agent_framework import AgentResponse, Message


class Session(Protocol):
    opens: bool
    """Whether `open` must be awaited before the next run."""

    async def open(self) -> None: ...

    def next(self, message: Message) -> tuple[list[Message], dict[str, Any]]:
        """Returns the messages and options of the next run."""
        ...

    def keep(self, message: Message, response: AgentResponse) -> None:
        """Called after a completed run only. A failed or stopped run does not change the session."""
        ...


class Kept:
    opens = False

    def __init__(self, client: Any, agent: Any) -> None:
        self._client = client

    async def open(self) -> None:
        pass

    def keep(self, message: Message, response: AgentResponse) -> None:
        pass


class History(Kept):
    """All messages, kept by the user."""

    def __init__(self, client: Any, agent: Any) -> None:
        self._messages: list[Message] = []

    def next(self, message: Message) -> tuple[list[Message], dict[str, Any]]:
        return [*self._messages, message], {}

    def keep(self, message: Message, response: AgentResponse) -> None:
        self._messages = [*self._messages, message, *response.messages]


class PreviousResponse(Kept):
    """The option `conversation_id`, with the id of the last response."""

    def __init__(self, client: Any, agent: Any) -> None:
        self._id: str | None = None

    def next(self, message: Message) -> tuple[list[Message], dict[str, Any]]:
        return [message], {} if self._id is None else {"options": {"conversation_id": self._id}}

    def keep(self, message: Message, response: AgentResponse) -> None:
        self._id = response.response_id


class ConversationObject(Kept):
    """The option `conversation_id`, with the id of a conversation object."""

    opens = True

    async def open(self) -> None:
        if self.opens:
            self._id = (await self._client.conversations.create()).id
            self.opens = False

    def next(self, message: Message) -> tuple[list[Message], dict[str, Any]]:
        return [message], {"options": {"conversation_id": self._id}}


class RuntimeDefault(Kept):
    """The framework's own session."""

    def __init__(self, client: Any, agent: Any) -> None:
        self._session = agent.create_session()

    def next(self, message: Message) -> tuple[list[Message], dict[str, Any]]:
        return [message], {"session": self._session}


SESSIONS = {
    "history": History,
    "previous-response": PreviousResponse,
    "conversation-object": ConversationObject,
    "runtime-default": RuntimeDefault,
}


def open_session(kind: str, client: Any, agent: Any) -> Session:
    return SESSIONS[kind](client, agent)

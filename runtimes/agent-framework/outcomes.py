"""Converts the framework's responses and updates to those of the harness."""

from __future__ import annotations

from typing import Any

from agent_framework import AgentResponse, Message
from conformance_driver import error_shape

CUT_SHORT = ("length", "content_filter")
"""The framework's finish reasons of an incomplete answer."""


def failed(error: BaseException) -> dict[str, Any]:
    return {"status": "failed", "text": "", "error": error_shape(error)}


def told(responses: list[AgentResponse], agent: str | None, said: list[Message]) -> dict[str, Any]:
    """Returns the outcome of a run from its responses. `agent` gave the last response. `said` is the transcript."""
    answers = [message for response in responses for message in response.messages if message.role == "assistant"]
    cut_short = bool(responses) and reason_of(responses[-1]) in CUT_SHORT
    return {
        "status": "incomplete" if cut_short else "completed",
        "text": answers[-1].text if answers else "",
        **({} if agent is None else {"agent": agent}),
        "usage": usage_of(responses),
        "transcript": [
            {"author": message.author_name or message.role, "text": message.text} for message in said if message.text
        ],
    }


def reason_of(response: AgentResponse) -> str | None:
    """Returns the finish reason of a response. In older releases only the raw parts of a response have it."""
    made_of = response.raw_representation
    for one in [response, *reversed(made_of if isinstance(made_of, list) else [made_of])]:
        for part in (one, getattr(one, "raw_representation", None)):
            reason = getattr(part, "finish_reason", None)
            if isinstance(reason, str):
                return reason
    return None


def usage_of(responses: list[AgentResponse]) -> dict[str, int]:
    def count(name: str) -> int:
        return sum((response.usage_details or {}).get(name) or 0 for response in responses)

    return {"input": count("input_token_count"), "output": count("output_token_count")}


def update_of(update: Any) -> dict[str, Any]:
    """Converts an `AgentResponseUpdate`. Delivers `update.text`, which the documentation of `Agent.run` prints for each update."""
    if update.text:
        return {"kind": "text", "text": update.text}
    kinds = [content.type for content in update.contents]
    return {"kind": "other", "type": kinds[0] if kinds else "empty"}

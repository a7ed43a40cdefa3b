"""Reports the SDK's traces and spans, with GenAI names where the conventions have one."""

from __future__ import annotations

import json
from typing import Any

from agents.tracing import Span, Trace, TracingProcessor
from conformance_driver import World


class TraceProcessor(TracingProcessor):
    def __init__(self, world: World) -> None:
        self._world = world

    def on_trace_start(self, trace: Trace) -> None:
        self._world.span_start(trace.trace_id, f"trace {trace.name}")

    def on_trace_end(self, trace: Trace) -> None:
        self._world.span_end(trace.trace_id, f"trace {trace.name}", {})

    def on_span_start(self, span: Span[Any]) -> None:
        self._world.span_start(span.span_id, name_of(span.span_data), span.parent_id or span.trace_id)

    def on_span_end(self, span: Span[Any]) -> None:
        error = span.error
        attributes = {**(span.span_data.export() or {}), **conventional(span.span_data)}
        if error is not None and error.get("data"):
            attributes["error.data"] = error["data"]
        self._world.span_end(
            span.span_id, name_of(span.span_data), attributes, None if error is None else error["message"]
        )

    def shutdown(self) -> None:
        pass

    def force_flush(self) -> None:
        pass


def name_of(data: Any) -> str:
    if data.type == "agent":
        return f"invoke_agent {data.name}"
    if data.type == "function":
        return f"execute_tool {data.name}"
    return "chat" if data.type in ("response", "generation") else data.type


def conventional(data: Any) -> dict[str, Any]:
    """Returns the GenAI attributes in the data of a span. The span also has all data under the SDK's own names."""
    given: dict[str, Any] = {}
    if data.type == "agent":
        given = {"gen_ai.agent.name": data.name}
    elif data.type == "function":
        given = {
            "gen_ai.tool.name": data.name,
            "gen_ai.tool.call.arguments": data.input,
            "gen_ai.tool.call.result": data.output,
        }
    elif data.type == "response":
        response = data.response
        # Older releases have no usage beside the one of the response.
        usage = getattr(response, "usage", None) or getattr(data, "usage", None)
        given = {
            "gen_ai.response.id": data.export().get("response_id"),
            "gen_ai.input.messages": None if data.input is None else json.loads(json.dumps(data.input, default=plain)),
            "gen_ai.output.messages": None if response is None else [plain(item) for item in response.output],
            **usage_of(usage),
        }
    elif data.type == "generation":
        given = {
            "gen_ai.input.messages": data.input,
            "gen_ai.output.messages": data.output,
            **usage_of(data.usage),
        }
    return {name: value for name, value in given.items() if value not in (None, "")}


def usage_of(usage: Any) -> dict[str, Any]:
    read = usage.get if isinstance(usage, dict) else lambda name: getattr(usage, name, None)
    return {
        "gen_ai.usage.input_tokens": read("input_tokens"),
        "gen_ai.usage.output_tokens": read("output_tokens"),
    }


def plain(value: Any) -> Any:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)

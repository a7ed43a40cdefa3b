"""A tiny server that answers like the OpenAI Responses API, for the scripts `runtimes/NAME/known/*.repro.py`.

It uses only Python's standard library, and nothing of this project.
"""

from __future__ import annotations

import itertools
import json
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

NUMBERS = itertools.count(1)

SILENCE = "silence"
"""An answer that never comes."""
NO_CONNECTION = "no connection"
"""The server closes the connection without an answer."""


def text(value: str) -> dict[str, Any]:
    part = {"type": "output_text", "text": value, "annotations": []}
    return {"type": "message", "id": f"msg_{next(NUMBERS)}", "role": "assistant", "status": "completed", "content": [part]}


def call(name: str, **arguments: Any) -> dict[str, Any]:
    number = next(NUMBERS)
    return {
        **{"type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}", "status": "completed"},
        **{"name": name, "arguments": json.dumps(arguments)},
    }


def response(*output: dict[str, Any], status: str = "completed", error: str | None = None) -> dict[str, Any]:
    """Returns a response object. With `error`, the response failed with this code."""
    return {
        **{"id": f"resp_{next(NUMBERS)}", "object": "response", "created_at": 1_700_000_000, "model": "gpt-5.1"},
        **{"status": "failed" if error else status, "output": list(output), "incomplete_details": None},
        **{"error": {"code": error, "message": f"The response failed: {error}."} if error else None},
        **{"parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "metadata": {}},
        "usage": {
            **{"input_tokens": 1, "input_tokens_details": {"cached_tokens": 0}, "total_tokens": 2},
            **{"output_tokens": 1, "output_tokens_details": {"reasoning_tokens": 0}},
        },
    }


def stream(whole: dict[str, Any], until: str | None = None) -> list[dict[str, Any]]:
    """Returns the events that stream a response. With `until`, the stream ends after the first event of this type."""
    begun = {**whole, "status": "in_progress", "output": [], "usage": None, "error": None}
    events: list[dict[str, Any]] = [{"type": f"response.{name}", "response": begun} for name in ("created", "in_progress")]
    for index, item in enumerate(whole["output"]):
        place = {"output_index": index, "item_id": item["id"]}
        empty = {"content": []} if item["type"] == "message" else {"arguments": ""}
        events.append({"type": "response.output_item.added", **place, "item": {**item, **empty, "status": "in_progress"}})
        if item["type"] == "message":
            part, value = item["content"][0], item["content"][0]["text"]
            inside = {**place, "content_index": 0}
            events += [
                {"type": "response.content_part.added", **inside, "part": {**part, "text": ""}},
                {"type": "response.output_text.delta", **inside, "delta": value[:4], "logprobs": []},
                {"type": "response.output_text.delta", **inside, "delta": value[4:], "logprobs": []},
                {"type": "response.output_text.done", **inside, "text": value, "logprobs": []},
                {"type": "response.content_part.done", **inside, "part": part},
            ]
        else:
            value = item["arguments"]
            events += [
                {"type": "response.function_call_arguments.delta", **place, "delta": value},
                {"type": "response.function_call_arguments.done", **place, "name": item["name"], "arguments": value},
            ]
        events.append({"type": "response.output_item.done", **place, "item": item})
    events.append({"type": f"response.{whole['status']}", "response": whole})
    types = [event["type"] for event in events]
    events = events if until is None else events[: types.index(until) + 1]
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def refusal(status: int, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"message": message, "type": "invalid_request_error", "param": "input", "code": None}}


class Server:
    """Answers `POST /responses` and `POST /chat/completions` on 127.0.0.1 with the given answers in order. `requests`
    has the bodies of the requests.

    An answer is a response (sent as JSON), a list of events (sent as a stream, which stays open if the list ends with
    `SILENCE`), a `refusal`, `SILENCE`, `NO_CONNECTION`, or a function that returns one of these for the body of a request.
    """

    def __init__(self, *answers: Any) -> None:
        self.requests: list[dict[str, Any]] = []
        self._answers = list(answers)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if not self.path.endswith(("/responses", "/chat/completions")):
                    return self._send(200, json.dumps({"id": "conv_1", "object": "conversation", "created_at": 0}))
                server.requests.append(body)
                answer: Any = server._answers.pop(0)
                answer = answer(body) if isinstance(answer, Callable) else answer
                if answer == SILENCE:
                    threading.Event().wait()
                elif answer == NO_CONNECTION:
                    self.close_connection = True
                elif isinstance(answer, tuple):
                    self._send(answer[0], json.dumps(answer[1]))
                elif isinstance(answer, dict):
                    self._send(200, json.dumps(answer))
                else:
                    events = [one for one in answer if one != SILENCE]
                    # Only events of the Responses API have a type. Chunks of chat completions have none.
                    types = [f"event: {one['type']}\n" if "type" in one else "" for one in events]
                    frames = [f"{type}data: {json.dumps(one)}\n\n" for type, one in zip(types, events, strict=True)]
                    self._send(200, "".join(frames), "text/event-stream")
                    if len(events) < len(answer):
                        threading.Event().wait()

            def _send(self, status: int, content: str, kind: str = "application/json") -> None:
                self.send_response(status)
                self.send_header("content-type", kind)
                self.end_headers()
                self.wfile.write(content.encode())

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


def conclude(violation: str, expected: str, found: str, is_there: bool) -> None:
    """Prints what was expected and what was found, and ends the script: with 1 if the violation is there, else with 0."""
    print(f"expected: {expected}")
    print(f"found:    {found}")
    print(f"VIOLATION: {violation}" if is_there else "Not violated.")
    sys.exit(1 if is_there else 0)

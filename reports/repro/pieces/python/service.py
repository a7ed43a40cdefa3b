import asyncio
import base64
import http.server
import json
import os
import socket
import threading
import time

PATIENCE = 10.0
"""Seconds to wait for an event to be next."""

def hide_places(value):
    """Replaces the folders of this machine, because some runtimes send them to the model."""
    text = json.dumps(value).replace(os.environ["HOME"], "{home}")
    return json.loads(text.replace(os.getcwd(), "{cwd}") if len(os.getcwd()) > 1 else text)


END = b"0\r\n\r\n"
"""The end of a body in chunks."""


class Order:
    """Controls the order of events. A number is the head, a piece or the end of that answer; a text names another event."""

    def __init__(self, sequence, idle):
        self._idle = idle
        self._sequence = list(sequence)
        self._changed = threading.Condition()
        # True if this run has taken another course than the recorded one. Then nothing waits any more.
        self._lost = False

    def is_next(self, what):
        """Returns whether an event may happen now."""
        return self._lost or not self._sequence or self._sequence[0] == what

    def advance(self, what):
        """Removes an event and all events before it from the sequence."""
        with self._changed:
            if what in self._sequence:
                del self._sequence[: self._sequence.index(what) + 1]
            self._changed.notify_all()

    def wait_for_turn(self, what, at_once=False):
        """Blocks until an event is next, and advances. `at_once`: does not wait for the process to be idle."""
        with self._changed:
            self._lost = not self._changed.wait_for(lambda: self.is_next(what), PATIENCE) or self._lost
        if not at_once:
            self._idle.wait()
        self.advance(what)

    async def wait_async(self, what):
        """Waits in the event loop until an event is next, and advances."""
        until = time.monotonic() + PATIENCE
        while not self.is_next(what) and time.monotonic() < until:
            await asyncio.sleep(0.005)
        await self._idle.wait_async()
        self.advance(what)

    def next_tool(self, name):
        """Returns the run of the next result of a tool."""
        left = [one.split(" ", 2) for one in self._sequence if isinstance(one, str) and one.startswith("tool ")]
        return next((run for _, run, tool in left if tool == name), "c0.t0")

    def remove(self, what):
        """Removes all events of an answer whose client has disconnected."""
        with self._changed:
            self._sequence = [one for one in self._sequence if one != what]
            self._changed.notify_all()


def summarize_request(body):
    """Returns the compared part of a request body. Instructions are left out, because some runtimes describe their machine there."""
    before = first_of(body, "previous_response_id", "conversation")
    items = first_of(body, "input", "messages")
    if isinstance(items, str):
        items = [{"role": "user", "content": items}]
    return {
        "from": before if isinstance(before, str) else json.dumps(before, separators=(",", ":")),
        "input": [summarize_item(item) for item in items if item.get("role") not in ("system", "developer")],
    }


def summarize_item(item):
    """Returns an item as one line of text."""
    held = first_of(item, "content", "output")
    parts = held if isinstance(held, list) else [{"text": held}]
    text = "".join(first_of(part, "text") for part in parts)
    kind = first_of(item, "role") or item.get("type", "message")
    words = [kind, first_of(item, "name"), first_of(item, "call_id", "tool_call_id"), text]
    return " ".join(word for word in words if word != "")


def first_of(given, *names):
    """Returns the first value that is present under one of the names, or an empty text."""
    return next((given[name] for name in names if given.get(name) is not None), "")


class Service:
    """Serves the recorded answers on 127.0.0.1. Each goes to the request that equals its recorded request."""

    def __init__(self, answers, order):
        self._answers = answers
        self._order = order
        self._lock = threading.Lock()
        self._left = list(range(len(answers)))
        self._asked = {}
        self._over = threading.Event()
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                service._answer(self)

            do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = answer

            def log_message(self, *_):
                """Logs nothing."""

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """Ignores clients that disconnect."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True, name="asyncio_service").start()

    def requests(self):
        """Returns the requests in the order of their answers, then the requests without an answer."""
        return [asked for _, asked in sorted(self._asked.items()) if asked is not None]

    def close(self):
        self._over.set()
        self._server.shutdown()

    def _answer(self, client):
        body = client.rfile.read(int(client.headers.get("content-length") or 0))
        asks = client.command == "POST" and client.path.rstrip("/").endswith(("/responses", "/chat/completions"))
        asked = hide_places(summarize_request(json.loads(body))) if asks else None
        number = self._number_for(client.command, client.path, asked)
        client.close_connection = True
        try:
            if number is None:
                self._refuse(client)
            else:
                self._send(client, number, self._answers[number])
        except OSError:
            self._order.remove(number)

    def _number_for(self, method, path, asked):
        def fits(number):
            answer = self._answers[number]
            return (answer["method"], answer["path"], answer["asked"]) == (method, path, asked)

        with self._lock:
            number = next((one for one in self._left if fits(one)), self._left[0] if self._left else None)
            if number is not None:
                self._left.remove(number)
            self._asked[len(self._answers) + len(self._asked) if number is None else number] = asked
        return number

    def _refuse(self, client):
        body = b'{"error":{"message":"one request too many"}}'
        client.send_response_only(400)
        client.send_header("content-type", "application/json")
        client.send_header("content-length", str(len(body)))
        client.end_headers()
        client.wfile.write(body)

    def _send(self, client, number, answer):
        self._order.wait_for_turn(number)
        if "status" not in answer:
            return client.connection.shutdown(socket.SHUT_RDWR)
        client.send_response_only(answer["status"])
        for name, value in answer["headers"].items():
            client.send_header(name, value)
        client.send_header("transfer-encoding", "chunked")
        client.end_headers()
        pieces = [one.encode() if isinstance(one, str) else base64.b64decode(one["base64"]) for one in answer["pieces"]]
        for place, data in enumerate(pieces, 1):
            self._order.wait_for_turn(number)
            chunk = b"%x\r\n%s\r\n" % (len(data), data)
            if place == len(pieces) and answer["end"] == "done" and self._order.is_next(number):
                # The last event and the end were sent together, so they are sent together again.
                self._order.advance(number)
                return client.wfile.write(chunk + END)
            client.wfile.write(chunk)
        if answer["end"] == "open":
            self._over.wait()
            return None
        self._order.wait_for_turn(number, at_once=True)
        if answer["end"] == "done":
            return client.wfile.write(END)
        return client.connection.shutdown(socket.SHUT_RDWR)

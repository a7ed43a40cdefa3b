import asyncio
import base64
import http.server
import json
import os
import socket
import threading
import time

PATIENCE = 10.0
"""Seconds after which a turn that does not come is not waited for."""

def placeless(value):
    """Without where it was: some runtimes tell their model."""
    text = json.dumps(value).replace(os.environ["HOME"], "{home}")
    return json.loads(text.replace(os.getcwd(), "{cwd}") if len(os.getcwd()) > 1 else text)


END = b"0\r\n\r\n"
"""The end of a body that is sent in chunks."""


class Order:
    """Whose turn it is: an answer's number, for its head, each piece and its end, or the name of something else that happens."""

    def __init__(self, sequence, calm):
        self._calm = calm
        self._sequence = list(sequence)
        self._changed = threading.Condition()
        # Things go another way than they did: then nobody waits any more.
        self._lost = False

    def is_due(self, what):
        return self._lost or not self._sequence or self._sequence[0] == what

    def take(self, what):
        with self._changed:
            if what in self._sequence:
                del self._sequence[: self._sequence.index(what) + 1]
            self._changed.notify_all()

    def turn_of(self, what, at_once=False):
        """Waits for a turn, and takes it."""
        with self._changed:
            self._lost = not self._changed.wait_for(lambda: self.is_due(what), PATIENCE) or self._lost
        if not at_once:
            self._calm.wait()
        self.take(what)

    async def comes(self, what):
        """The same, for an event loop."""
        until = time.monotonic() + PATIENCE
        while not self.is_due(what) and time.monotonic() < until:
            await asyncio.sleep(0.005)
        await self._calm.comes()
        self.take(what)

    def next_tool(self, name):
        """The run of the next result of a tool."""
        left = [one.split(" ", 2) for one in self._sequence if isinstance(one, str) and one.startswith("tool ")]
        return next((run for _, run, tool in left if tool == name), "c0.t0")

    def without(self, what):
        """Whose client has gone has no more turns."""
        with self._changed:
            self._sequence = [one for one in self._sequence if one != what]
            self._changed.notify_all()


def asked_for(body):
    """What a request's body asks for, without the instructions, in which some runtimes tell of the machine that they run on."""
    before = first_of(body, "previous_response_id", "conversation")
    items = first_of(body, "input", "messages")
    if isinstance(items, str):
        items = [{"role": "user", "content": items}]
    return {
        "from": before if isinstance(before, str) else json.dumps(before, separators=(",", ":")),
        "input": [in_words(item) for item in items if item.get("role") not in ("system", "developer")],
    }


def in_words(item):
    held = first_of(item, "content", "output")
    parts = held if isinstance(held, list) else [{"text": held}]
    text = "".join(first_of(part, "text") for part in parts)
    kind = first_of(item, "role") or item.get("type", "message")
    words = [kind, first_of(item, "name"), first_of(item, "call_id", "tool_call_id"), text]
    return " ".join(word for word in words if word != "")


def first_of(given, *names):
    return next((given[name] for name in names if given.get(name) is not None), "")


class Service:
    """Serves the answers on loopback, each to the request that asks for what it was the answer to."""

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
                """Nothing is logged."""

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """A client that went away is no error."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True, name="asyncio_service").start()

    def requests(self):
        """What was asked for: in the order of the answers, then what had none."""
        return [asked for _, asked in sorted(self._asked.items()) if asked is not None]

    def close(self):
        self._over.set()
        self._server.shutdown()

    def _answer(self, client):
        body = client.rfile.read(int(client.headers.get("content-length") or 0))
        asks = client.command == "POST" and client.path.rstrip("/").endswith(("/responses", "/chat/completions"))
        asked = placeless(asked_for(json.loads(body))) if asks else None
        number = self._number_for(client.command, client.path, asked)
        client.close_connection = True
        try:
            if number is None:
                self._refuse(client)
            else:
                self._send(client, number, self._answers[number])
        except OSError:
            self._order.without(number)

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
        self._order.turn_of(number)
        if "status" not in answer:
            return client.connection.shutdown(socket.SHUT_RDWR)
        client.send_response_only(answer["status"])
        for name, value in answer["headers"].items():
            client.send_header(name, value)
        client.send_header("transfer-encoding", "chunked")
        client.end_headers()
        pieces = [one.encode() if isinstance(one, str) else base64.b64decode(one["base64"]) for one in answer["pieces"]]
        for place, data in enumerate(pieces, 1):
            self._order.turn_of(number)
            chunk = b"%x\r\n%s\r\n" % (len(data), data)
            if place == len(pieces) and answer["end"] == "done" and self._order.is_due(number):
                # What was sent at once arrives at once: an event, and the end after it.
                self._order.take(number)
                return client.wfile.write(chunk + END)
            client.wfile.write(chunk)
        if answer["end"] == "open":
            self._over.wait()
            return None
        self._order.turn_of(number, at_once=True)
        if answer["end"] == "done":
            return client.wfile.write(END)
        return client.connection.shutdown(socket.SHUT_RDWR)

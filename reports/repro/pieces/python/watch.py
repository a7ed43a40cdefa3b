import json
import os
import re
import sys
import threading

DRAWN = re.compile(
    r"\b(0x[0-9a-f]{6,16}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|127\.0\.0\.1:\d+|\d+(\.\d+)? ?m?s)\b"
)
"""Addresses, ids, and how long something took, which are others each time."""


class Watch:
    """Hears what the driver tells of its runtime, and keeps what is seen of it from outside."""

    def __init__(self):
        self._lock = threading.RLock()
        self.outcomes = {}
        self.updates = {}
        self.hooks = {}
        self.stderr = False
        self.taken = {}
        self.ended = set()
        self.faults = []
        self._spans = {}
        # Told of the calls of tools, which somebody has to answer.
        self.on_tool_call = None

    def send(self, type, **told):
        """In the place of the driver's way to the harness. From any thread."""
        hear = getattr(self, f"_{type.replace('.', '_')}", None)
        if hear is not None:
            with self._lock:
                hear(told)

    def begins(self, run):
        self.updates[run] = ""
        self.hooks[run] = []
        self.taken[run] = 0

    def _update(self, told):
        run, update = told["run"], told["update"]
        if update["kind"] == "text":
            self.updates[run] += update["text"]
        self.taken[run] += 1

    def _end(self, told):
        self.ended.add(told["run"])

    def _outcome(self, told):
        outcome = told["outcome"]
        error, usage = outcome.get("error"), outcome.get("usage")
        text = outcome["text"] if error is None else error["message"]
        self.outcomes[told["run"]] = f"{outcome['status']}: {text}" + (
            "" if usage is None else f" [{usage['input']} + {usage['output']} tokens]"
        )

    def _hook(self, told):
        if told["run"] in self.hooks:
            self.hooks[told["run"]].append(told["name"])

    def _span_start(self, told):
        self._spans.setdefault(told["span"], {"fate": "open", "attributes": {}, **told})

    def _span_end(self, told):
        span = self._spans.get(told["span"])
        if span is not None and span["fate"] == "open":
            span["fate"] = "failed" if told["status"] == "ERROR" else "ended"
            span["attributes"] = told["attributes"]

    def _tool_call(self, told):
        if self.on_tool_call is not None:
            self.on_tool_call(told)

    def _log(self, told):
        self.stderr = self.stderr or told["what"] == "stderr"

    def _error(self, told):
        self.faults.append(told["message"])

    def all(self, requests):
        """In the form in which the harness wrote down what it saw."""
        spans = self._spans.values()
        return {
            "outcomes": self.outcomes,
            # How much came of a run before its consumer dropped it hangs on the moment.
            "updates": {run: text for run, text in self.updates.items() if run in self.outcomes},
            "hooks": self.hooks,
            "requests": requests,
            "spans": sorted(self._of_span(one) for one in spans),
            "holding": sorted(one["name"] for one in spans if is_text(one["attributes"])),
            "stderr": self.stderr,
        }

    def _of_span(self, span):
        above = self._spans.get(span.get("parent"))
        tokens = [span["attributes"].get(f"gen_ai.usage.{side}_tokens") for side in ("input", "output")]
        return (
            f"{span['name']} {span['fate']}"
            + ("" if tokens[0] is None else f" [{tokens[0]} + {tokens[1]} tokens]")
            + ("" if above is None else f" below {above['name']}")
        )


def is_text(attributes):
    """Whether a text of a conversation stands in it: each is marked."""
    return re.search(r"canary-\d+\.\d+\.\d+-", json.dumps(attributes, default=str)) is not None


def conclude(seen, harness, violation):
    """Says whether what was seen is what the harness saw, and ends with 1 where it is: then the violation is shown."""

    def say(text):
        print(text.encode("ascii", "backslashreplace").decode(), file=sys.__stdout__)

    def fixed(value):
        return DRAWN.sub("...", json.dumps(placeless(value), sort_keys=True))

    for kind, value in seen.items():
        say(f"{kind}: {json.dumps(value, indent=2)}")
    others = [kind for kind in harness if fixed(seen[kind]) != fixed(harness[kind])]
    for kind in others:
        say(f"\n{kind}: the harness saw {json.dumps(harness[kind], indent=2)}")
    if others:
        say(f"\nNot as the harness saw it ({', '.join(others)}): the violation is not shown.")
    else:
        say(f"\nVIOLATED, as the harness saw it: {violation}")
    sys.__stdout__.flush()
    # What a runtime has left open must not keep the process.
    os._exit(0 if others else 1)

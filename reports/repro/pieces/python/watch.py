import json
import os
import re
import sys
import threading

VARYING = re.compile(
    r"\b(0x[0-9a-f]{6,16}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|127\.0\.0\.1:\d+|\d+(\.\d+)? ?m?s)\b"
)
"""Addresses, ids and durations, which differ in each run."""


class Watch:
    """Receives the messages of the driver, and records what is observed from outside."""

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
        # Called for each tool call.
        self.on_tool_call = None

    def send(self, type, **told):
        """Receives a message of the driver. Replaces the connection to the harness; callable from any thread."""
        hear = getattr(self, f"_{type.replace('.', '_')}", None)
        if hear is not None:
            with self._lock:
                hear(told)

    def begin_run(self, run):
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

    def collect(self, requests):
        """Returns what was observed, in the same form as the harness."""
        spans = self._spans.values()
        return {
            "outcomes": self.outcomes,
            # A dropped run may have delivered any number of updates, so these are left out.
            "updates": {run: text for run, text in self.updates.items() if run in self.outcomes},
            "hooks": self.hooks,
            "requests": requests,
            "spans": sorted(self._describe_span(one) for one in spans),
            "holding": sorted(one["name"] for one in spans if has_text(one["attributes"])),
            "stderr": self.stderr,
        }

    def _describe_span(self, span):
        above = self._spans.get(span.get("parent"))
        tokens = [span["attributes"].get(f"gen_ai.usage.{side}_tokens") for side in ("input", "output")]
        return (
            f"{span['name']} {span['fate']}"
            + ("" if tokens[0] is None else f" [{tokens[0]} + {tokens[1]} tokens]")
            + ("" if above is None else f" below {above['name']}")
        )


def has_text(attributes):
    """Returns whether the attributes contain a text of a conversation. Each such text has a canary token."""
    return re.search(r"canary-\d+\.\d+\.\d+-", json.dumps(attributes, default=str)) is not None


def conclude(seen, harness, violation):
    """Prints whether this run matches the harness. Ends the process with 1 if it does, because the violation then occurred."""

    def say(text):
        print(text.encode("ascii", "backslashreplace").decode(), file=sys.__stdout__)

    def normalize(value):
        return VARYING.sub("...", json.dumps(hide_places(value), sort_keys=True))

    for kind, value in seen.items():
        say(f"{kind}: {json.dumps(value, indent=2)}")
    others = [kind for kind in harness if normalize(seen[kind]) != normalize(harness[kind])]
    for kind in others:
        say(f"\n{kind}: the harness observed {json.dumps(harness[kind], indent=2)}")
    if others:
        say(f"\nNOT VIOLATED: this run differs from the harness in {', '.join(others)}.")
    else:
        say(f"\nVIOLATED, as in the harness: {violation}")
    sys.__stdout__.flush()
    # Resources that the runtime left open must not keep the process running.
    os._exit(0 if others else 1)

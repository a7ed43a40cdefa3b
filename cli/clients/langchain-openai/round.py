"""A round of LangChain's chat model for OpenAI against the simulated service. Prints one line of JSON for each part."""

import json
import sys

from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openai import APIStatusError, OpenAI
from pydantic import BaseModel

settings = {"base_url": sys.argv[1], "api_key": "any", "max_retries": 2, "model": "gpt-5.1"}
model = ChatOpenAI(use_responses_api=True, output_version="responses/v1", **settings)
client = OpenAI(base_url=sys.argv[1], api_key="any")


class Place(BaseModel):
    name: str
    degrees: int


class Report(BaseModel):
    best: Place
    others: list[Place]


@tool
def look(place: str) -> str:
    """Looks at the weather of a place."""
    return "sunny"


def bring(*items, **more):
    """Returns the header that brings the answer of a request."""
    return {"extra_headers": {"x-conformance-answer": json.dumps({"items": list(items), **more})}}


def text(value):
    return {"type": "text", "text": value}


def tell(part, **found):
    print(json.dumps({"part": part, **found}))


def create():
    answer = model.invoke("hi", **bring(text("Hello.")))
    tell("create", text=answer.text, status=answer.response_metadata["status"])


def stream():
    pieces = [chunk.text for chunk in model.stream("hi", **bring(text("Hello there.")))]
    tell("stream", text="".join(pieces), several=len([piece for piece in pieces if piece]) > 1)


def parse():
    report = model.with_structured_output(Report, method="json_schema", strict=True).invoke("hi")
    tell("parse", parsed=isinstance(report, Report), best=isinstance(report.best, Place))


def call_tool():
    bound = model.bind_tools([look])
    question = HumanMessage("look")
    # Without a script the service calls the function that the request offers, and says a text when it has answered.
    first = bound.invoke([question])
    outputs = [ToolMessage(look.invoke(call["args"]), tool_call_id=call["id"]) for call in first.tool_calls]
    second = bound.invoke([question, first, *outputs])
    tell("tools", calls=[call["name"] for call in first.tool_calls], text=second.text)


def chain():
    chained = ChatOpenAI(use_responses_api=True, use_previous_response_id=True, **settings)
    first = chained.invoke([HumanMessage("one")], **bring(text("First.")))
    second = chained.invoke([HumanMessage("one"), first, HumanMessage("two")], **bring(text("Second.")))
    kept = client.responses.retrieve(second.response_metadata["id"])
    tell("chain", text=second.text, previous=kept.previous_response_id == first.response_metadata["id"])


def conversation():
    held = client.conversations.create()
    model.invoke("one", conversation=held.id, **bring(text("First.")))
    model.invoke("two", conversation=held.id, **bring(text("Second.")))
    tell("conversation", items=len(client.conversations.items.list(held.id).data))


def errors():
    faults = [{"kind": "http", "status": 429}, {"kind": "reset", "at": 0}]
    answer = model.invoke("hi", **bring(text("At last."), faults=faults))
    try:
        model.invoke("no", **bring(text("Never."), faults=[{"kind": "http", "status": 418}]))
        status = None
    except APIStatusError as error:
        status = error.status_code
    tell("errors", text=answer.text, status=status)


for part in (create, stream, parse, call_tool, chain, conversation, errors):
    part()

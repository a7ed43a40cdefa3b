"""A round of the openai client for Python against the simulated service. Prints one line of JSON for each part."""

import json
import sys

from openai import APIStatusError, NotFoundError, OpenAI
from pydantic import BaseModel

base_url = sys.argv[1]
# Every answer is checked against the client's own types.
client = OpenAI(base_url=base_url, api_key="any", max_retries=2, _strict_response_validation=True)
MODEL = "gpt-5.1"


class Place(BaseModel):
    name: str
    degrees: int


class Report(BaseModel):
    best: Place
    others: list[Place]
    next: "Report | None"


def answer(*items, **more):
    """Returns the header that brings the answer of a request."""
    return {"x-conformance-answer": json.dumps({"items": list(items), **more})}


def text(value):
    return {"type": "text", "text": value}


def tell(part, **found):
    print(json.dumps({"part": part, **found}))


def create():
    response = client.responses.create(model=MODEL, input="hi", extra_headers=answer(text("Hello.")))
    tell("create", text=response.output_text, status=response.status)


def stream():
    with client.responses.stream(model=MODEL, input="hi", extra_headers=answer(text("Hello there."))) as events:
        types = [event.type for event in events]
        final = events.get_final_response()
    tell("stream", text=final.output_text, first=types[0], last=types[-1])


def parse():
    response = client.responses.parse(model=MODEL, input="hi", text_format=Report)
    parsed = response.output_parsed
    tell("parse", parsed=isinstance(parsed, Report), best=isinstance(parsed.best, Place))


def call_tool():
    tools = [
        {
            "type": "function",
            "name": "look",
            "strict": True,
            "parameters": {
                "type": "object",
                "properties": {"place": {"type": "string"}},
                "required": ["place"],
                "additionalProperties": False,
            },
        }
    ]
    call = {"type": "call", "tool": "look", "args": {"place": "Oslo"}}
    first = client.responses.create(model=MODEL, input="look", tools=tools, extra_headers=answer(call))
    [item] = [one for one in first.output if one.type == "function_call"]
    output = {"type": "function_call_output", "call_id": item.call_id, "output": "sunny"}
    second = client.responses.create(
        model=MODEL, input=[output], tools=tools, previous_response_id=first.id, extra_headers=answer(text("Sunny."))
    )
    try:
        client.responses.create(model=MODEL, input="more", tools=tools, previous_response_id=first.id)
        refused = None
    except APIStatusError as error:
        refused = error.status_code
    tell("tools", args=item.arguments, text=second.output_text, refused=refused)


def chain():
    first = client.responses.create(model=MODEL, input="one")
    second = client.responses.create(model=MODEL, input="two", previous_response_id=first.id)
    items = client.responses.input_items.list(second.id, order="asc")
    tell("chain", previous=second.previous_response_id == first.id, items=[one.type for one in items])


def converse():
    conversation = client.conversations.create(metadata={"topic": "weather"})
    for said in ("one", "two"):
        client.responses.create(model=MODEL, input=said, conversation=conversation.id)
    items = list(client.conversations.items.list(conversation.id))
    deleted = client.conversations.delete(conversation.id)
    tell("conversation", items=len(items), deleted=deleted.deleted)


def run_in_background():
    stream = client.responses.create(
        model=MODEL, input="hi", background=True, stream=True, extra_headers=answer(text("Hello there, all of you."))
    )
    response_id = last = None
    for event in stream:
        if event.type == "response.created":
            response_id = event.response.id
        last = event.sequence_number
        if last == 4:
            break
    stream.close()
    rest = [event.sequence_number for event in client.responses.retrieve(response_id, stream=True, starting_after=last)]
    polled = client.responses.create(model=MODEL, input="hi", background=True)
    states = [polled.status]
    while states[-1] in ("queued", "in_progress"):
        states.append(client.responses.retrieve(polled.id).status)
    other = client.responses.create(model=MODEL, input="hi", background=True)
    cancelled = client.responses.cancel(other.id)
    tell("background", resumed=rest == list(range(last + 1, rest[-1] + 1)), states=states, cancelled=cancelled.status)


def fail():
    spoiled = answer(text("At last."), faults=[{"kind": "http", "status": 429}, {"kind": "http", "status": 500}])
    response = client.responses.create(model=MODEL, input="again", extra_headers=spoiled)
    try:
        client.responses.retrieve("resp_none")
        code = None
    except NotFoundError as error:
        code = error.status_code
    client.responses.delete(response.id)
    tell("errors", text=response.output_text, missing=code, models=any(one.id == MODEL for one in client.models.list()))


def use_hosted_tools():
    # A web search is left out: recorded streams begin it without the `action` that the client's types ask for.
    tools = [
        {"type": "file_search", "vector_store_ids": ["vs_1"]},
        {"type": "code_interpreter", "container": {"type": "auto"}},
        {"type": "custom", "name": "sql"},
    ]
    items = [
        {"type": "file_search", "queries": ["weather"]},
        {"type": "code_interpreter", "code": "1+1", "logs": "2"},
        {"type": "custom", "tool": "sql", "input": "select 1"},
    ]
    with client.responses.stream(
        model=MODEL,
        input="hi",
        tools=tools,
        include=["code_interpreter_call.outputs"],
        extra_headers=answer(*items),
    ) as events:
        for _ in events:
            pass
        final = events.get_final_response()
    tell("hosted", types=[one.type for one in final.output], logs=final.output[1].outputs[0].logs)


for part in (create, stream, parse, call_tool, chain, converse, run_in_background, fail, use_hosted_tools):
    part()

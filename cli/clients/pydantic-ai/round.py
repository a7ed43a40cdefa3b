"""A round of Pydantic AI against the simulated service. Prints one line of JSON for each part."""

import asyncio
import json
import sys

from openai import AsyncOpenAI
from pydantic import BaseModel
from pydantic_ai import Agent, ModelHTTPError, NativeOutput
from pydantic_ai.models.openai import OpenAIResponsesModel, OpenAIResponsesModelSettings
from pydantic_ai.providers.openai import OpenAIProvider

client = AsyncOpenAI(base_url=sys.argv[1], api_key="any", max_retries=2)
model = OpenAIResponsesModel("gpt-5.1", provider=OpenAIProvider(openai_client=client))


class Place(BaseModel):
    name: str
    degrees: int


class Report(BaseModel):
    best: Place
    others: list[Place]


def bring(*items, **more):
    """Returns settings whose header brings the answer of a request."""
    header = {"x-conformance-answer": json.dumps({"items": list(items), **more})}
    return OpenAIResponsesModelSettings(extra_headers=header)


def text(value):
    return {"type": "text", "text": value}


def tell(part, **found):
    print(json.dumps({"part": part, **found}))


async def create():
    result = await Agent(model).run("hi", model_settings=bring(text("Hello.")))
    tell("create", text=result.output, tokens=result.usage.output_tokens > 0)


async def stream():
    async with Agent(model).run_stream("hi", model_settings=bring(text("Hello there."))) as result:
        pieces = [piece async for piece in result.stream_text(delta=True, debounce_by=None)]
    tell("stream", text="".join(pieces), several=len(pieces) > 1)


async def parse():
    result = await Agent(model, output_type=NativeOutput(Report, strict=True)).run("hi")
    tell("parse", parsed=isinstance(result.output, Report), best=isinstance(result.output.best, Place))


async def call_tool():
    agent = Agent(model)
    asked = []

    @agent.tool_plain
    def look(place: str) -> str:
        asked.append(place)
        return "sunny"

    # Without a script the service calls the function that the request offers, and says a text when it has answered.
    result = await agent.run("look")
    tell("tools", calls=len(asked), text=result.output)


async def chain():
    agent = Agent(model)
    auto = OpenAIResponsesModelSettings(openai_previous_response_id="auto")
    first = await agent.run("one", model_settings={**auto, **bring(text("First."))})
    second = await agent.run(
        "two", message_history=first.all_messages(), model_settings={**auto, **bring(text("Second."))}
    )
    kept = await client.responses.retrieve(second.response.provider_response_id)
    tell("chain", text=second.output, previous=kept.previous_response_id == first.response.provider_response_id)


async def conversation():
    held = await client.conversations.create()
    within = OpenAIResponsesModelSettings(openai_conversation_id=held.id)
    for said in ("First.", "Second."):
        await Agent(model).run("go on", model_settings={**within, **bring(text(said))})
    items = await client.conversations.items.list(held.id)
    tell("conversation", items=len(items.data))


async def socket():
    settings = OpenAIResponsesModelSettings(openai_transport="websocket")
    async with Agent(model).run_stream("hi", model_settings=settings) as result:
        said = await result.get_output()
    tell("websocket", text=said)


async def errors():
    faults = [{"kind": "http", "status": 429}, {"kind": "reset", "at": 0}]
    result = await Agent(model).run("hi", model_settings=bring(text("At last."), faults=faults))
    try:
        await Agent(model).run("no", model_settings=bring(text("Never."), faults=[{"kind": "http", "status": 418}]))
        status = None
    except ModelHTTPError as error:
        status = error.status_code
    tell("errors", text=result.output, status=status)


async def main():
    for part in (create, stream, parse, call_tool, chain, conversation, socket, errors):
        await part()


asyncio.run(main())

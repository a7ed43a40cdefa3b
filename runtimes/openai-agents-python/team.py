"""The team of a plan as the SDK's agents."""

from __future__ import annotations

import json
from typing import Any

from agents import Agent, FunctionTool, ModelSettings
from agents.tool_context import ToolContext
from conformance_driver import World
from pydantic import create_model

MODEL = "gpt-5.1"

FIELDS = {"temperature": "temperature", "top_p": "top_p", "max_output_tokens": "max_tokens"}
"""The fields of `ModelSettings` by the names of the parameters in a request."""


def agents_of(world: World, store: bool) -> dict[str, Agent[str]]:
    """Returns the agents of the team by name, in the order of the team, with their tools and handoffs. Their context is the id
    of a run."""
    agents = {spec["name"]: agent_of(spec, store) for spec in world.team}
    for spec in world.team:
        agent = agents[spec["name"]]
        agent.tools = [tool_of(world, agents, spec, tool) for tool in spec["tools"]]
        agent.handoffs = [agents[to] for to in spec["handoffs"]]
    return agents


def agent_of(spec: dict[str, Any], store: bool) -> Agent[str]:
    # If the service stores nothing, the client must send reasoning back, which only works in encrypted form.
    include = None if store else ["reasoning.encrypted_content"]
    return Agent(
        name=spec["name"],
        instructions=spec["instructions"],
        model=MODEL,
        model_settings=ModelSettings(
            store=store, response_include=include, **settings_of(spec.get("settings") or {})
        ),
    )


def settings_of(settings: dict[str, Any]) -> dict[str, Any]:
    """Returns model parameters as fields of `ModelSettings`, and those without a field as `extra_args`. Up to 0.10.5 a parameter in
    `extra_args` that has a field fails the request."""
    fields = {FIELDS[name]: value for name, value in settings.items() if name in FIELDS}
    extra = {name: value for name, value in settings.items() if name not in FIELDS}
    return {**fields, "extra_args": extra or None}


def tool_of(world: World, agents: dict[str, Agent[str]], owner: dict[str, Any], spec: dict[str, Any]) -> Any:
    act = spec["does"][0] if spec["does"] else {}
    if act.get("kind") == "agent":
        # The default parameters of an agent as a tool are `input`. A model sends what the plan says, so they are replaced.
        fields = {name: (str, ...) for name in spec["parameters"].get("properties", {})}
        return agents[act["agent"]].as_tool(
            spec["name"],
            spec.get("description", ""),
            parameters=create_model("Input", **fields),
            input_builder=lambda given: json.dumps(given["params"], ensure_ascii=False),
        )

    async def invoke(context: ToolContext[str], args: str) -> str:
        value = await world.tool(
            context.context, spec["name"], json.loads(args or "{}"), id=context.tool_call_id, agent=owner["name"]
        )
        return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    return FunctionTool(
        name=spec["name"],
        description=spec.get("description", ""),
        params_json_schema=spec["parameters"],
        on_invoke_tool=invoke,
        strict_json_schema=False,
    )

"""The team of a plan as the framework's agents."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from agent_framework import Agent, FunctionInvocationContext, FunctionTool
from conformance_driver import World

from hooks import AddingProvider, CallsOfAgents, Line, Provider
from versions import PART_OF_WORKFLOW, TELLS_TOOLS, call_id_of, run_in


def agents_of(world: World, client: Any, store: bool, line: Line | None = None) -> dict[str, Agent]:
    """Returns the agents of the team by name, in the order of the team. All agents share the client. Each has its tools, a
    context provider that reports its hooks, and one that adds instructions. With `line`, the agents belong to one conversation; without it, to all."""
    agents = {spec["name"]: agent_of(world, client, spec, store, line) for spec in world.team}
    for spec in world.team:
        # An agent may be its own tool, so all agents exist before their tools are created.
        tools = [tool_of(world, agents, spec, tool, line) for tool in spec["tools"]]
        if tools:
            agents[spec["name"]].default_options["tools"] = tools
    return agents


def agent_of(world: World, client: Any, spec: dict[str, Any], store: bool, line: Line | None) -> Agent:
    nested = {tool["name"] for tool in spec["tools"] if agent_behind(tool) is not None}
    # If the service stores nothing, the client must send reasoning back, which only works in encrypted form.
    include = {} if store else {"include": ["reasoning.encrypted_content"]}
    return Agent(
        client=client,
        id=spec["name"],
        name=spec["name"],
        instructions=spec["instructions"],
        default_options={"store": store, **include, **(spec.get("settings") or {})},
        context_providers=[Provider(world, spec["name"], line), AddingProvider(line)],
        middleware=[CallsOfAgents(nested)] if nested and line is None else None,
        **(PART_OF_WORKFLOW if line else {}),
    )


def agent_behind(tool: dict[str, Any]) -> str | None:
    """Returns the name of the agent that the tool calls, or None if the tool is a function."""
    act = tool["does"][0] if tool["does"] else {}
    return act.get("agent") if act.get("kind") == "agent" else None


def tool_of(
    world: World, agents: dict[str, Agent], owner: dict[str, Any], spec: dict[str, Any], line: Line | None
) -> FunctionTool:
    parameters = spec["parameters"]
    nested = agent_behind(spec)
    if nested is not None:
        argument = next(iter(parameters.get("properties", {})), "task")
        return agents[nested].as_tool(
            name=spec["name"], description=spec.get("description", ""), arg_name=argument
        )

    async def call(run: str | None, args: dict[str, Any], id: str | None) -> Any:
        return await world.tool(line.run if line else run, spec["name"], args, id=id, agent=owner["name"])

    return FunctionTool(
        name=spec["name"],
        description=spec.get("description", ""),
        func=told_by_context(call) if TELLS_TOOLS else told_by_keywords(call, parameters),
        input_model=parameters,
        # The result of a tool must be a text, so any other value is sent as JSON.
        result_parser=lambda value: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
    )


def told_by_context(call: Callable[..., Any]) -> Callable[..., Any]:
    async def invoke(ctx: FunctionInvocationContext, **args: Any) -> Any:
        return await call(run_in(ctx.kwargs), args, call_id_of(ctx))

    return invoke


def told_by_keywords(call: Callable[..., Any], parameters: dict[str, Any]) -> Callable[..., Any]:
    """Returns a tool function for releases before 1.0, which pass the arguments and the run's data as keywords together."""

    async def invoke(**given: Any) -> Any:
        args = {name: value for name, value in given.items() if name in parameters.get("properties", {})}
        return await call(run_in(given), args, None)

    return invoke

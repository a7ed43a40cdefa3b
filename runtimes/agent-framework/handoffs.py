"""Agents that hand off to one another, with one workflow of `HandoffBuilder` for each conversation."""

from __future__ import annotations

from typing import Any

from agent_framework import AgentResponse, AgentResponseUpdate, Message
from agent_framework.orchestrations import HandoffBuilder
from conformance_driver import RunRequest, World

from hooks import hook_stream
from outcomes import failed, told, update_of
from runs import Stream
from team import agent_behind, agents_of
from versions import untold


class WorkflowLine:
    """One conversation: its workflow, which has its own memory, and the data that a user of the workflow keeps."""

    def __init__(self, world: World, client: Any, store: bool) -> None:
        self.world = world
        self.run = ""
        self.adds: str | None = None
        self._shown: set[str] = set()
        self._before: set[str] = set()
        self._client = client
        self._store = store
        self._workflow: Any = None
        self._proved = False
        self._said: list[Message] = []
        self._waiting: list[str] = []

    def start(self, request: RunRequest) -> WorkflowRun:
        self.run = request.run
        self.adds = request.adds
        self._before = self._shown.copy()
        user = Message(role="user", contents=[request.input])
        given: dict[str, Any] = {"message": [user]}
        if not self._proved or request.target == "fresh-workflow":
            self._workflow = self._build()
            self._proved = False
            # A rebuilt workflow has no memory, so it gets the whole conversation. A workflow is also rebuilt if its first run
            # did not complete, because its memory is then unknown.
            given = {"message": [*self._said, user]}
        elif self._waiting:
            given = {"responses": {waiting: [user] for waiting in self._waiting}}
        self._waiting = []
        return WorkflowRun(self, self._workflow, given, user, request)

    def _build(self) -> Any:
        """Builds a workflow with its own agents, because the builder copies agents anyway. All workflows share the client."""
        team, flow = self.world.team, self.world.flow
        agents = agents_of(self.world, self._client, self._store, self)
        tools = {agent_behind(tool) for spec in team for tool in spec["tools"]}
        # An agent that is a tool of another agent is not a participant.
        parts = [spec for spec in team if spec["name"] not in tools]
        builder = HandoffBuilder(
            name="handoff",
            participants=[agents[spec["name"]] for spec in parts],
            termination_condition=self._ended if (flow or {}).get("endAfter") else None,
        ).with_start_agent(agents[parts[0]["name"]])
        for spec in parts:
            if spec["handoffs"]:
                builder.add_handoff(agents[spec["name"]], [agents[to] for to in spec["handoffs"]])
        # The framework does not count an agent's first answer, so its limit is one lower than the plan's. An agent with limit
        # 1, or without a limit in the plan, does not continue. It is left out, because some releases treat 0 as 50.
        going_on = {name: limit - 1 for name, limit in (flow or {}).get("turnLimits", {}).items() if limit > 1}
        if going_on:
            builder.with_autonomous_mode(agents=[agents[name] for name in going_on], turn_limits=going_on)
        # Building a workflow creates a span that belongs to no run, so instrumentation is off here.
        with untold():
            return builder.build()

    def answered(self, agent: str, messages: list[Message]) -> None:
        """Reports a handoff, which is always the last action of an agent. The event `handoff_sent` is no alternative: without
        streaming it comes only at the end. Neither is function middleware: in some releases the builder's copies lose it."""
        targets = {f"handoff_to_{spec['name']}": spec["name"] for spec in self.world.team}
        contents = [content for message in messages for content in message.contents]
        names = {content.call_id: content.name for content in contents if content.type == "function_call"}
        for result in messages[-1].contents if messages else []:
            target = targets.get(names.get(result.call_id, "")) if result.type == "function_result" else None
            if target is not None:
                return self.world.handoff(self.run, agent, target)

    def _ended(self, conversation: list[Message]) -> bool:
        """Checks the plan's end condition. Counts only messages of this run, not those that an earlier run has passed here."""
        end = self.world.flow["endAfter"]
        mine = [m.text for m in conversation if m.role == "assistant" and m.author_name == end["agent"] and m.text]
        self._shown.update(mine)
        return sum(text not in self._before for text in mine) >= end["messages"]

    def keep(self, said: list[Message], waiting: list[str]) -> None:
        self._proved = True
        self._said = [*self._said, *said]
        self._waiting = waiting


class WorkflowRun:
    def __init__(
        self, line: WorkflowLine, workflow: Any, given: dict[str, Any], user: Message, request: RunRequest
    ) -> None:
        self._line = line
        self._workflow = workflow
        self._given = given
        self._user = user
        self._request = request
        self._kept = False
        self.updates = Stream(
            lambda: hook_stream(workflow.run(**given, stream=True), line.world, request.run), update_of_event
        )
        self._result: Any = None
        if request.stream:
            self.updates.begin()

    async def outcome(self) -> dict[str, Any]:
        try:
            if self._result is None:
                self._result = await (
                    self.updates.final()
                    if self._request.stream
                    else self.updates.work.of(self._workflow.run(**self._given))
                )
        except Exception as error:
            return failed(error)
        responses = responses_in(self._result)
        agent = responses[-1][0] if responses else None
        said = [self._user, *(message for _, one in responses for message in one.messages)]
        if not self._kept:
            self._kept = True
            self._line.keep(said, [event.request_id for event in self._result.get_request_info_events()])
        return told([response for _, response in responses], agent, said)

    async def close(self) -> None:
        await self.updates.work.end()
        await self.updates.aclose()


def update_of_event(event: Any) -> dict[str, Any]:
    if isinstance(event.data, AgentResponseUpdate):
        return update_of(event.data)
    return {"kind": "other", "type": event.type}


def responses_in(events: list[Any]) -> list[tuple[str, AgentResponse]]:
    """Returns the response of each agent run, in order, with the agent's name. Streamed updates are joined to responses."""
    answered: list[tuple[str, AgentResponse]] = []
    updates: list[AgentResponseUpdate] = []
    agent = ""

    def gathered() -> None:
        if updates:
            answered.append((agent, AgentResponse.from_updates(updates)))
            updates.clear()

    for event in events:
        if event.type != "output":
            continue
        if event.executor_id != agent or not goes_on(updates, event.data):
            gathered()
            agent = event.executor_id
        if isinstance(event.data, AgentResponse):
            answered.append((agent, event.data))
        elif isinstance(event.data, AgentResponseUpdate):
            updates.append(event.data)
    gathered()
    return answered


def goes_on(updates: list[AgentResponseUpdate], data: Any) -> bool:
    """Returns whether `data` belongs to the same agent run as `updates`. Inside a run, a new answer starts only after results
    of calls."""
    return not (updates and begins(data)) or any(content.type == "function_result" for content in updates[-1].contents)


def begins(data: Any) -> bool:
    """Returns whether `data` comes from the first event of an answer, `response.created`."""
    event = getattr(getattr(data, "raw_representation", None), "raw_representation", None)
    return getattr(event, "type", None) == "response.created"

import type { RunRequest, World } from '../../harness/contract/runtime.ts'
import { hasHandoffs } from '../../harness/plan/team.ts'
import type { Agent } from './agent.ts'
import type { AgentResponse, AgentResponseUpdate } from './agent-response.ts'
import { type Driven, driven, type Told, toldUpdate, toldUsage } from './driven.ts'
import { HandoffBuilder } from './handoff/handoff-builder.ts'
import type { HandoffWorkflow, WorkflowEvent, WorkflowResult } from './handoff/handoff-workflow.ts'
import { WorkflowSession } from './handoff/workflow-session.ts'
import type { ResponseStream } from './response-stream.ts'
import { AgentSession } from './session.ts'
import { memoryOf, type RunMark } from './team-agents.ts'

/** Starts a run in the conversation that the request names. */
export type Converse = (request: RunRequest) => Driven

/** The sessions of a plan's conversations. They outlive the agents, because a turn may rebuild the agents. */
export interface Sessions {
  agents: Map<number, AgentSession>
  workflows: Map<number, WorkflowSession>
}

/** Returns a function that runs the turns: by a workflow if the agents hand off to one another, else by the first agent. */
export function conversing(world: World, agents: ReadonlyMap<string, Agent>, sessions: Sessions): Converse {
  const [first] = agents.values()
  if (first === undefined) throw new Error('the team has no agents')
  return hasHandoffs(world.team)
    ? byWorkflow(world, agents, first, sessions)
    : byAgent(world, first, sessions)
}

function byAgent({ probe }: World, agent: Agent, { agents: sessions }: Sessions): Converse {
  return (request) => {
    const session = kept(sessions, request, () => new AgentSession(memoryOf(request)))
    const { name } = agent
    const told: Told<AgentResponseUpdate, AgentResponse> = {
      stream: hooked(agent.run(request.input, { ...optionsOf(request), session }), probe, name, request),
      update: toldUpdate,
      outcome: ({ status, text, usage }) => ({ status, text, agent: name, usage: toldUsage(usage) }),
    }
    return driven(told, request)
  }
}

function byWorkflow(
  world: World,
  agents: ReadonlyMap<string, Agent>,
  start: Agent,
  { workflows }: Sessions,
): Converse {
  const { probe } = world
  const workflow = workflowOf(world, agents, start)
  return (request) => {
    const session = kept(workflows, request, () => new WorkflowSession(memoryOf(request)))
    const run = workflow.run(request.input, { ...optionsOf(request), session }).withTransformHook((event) => {
      if (event.type === 'handoff_sent')
        probe.handoff({ run: request.run, from: event.source, to: event.target })
      return event
    })
    const told: Told<WorkflowEvent, WorkflowResult> = {
      stream: hooked(run, probe, start.name, request),
      update: (event) => (event.type === 'output' ? toldUpdate(event.update) : undefined),
      outcome: ({ usage, ...result }) => ({ ...result, usage: toldUsage(usage) }),
    }
    return driven(told, request)
  }
}

function workflowOf(
  { team, flow }: World,
  agents: ReadonlyMap<string, Agent>,
  start: Agent,
): HandoffWorkflow {
  const end = flow?.endAfter
  const builder = new HandoffBuilder({
    participants: [...agents.values()],
    terminationCondition: (conversation) =>
      end !== undefined && conversation.filter(({ author }) => author === end.agent).length >= end.messages,
  }).withStartAgent(start)
  for (const { name, handoffs } of team)
    builder.addHandoff(
      agents.get(name) as Agent,
      handoffs.map((to) => agents.get(to) as Agent),
    )
  if (flow) builder.withAutonomousMode({ turnLimits: flow.turnLimits })
  return builder.build()
}

function optionsOf({ run, stream, store, signal }: RunRequest) {
  return { stream, store, signal, context: { run } satisfies RunMark }
}

function kept<S>(sessions: Map<number, S>, { conversation }: RunRequest, open: () => S): S {
  const session = sessions.get(conversation) ?? open()
  sessions.set(conversation, session)
  return session
}

/** Registers the three hooks of a stream, which report to the harness. `probe.hook` throws if the plan lets the hook throw. */
function hooked<U, R>(
  stream: ResponseStream<U, R>,
  probe: World['probe'],
  agent: string,
  { run }: RunRequest,
): ResponseStream<U, R> {
  const report = (name: 'transform' | 'result' | 'cleanup') => probe.hook({ run, agent, name })
  return stream
    .withTransformHook((update) => {
      report('transform')
      return update
    })
    .withResultHook((result) => {
      report('result')
      return result
    })
    .withCleanupHook(() => report('cleanup'))
}
